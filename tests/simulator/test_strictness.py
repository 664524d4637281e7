"""What Telegram refuses, and in which words."""

from typing import Any

import pytest

from simulator.clock import MovedClock
from simulator.files import Upload
from simulator.person import Person
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking
from tests.simulator.refusals import REFUSALS, TOO_OLD, inline


@pytest.mark.parametrize(("method", "params", "answer"), REFUSALS)
async def test_telegram_refuses(
    ask: Asking, sari: Person, method: str, params: dict[str, Any], answer: str
) -> None:
    sari.starts()
    chat: dict[str, Any] = {"chat_id": sari.id, "from_chat_id": sari.id}
    await ask("sendMessage", **chat, text="Halo")
    await ask("sendPhoto", **chat, photo="https://contoh.id/a.jpg")
    await ask("sendMessage", **chat, text="rahasia", protect_content=True)
    seen = len(sari.sees)

    assert await ask(method, **(chat | params)) == answer

    assert len(sari.sees) == seen


@pytest.mark.parametrize(
    "params",
    [
        {"text": "x" * 4096},
        {"text": "😀" * 4096},
        {"text": "a", "reply_markup": inline(callback_data="x" * 64)},
        {"text": "a", "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
        {"text": "a", "reply_to_message_id": 99, "allow_sending_without_reply": "true"},
        {"text": "a", "parse_mode": "", "reply_markup": ""},
        {"text": "a", "link_preview_options": {"is_disabled": True, "url": 7}},
        {"text": "a", "link_preview_options": '{"prefer_small_media": true}'},
        {"text": "a", "message_thread_id": 0},
    ],
)
async def test_telegram_takes_what_just_fits(
    ask: Asking, sari: Person, params: dict[str, Any]
) -> None:
    sari.starts()
    message = await ask("sendMessage", chat_id=str(sari.id), **params)
    assert message["text"] == sari.last.text == params["text"]


async def test_a_bot_writes_only_to_those_who_opened_it(
    telegram: Telegram, ask: Asking, sari: Person
) -> None:
    other = telegram.add_bot("lain_bot")
    sari.says("Halo", to=other)
    refused = await ask("sendMessage", chat_id=sari.id, text="Halo")
    assert refused == "Bad Request: chat not found"


async def test_gone_people_are_told_apart(ask: Asking, sari: Person) -> None:
    sari.starts()
    sari.blocks()
    blocked = "Forbidden: bot was blocked by the user"
    assert await ask("sendMessage", chat_id=sari.id, text="a") == blocked
    assert await ask("sendChatAction", chat_id=sari.id, action="typing") == blocked
    sari.starts()
    assert (await ask("sendMessage", chat_id=sari.id, text="a"))["text"] == "a"
    sari.deactivates()
    answer = await ask("sendMessage", chat_id=sari.id, text="a")
    assert answer == "Forbidden: user is deactivated"


async def test_a_press_is_answered_once_and_soon(
    ask: Asking, clock: MovedClock, sari: Person
) -> None:
    sari.starts()
    await ask("sendMessage", chat_id=sari.id, text="a", reply_markup=inline(callback_data="y"))
    sari.taps("Ya")
    sari.taps("Ya")
    first, second = (update["callback_query"]["id"] for update in (await ask.updates())[1:])
    assert await ask("answerCallbackQuery", callback_query_id=first, text="baik") is True
    assert await ask("answerCallbackQuery", callback_query_id=first) == TOO_OLD
    clock.move(60)
    assert await ask("answerCallbackQuery", callback_query_id=second) == TOO_OLD
    assert sari.toasts == ["baik"]


async def test_only_young_messages_can_be_deleted(
    ask: Asking, clock: MovedClock, sari: Person
) -> None:
    old = sari.starts()
    clock.move(48 * 3600 + 1)
    young = sari.says("Halo")
    answer = await ask("deleteMessage", chat_id=sari.id, message_id=old.id)
    assert answer == "Bad Request: message can't be deleted for everyone"
    assert await ask("deleteMessages", chat_id=sari.id, message_ids=[young.id, 99]) is True
    assert sari.sees == [old]
    answer = await ask("deleteMessage", chat_id=sari.id, message_id=young.id)
    assert answer == "Bad Request: message to delete not found"


async def test_a_file_id_belongs_to_one_bot_and_one_kind(
    telegram: Telegram, ask: Asking, sari: Person
) -> None:
    photo = sari.sends_photo()
    other = Asking(telegram, telegram.add_bot("lain_bot"))
    sari.starts(to=other.bot)
    unknown = "Bad Request: wrong file identifier/HTTP URL specified"
    assert await other("sendPhoto", chat_id=sari.id, photo=photo.file_id) == unknown
    gone = "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await other("getFile", file_id=photo.file_id) == gone
    answer = await ask("sendDocument", chat_id=sari.id, document=photo.file_id)
    assert answer == "Bad Request: can't use file of type Photo as Document"
    assert (await ask("sendPhoto", chat_id=sari.id, photo=photo.file_id))["photo"]


async def test_files_have_a_size(ask: Asking, sari: Person) -> None:
    sari.starts()
    empty = {"photo": Upload(b"", "a.jpg")}
    answer = await ask("sendPhoto", empty, chat_id=sari.id)
    assert answer == "Bad Request: file must be non-empty"
    large = {"document": Upload(bytes(21 << 20), "a.pdf")}
    message = await ask("sendDocument", large, chat_id=sari.id)
    answer = await ask("getFile", file_id=message["document"]["file_id"])
    assert answer == "Bad Request: file is too big"


async def test_a_wrong_token_is_nobody(telegram: Telegram) -> None:
    nobody = BotAccount(1, "a", "1:a", "a", None, None)  # type: ignore[arg-type]
    assert await Asking(telegram, nobody)("getMe") == "Unauthorized"
