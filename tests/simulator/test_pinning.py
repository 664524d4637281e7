"""What a bot pins stands at the head of the chat until it is taken down."""

import pytest

from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking
from tests.simulator.test_page import Browser, browser, page

__all__ = ["browser", "page"]  # fixtures

UNCHANGED = "Bad Request: CHAT_NOT_MODIFIED"


async def said(ask: Asking, sari: Person, text: str) -> int:
    return int((await ask("sendMessage", chat_id=sari.id, text=text))["message_id"])


async def test_a_pin_is_told_once_and_heard_by_the_bot_itself(ask: Asking, sari: Person) -> None:
    sari.starts()
    number = await said(ask, sari, "Kartu antrean")
    assert await ask("pinChatMessage", chat_id=sari.id, message_id=number) is True
    assert await ask("pinChatMessage", chat_id=sari.id, message_id=number) == UNCHANGED
    told = (await ask.updates())[-1]["message"]
    assert told["pinned_message"]["text"] == "Kartu antrean"
    assert told["from"]["is_bot"]
    assert sari.last.text == "Kartu antrean", "the line about it is nothing the bot said"
    line = await ask("pinChatMessage", chat_id=sari.id, message_id=told["message_id"])
    assert line == "Bad Request: a service message can't be pinned"
    refused = await ask("pinChatMessage", chat_id=sari.id, message_id=99)
    assert refused == "Bad Request: message to pin not found"


async def test_the_newest_message_is_taken_down_first(
    browser: Browser, ask: Asking, sari: Person
) -> None:
    sari.starts()
    first, second = await said(ask, sari, "satu"), await said(ask, sari, "dua")
    for number in (second, first):
        await ask("pinChatMessage", chat_id=sari.id, message_id=number)
    await browser.look_anew()
    pinned = browser.phones[str(sari.id)]["pinned"]
    assert [one["text"] for one in pinned] == ["satu", "dua"], "by date"
    assert browser.sees(sari)[-1]["service"] == "pinned_message"
    assert await ask("unpinChatMessage", chat_id=sari.id) is True
    assert (await ask("getChat", chat_id=sari.id))["pinned_message"]["message_id"] == first
    await ask("deleteMessage", chat_id=sari.id, message_id=first)
    assert "pinned_message" not in await ask("getChat", chat_id=sari.id)
    assert await ask("unpinAllChatMessages", chat_id=sari.id) is True


@pytest.mark.parametrize("name", ["contact", "location"])
async def test_groups_are_not_asked_for_what_is_private_nor_pinned_in(
    telegram: Telegram, ask: Asking, bot: BotAccount, sari: Person, name: str
) -> None:
    group = telegram.add_group("Warga", sari, bot=bot)
    sari.adds_bot(group)
    keys = {"keyboard": [[{"text": "Di sini", f"request_{name}": True}]]}
    what = {"contact": "phone number", "location": "location"}[name]
    refused = await ask("sendMessage", chat_id=group.id, text="?", reply_markup=keys)
    assert refused == f"Bad Request: {what} can be requested in private chats only"
    refused = await ask("pinChatMessage", chat_id=group.id, message_id=1)
    assert refused == "Bad Request: not enough rights to manage pinned messages in the chat"
