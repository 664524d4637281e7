"""On the page: links into our own bot, places to choose, questions asked inline."""

import pytest

from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking
from tests.simulator.test_inline import article
from tests.simulator.test_page import Browser, browser, page

__all__ = ["browser", "page"]  # fixtures


@pytest.mark.parametrize(
    "address",
    [
        "https://t.me/contoh_bot?start=abc-1",
        " t.me/Contoh_Bot?start=abc-1 ",
        "https://telegram.me/contoh_bot/?start=abc-1",
        "tg://resolve?domain=contoh_bot&start=abc-1",
    ],
)
async def test_a_link_to_the_bot_is_started_with_its_payload(
    browser: Browser, telegram: Telegram, bot: BotAccount, sari: Person, address: str
) -> None:
    sari.opens(telegram.add_group("Warga", sari, bot=bot))
    assert await browser.act(sari, act="link", url=address) == ""
    assert browser.sees(sari)[-1]["text"] == "/start abc-1"


async def test_a_link_without_a_payload_only_opens_the_bot(
    browser: Browser, telegram: Telegram, bot: BotAccount, sari: Person
) -> None:
    sari.opens(telegram.add_group("Warga", sari, bot=bot))
    assert await browser.act(sari, act="link", url="https://t.me/contoh_bot") == ""
    assert browser.phones[str(sari.id)]["chat"] == bot.id
    assert browser.sees(sari) == []


@pytest.mark.parametrize(
    "address",
    ["https://t.me/bot_lain?start=a", "https://contoh.id/contoh_bot?start=a", "", "a b", "http://[",
     "https://t.me/contoh_bot?start=a%20b"],
)  # fmt: skip
async def test_another_link_is_refused_kindly(browser: Browser, sari: Person, address: str) -> None:
    refused = await browser.act(sari, act="link", url=address)
    assert refused
    assert "Traceback" not in refused
    assert sari.sees == []


async def test_a_button_that_asks_for_a_place_sends_the_chosen_one(
    browser: Browser, ask: Asking, sari: Person
) -> None:
    sari.starts()
    keys = {"keyboard": [[{"text": "Kirim lokasi", "request_location": True}]]}
    await ask("sendMessage", chat_id=sari.id, text="Di mana?", reply_markup=keys)
    await browser.look_anew()
    (row,) = browser.phones[str(sari.id)]["keyboard"]["rows"]
    assert row == [{"text": "Kirim lokasi", "wants": "location"}]
    brebes = {"latitude": -6.8726, "longitude": 109.0426}
    assert await browser.act(sari, act="key", number=0, label="Kirim lokasi", **brebes) == ""
    assert (await ask.updates())[-1]["message"]["location"] == brebes
    assert await browser.act(sari, act="location") == ""
    assert browser.sees(sari)[-1]["location"] == brebes, "they are still there"
    assert "Lintang" in await browser.act(sari, act="location", latitude=91, longitude=0)
    assert await browser.act(sari, act="location", latitude="x", longitude=0) != ""


async def test_a_question_is_asked_inline_and_its_result_sent(
    browser: Browser, ask: Asking, bot: BotAccount, sari: Person
) -> None:
    sari.starts()
    assert "tidak melayani" in await browser.act(sari, act="ask", bot="contoh_bot", text="puskes")
    bot.inline = True
    assert await browser.act(sari, act="ask", bot="contoh_bot", text="puskes") == ""
    asked = browser.phones[str(sari.id)]["inline"]
    assert asked == {"bot": "contoh_bot", "text": "puskes"}
    query = (await ask.updates())[-1]["inline_query"]
    button = {"text": "Tanya petugas", "start_parameter": "tanya"}
    buttons = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    found = [article("7", title="Puskesmas", description="Jalan Raya", reply_markup=buttons)]
    await ask("answerInlineQuery", inline_query_id=query["id"], results=found, button=button)
    await browser.look_anew()
    asked = browser.phones[str(sari.id)]["inline"]
    assert asked["results"] == [{"id": "7", "title": "Puskesmas", "about": "Jalan Raya"}]
    assert asked["button"]["url"] == "https://t.me/contoh_bot?start=tanya"
    assert await browser.act(sari, act="choose", result="8") != ""
    assert await browser.act(sari, act="choose", result="7") == ""
    sent = browser.sees(sari)[-1]
    assert (sent["text"], sent["via"]) == ("Minum oralit", "contoh_bot")
    assert browser.phones[str(sari.id)]["inline"] is None
    assert await browser.act(sari, act="tap", message=sent["key"], data="y") == ""
    assert browser.sees(sari)[-1]["rows"][0][0]["turns"]


async def test_without_signal_nothing_is_found(
    browser: Browser, bot: BotAccount, sari: Person
) -> None:
    bot.inline = True
    sari.starts()
    await browser.act(sari, act="signal", on=False)
    assert "sinyal" in await browser.act(sari, act="ask", bot="contoh_bot", text="a")


async def test_buttons_say_what_they_do(browser: Browser, ask: Asking, sari: Person) -> None:
    sari.starts()
    row = [
        {"text": "Situs", "url": "https://t.me/contoh_bot?start=a"},
        {"text": "Salin", "copy_text": {"text": "119"}},
        {"text": "Cari", "switch_inline_query_current_chat": "puskes"},
        {"text": "Bagi", "switch_inline_query": ""},
        {"text": "Aplikasi", "web_app": {"url": "https://contoh.id"}},
    ]
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup={"inline_keyboard": [row]})
    await browser.look_anew()
    assert browser.sees(sari)[-1]["rows"][0] == [
        {"text": "Situs", "url": "https://t.me/contoh_bot?start=a"},
        {"text": "Salin", "copy": "119"},
        {"text": "Cari", "asks": "@contoh_bot puskes", "here": True},
        {"text": "Bagi", "asks": "@contoh_bot ", "here": False},
        {"text": "Aplikasi", "foreign": True},
    ]
