"""The page's side of the small Telegram: what it reads, does, and refuses. No browser here."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from simulator.clock import MovedClock, ShiftedClock
from simulator.page import Page
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking


class Browser:
    """A page without a screen: what it knows, and what it may do."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url = http, url
        self.mark, self.phones, self.page = "", {}, {}  # type: ignore[var-annotated]  # JSON
        self.fresh: set[str] = set()

    async def look(self) -> None:
        """Take in the next change."""
        async with self.http.get(f"{self.url}/page/state", params={"since": self.mark}) as answer:
            state = await answer.json()
        self.mark, self.fresh = state["mark"], set(state["phones"])
        self.done = state["done"]
        self.phones |= state["phones"]
        self.page = state.get("page", self.page)

    async def act(self, person: Person | None = None, **about: Any) -> str:
        """Do it; the reason when it was refused."""
        about |= {"person": person.id} if person else {}
        async with self.http.post(f"{self.url}/page/act", json=about) as answer:
            refused = str((await answer.json()).get("error", ""))
        await self.look_anew()
        return refused

    async def look_anew(self) -> None:
        """Read everything, without waiting."""
        self.mark = ""
        await self.look()

    def sees(self, person: Person) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.phones[str(person.id)]["messages"]
        return messages


@pytest.fixture
async def page(
    telegram: Telegram, clock: MovedClock, sari: Person
) -> AsyncIterator[tuple[Server, Page]]:
    page = Page({sari.id: "Ibu di desa"}, moved=clock.move)
    server = Server(telegram, page=page)
    await server.start()
    yield server, page
    await server.stop()


@pytest.fixture
async def browser(page: tuple[Server, Page]) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as http:
        browser = Browser(http, page[0].url)
        await browser.look()
        yield browser


async def test_the_page_shows_people_and_who_they_are(browser: Browser, sari: Person) -> None:
    phone = browser.phones[str(sari.id)]
    assert (phone["name"], phone["note"], phone["started"]) == ("Sari", "Ibu di desa", False)
    assert browser.page["people"] == [sari.id]
    assert browser.page["movable"]
    assert not browser.page["restartable"]
    async with browser.http.get(browser.url) as answer:
        assert "LATIHAN" in await answer.text()
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_without_a_page_there_is_none(server: Server) -> None:
    async with aiohttp.ClientSession() as http, http.get(server.url) as answer:
        assert answer.status == 404


async def test_words_stay_words(browser: Browser, ask: Asking, sari: Person) -> None:
    await browser.act(sari, act="start")
    await browser.act(sari, act="say", text="<img src=x onerror=alert(1)>")
    await ask("sendMessage", chat_id=sari.id, text="<b>Halo</b> &lt;i&gt;", parse_mode="HTML")
    await browser.look_anew()
    said, heard = browser.sees(sari)[-2:]
    assert (said["text"], said["mine"]) == ("<img src=x onerror=alert(1)>", True)
    assert heard["text"] == "Halo <i>"
    assert heard["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    async with browser.http.get(f"{browser.url}/page/state") as answer:
        assert answer.content_type == "application/json"


async def test_a_tap_turns_until_the_bot_answers(
    browser: Browser, ask: Asking, sari: Person
) -> None:
    sari.starts()
    rows = [[{"text": "Ya", "callback_data": "a"}, {"text": "Ya", "callback_data": "b"}]]
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup={"inline_keyboard": rows})
    await browser.act(sari, act="tap", message="2", data="b")
    buttons = browser.sees(sari)[-1]["rows"][0]
    assert [button.get("turns", False) for button in buttons] == [False, True]
    query = (await ask.updates())[-1]["callback_query"]
    assert query["data"] == "b"
    await ask("answerCallbackQuery", callback_query_id=query["id"], text="Siap", show_alert=True)
    await browser.look_anew()
    assert "turns" not in browser.sees(sari)[-1]["rows"][0][1]
    assert browser.phones[str(sari.id)]["toast"] == [{"text": "Siap", "alert": True}]
    await browser.act(sari, act="tap", message="2", data="a")
    query = (await ask.updates())[-1]["callback_query"]
    await ask("answerCallbackQuery", callback_query_id=query["id"], text="Siap")
    await browser.look_anew()
    assert browser.phones[str(sari.id)]["toast"][-1] == {"text": "Siap", "alert": False}
    assert await browser.act(sari, act="tap", message="2", data="c") != ""


async def test_a_button_nobody_answers_stops_by_itself(
    browser: Browser, ask: Asking, clock: MovedClock, sari: Person
) -> None:
    sari.starts()
    rows = [[{"text": "Ya", "callback_data": "a"}]]
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup={"inline_keyboard": rows})
    await browser.act(sari, act="tap", message="2", data="a")
    await browser.act(act="clock", seconds=60)
    assert "turns" not in browser.sees(sari)[-1]["rows"][0][0]


async def test_without_signal_everything_waits(browser: Browser, ask: Asking, sari: Person) -> None:
    await browser.act(sari, act="start")
    await browser.act(sari, act="signal", on=False)
    await browser.act(sari, act="say", text="masih demam")
    await ask("sendMessage", chat_id=sari.id, text="halo?")
    await browser.look_anew()
    assert browser.phones[str(sari.id)]["offline"]
    assert [(one["text"], one["way"]) for one in browser.sees(sari)] == [
        ("/start", "sent"), ("masih demam", "waiting"),
    ]  # fmt: skip
    await browser.act(sari, act="signal", on=True)
    assert [one["text"] for one in browser.sees(sari)] == ["/start", "halo?", "masih demam"]
    updates = await ask.updates()
    await ask.updates(offset=updates[-1]["update_id"] + 1)
    await browser.look_anew()
    assert browser.sees(sari)[-1]["way"] == "fetched"


async def test_every_kind_can_be_sent_and_its_picture_seen(
    browser: Browser, bot: BotAccount, sari: Person
) -> None:
    await browser.act(sari, act="start")
    for act in ("album", "voice", "document", "location", "contact", "sticker"):
        assert await browser.act(sari, act=act) == ""
    assert await browser.act(sari, act="photo", sample="termometer", text="38,4") == ""
    kinds = [one["kind"] for one in browser.sees(sari)]
    assert kinds == ["text", "photo", "photo", "photo", "voice", "document", "location",
                     "contact", "sticker", "photo"]  # fmt: skip
    photo = browser.sees(sari)[-1]
    async with browser.http.get(browser.url + photo["file"]["src"]) as answer:
        assert "38.4°" in await answer.text()
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    data = bot.files.find(str(sari.sees[-1].file_id)).data
    assert data.startswith(b"\xff\xd8\xff\xfe")
    assert await browser.act(sari, act="photo", sample="../page") != ""


async def test_a_file_that_is_no_picture_is_only_downloaded(
    browser: Browser, ask: Asking, sari: Person
) -> None:
    sari.starts()
    sari.sends_document("a.html", data=b"<script>alert(1)</script>", mime="text/html")
    await browser.look_anew()
    async with browser.http.get(browser.url + browser.sees(sari)[-1]["file"]["src"]) as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_people_answer_edit_delete_and_react(
    browser: Browser, ask: Asking, sari: Person
) -> None:
    await browser.act(sari, act="start")
    await ask("sendMessage", chat_id=sari.id, text="Sudah minum obat?", protect_content=True)
    await browser.act(sari, act="say", text="Sudh", message="2")
    await browser.act(sari, act="edit", message="3", text="Sudah")
    await browser.act(sari, act="react", message="2", emoji="👍")
    await browser.act(sari, act="delete", message="1")
    gone, heard, said = browser.sees(sari)
    assert (gone["deleted"], gone["text"]) == (True, "")
    assert heard["protected"]
    assert heard["reactions"] == [{"emoji": "👍", "mine": True}]
    assert (said["text"], said["edited"], said["reply"]["text"]) == (
        "Sudah", True, "Sudah minum obat?",
    )  # fmt: skip
    assert "pesan sendiri" in await browser.act(sari, act="edit", message="2", text="x")
    assert "tidak ada di layar" in await browser.act(sari, act="react", message="1", emoji="👍")


async def test_the_reply_keyboard_and_commands_are_offered(
    browser: Browser, ask: Asking, sari: Person
) -> None:
    await browser.act(sari, act="start")
    commands = [{"command": "mulai", "description": "Mulai"}]
    await ask("setMyCommands", commands=commands, scope={"type": "all_private_chats"})
    rows = [["Keluhan"], [{"text": "Nomor", "request_contact": True}]]
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup={"keyboard": rows})
    await browser.act(sari, act="key", number=1, label="Nomor")
    phone = browser.phones[str(sari.id)]
    keys = [[{"text": "Keluhan"}], [{"text": "Nomor", "wants": "contact"}]]
    assert phone["keyboard"] == {"rows": keys, "hint": ""}
    assert phone["commands"] == commands
    assert browser.sees(sari)[-1]["contact"]["user_id"] == sari.id
    assert await browser.act(sari, act="key", number=0, label="Nomor") != ""


async def test_a_blocked_bot_gets_nothing_until_it_is_unblocked(
    browser: Browser, sari: Person
) -> None:
    await browser.act(sari, act="start")
    await browser.act(sari, act="block")
    assert "diblokir" in await browser.act(sari, act="say", text="a")
    await browser.act(sari, act="unblock")
    assert await browser.act(sari, act="say", text="a") == ""


async def test_nonsense_is_refused_in_plain_words(browser: Browser, sari: Person) -> None:
    for about in ({"act": "fly"}, {"act": "say", "text": "   "}, {"act": "say", "text": "a" * 5000},
                  {"act": "say", "text": "\ud800"}, {}):  # fmt: skip
        assert await browser.act(sari, **about) != ""
    assert await browser.act(act="say", text="a") != ""
    assert await browser.act(act="restart") != ""
    assert await browser.act(act="clock", seconds=-5) != ""
    assert sari.sees == []


async def test_an_act_whose_answer_was_lost_is_done_once(browser: Browser, sari: Person) -> None:
    for _ in range(2):
        assert await browser.act(sari, act="say", text="satu", once="a-1") == ""
        assert await browser.act(sari, act="say", text="", once="a-2") != ""
    assert [one.text for one in sari.sees] == ["satu"]
    assert browser.done == ["a-1"]


async def test_a_person_can_be_added(browser: Browser, telegram: Telegram) -> None:
    assert await browser.act(act="add", name=" Ketut ", note="kader") == ""
    ketut = list(telegram.people.values())[-1]
    assert browser.phones[str(ketut.id)]["note"] == "kader"
    assert await browser.act(ketut, act="start") == ""
    assert await browser.act(act="add", name=" ") != ""


async def test_trouble_comes_and_goes(browser: Browser, ask: Asking, sari: Person) -> None:
    sari.starts()
    await browser.act(act="trouble", trouble="flood")
    assert browser.page["trouble"] == "flood"
    assert await ask("sendMessage", chat_id=sari.id, text="a") == (
        "Too Many Requests: retry after 5"
    )
    assert (await ask("getMe"))["is_bot"]
    await browser.act(act="trouble", trouble="")
    assert (await ask("sendMessage", chat_id=sari.id, text="a"))["text"] == "a"
    assert await browser.act(act="trouble", trouble="meteor") != ""


async def test_a_watcher_hears_of_a_change_and_only_of_that(
    browser: Browser,
    page: tuple[Server, Page],
    telegram: Telegram,
    bot: BotAccount,
    sari: Person,
) -> None:
    wayan = telegram.add_person("Wayan", bot=bot)
    wayan.starts()
    sari.starts()
    await browser.look_anew()
    waiting = asyncio.create_task(browser.look())
    await asyncio.wait_for(page[1].watcher(), 5)
    assert not waiting.done()
    call = {"chat_id": sari.id, "action": "typing"}
    await browser.http.post(f"{browser.url}/bot{bot.token}/sendChatAction", json=call)
    await asyncio.wait_for(waiting, 5)
    assert browser.fresh == {str(sari.id)}
    assert browser.phones[str(sari.id)]["action"] == "typing"


async def test_starting_again_runs_beside_the_answer(telegram: Telegram, sari: Person) -> None:
    ended = asyncio.Event()

    async def restart() -> None:
        await server.stop()
        await server.start()
        ended.set()

    server = Server(telegram, page=Page(restart=restart))
    async with aiohttp.ClientSession() as http:
        browser = Browser(http, await server.start())
        assert await browser.act(act="restart") == ""
        await asyncio.wait_for(ended.wait(), 5)
        before, browser.url = browser.mark, server.url
        await browser.look()
        assert browser.mark.split(".")[0] != before.split(".")[0]
    await server.stop()


@pytest.mark.parametrize("headers", [
    {"Origin": "https://situs.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Content-Type": "text/plain"},
    {"Host": "situs.example"},
])  # fmt: skip
async def test_other_sites_cannot_act(
    browser: Browser, sari: Person, headers: dict[str, str]
) -> None:
    about = f'{{"act": "say", "text": "a", "person": {sari.id}}}'
    headers = {"Content-Type": "application/json"} | headers
    async with browser.http.post(f"{browser.url}/page/act", data=about, headers=headers) as answer:
        assert answer.status in (403, 415)
    assert sari.sees == []


@pytest.mark.parametrize("path", ["/", "/page/state", "/page/page.js", "/page/file/1/a"])
async def test_another_name_for_this_machine_reads_nothing(browser: Browser, path: str) -> None:
    async with browser.http.get(browser.url + path, headers={"Host": "situs.example"}) as answer:
        assert answer.status == 403


async def test_only_the_files_of_the_page_are_served(browser: Browser) -> None:
    for path in ("/page/..%2fserver.py", "/page/nothing.js", "/page/file/1/photo-1"):
        async with browser.http.get(browser.url + path) as answer:
            assert answer.status == 404, path


async def test_a_shifted_clock_runs_and_wakes_who_sleeps() -> None:
    clock = ShiftedClock()
    before = clock.now()
    sleepers = [asyncio.create_task(clock.sleep(seconds)) for seconds in (60, 3600)]
    await asyncio.sleep(0)
    clock.move(180)
    await asyncio.wait_for(sleepers[0], 5)
    assert (clock.now() - before).total_seconds() >= 180
    assert not sleepers[1].done()
    sleepers[1].cancel()
    with pytest.raises(ValueError, match="does not go back"):
        clock.move(-1)
