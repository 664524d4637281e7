from typing import Any

import pytest

from simulator.clock import MovedClock
from simulator.person import NoSuchButton, Person
from simulator.telegram import BotAccount, Delivery, Telegram
from tests.simulator.conftest import START, Asking


def buttons(*labels: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in labels]]}


async def test_every_kind_of_message_arrives(ask: Asking, sari: Person) -> None:
    sari.says("a")
    sari.sends_photo("b")
    sari.sends_voice(7)
    sari.sends_document("c.pdf")
    sari.sends_video()
    sari.sends_video_note()
    sari.sends_sticker()
    sari.sends_location(-8.3, 115.5)
    sari.sends_contact("+62811", "Wayan")
    sari.sends_dice(6)
    sari.forwards("kata orang", "Wayan")
    messages = [update["message"] for update in await ask.updates()]
    kinds = ["text", "photo", "voice", "document", "video", "video_note", "sticker"]
    kinds += ["location", "contact", "dice", "text"]
    assert all(kind in message for kind, message in zip(kinds, messages, strict=True))
    assert messages[1]["photo"][-1]["width"] > messages[1]["photo"][0]["width"]
    assert messages[2]["voice"]["duration"] == 7
    assert messages[3]["document"]["file_name"] == "c.pdf"
    assert messages[-1]["forward_origin"]["sender_user_name"] == "Wayan"
    assert "user_id" not in messages[8]["contact"]


async def test_a_message_reads_as_telegram_writes_it(ask: Asking, sari: Person) -> None:
    first = sari.starts("abc")
    sari.replies(first, "Halo")
    start, reply = (update["message"] for update in await ask.updates())
    who = {"id": sari.id, "first_name": "Sari"}
    assert start == {
        "message_id": 1,
        "from": who | {"is_bot": False, "language_code": "id"},
        "chat": who | {"type": "private"},
        "date": int(START.timestamp()),
        "text": "/start abc",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }
    assert reply["reply_to_message"] == start


async def test_album_items_are_separate_updates(ask: Asking, sari: Person) -> None:
    sari.sends_album(3, "luka")
    messages = [update["message"] for update in await ask.updates()]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["luka", None, None]


async def test_an_edit_is_an_update_of_its_own(
    ask: Asking, clock: MovedClock, sari: Person
) -> None:
    message = sari.says("demam")
    clock.move(5)
    sari.edits(message, "demam tinggi")
    before, after = await ask.updates()
    assert before["message"]["text"] == "demam"
    assert after["edited_message"]["text"] == "demam tinggi"
    assert after["edited_message"]["edit_date"] == before["message"]["date"] + 5


async def test_a_tap_carries_the_whole_message(ask: Asking, sari: Person) -> None:
    question = sari.starts()
    reply = {"message_id": question.id}
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup=buttons("✅ Terima", "Tolak"),
              reply_parameters=reply)  # fmt: skip
    assert sari.buttons() == ["✅ Terima", "Tolak"]
    sari.taps("Terima")
    query = (await ask.updates())[-1]["callback_query"]
    assert query["data"] == "✅ Terima"
    assert query["from"]["id"] == sari.id
    assert query["message"]["reply_to_message"]["text"] == "/start"
    with pytest.raises(NoSuchButton, match=r"only \['✅ Terima', 'Tolak'\]"):
        sari.taps("Hapus")


async def test_a_tap_on_a_deleted_message_is_inaccessible(ask: Asking, sari: Person) -> None:
    sari.starts()
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup=buttons("Ya"))
    old = sari.last
    await ask("deleteMessage", chat_id=sari.id, message_id=old.id)
    with pytest.raises(NoSuchButton):
        sari.taps("Ya")
    sari.taps("Ya", old)
    query = (await ask.updates())[-1]["callback_query"]
    assert query["message"] == {"chat": old.chat.to_json(), "message_id": old.id, "date": 0}


async def test_a_reply_keyboard_is_said(ask: Asking, sari: Person) -> None:
    sari.starts()
    keys = [["Keluhan baru"], [{"text": "Kirim nomor", "request_contact": True}]]
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup={"keyboard": keys})
    assert sari.keyboard() == ["Keluhan baru", "Kirim nomor"]
    assert sari.taps("Keluhan").text == "Keluhan baru"
    assert sari.taps("nomor").content["contact"]["user_id"] == sari.id
    await ask("sendMessage", chat_id=sari.id, text="a", reply_markup={"remove_keyboard": True})
    assert sari.keyboard() == []


async def test_edits_and_deletions_change_what_is_seen(ask: Asking, sari: Person) -> None:
    sari.starts()
    for text in "abc":
        await ask("sendMessage", chat_id=sari.id, text=text, reply_markup=buttons(text))
    await ask("editMessageText", chat_id=sari.id, message_id=2, text="<b>A</b>", parse_mode="HTML")
    await ask("deleteMessage", chat_id=sari.id, message_id=3)
    assert sari.heard == ["A", "c"]
    assert sari.sees[1].html == "<b>A</b>"
    assert sari.sees[1].buttons == []
    assert sari.sees[1].edited


async def test_blocking_is_told(ask: Asking, sari: Person) -> None:
    sari.starts()
    sari.blocks()
    sari.unblocks()
    changes = [update["my_chat_member"] for update in (await ask.updates())[1:]]
    states = [
        (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
        for change in changes
    ]
    assert states == [("member", "kicked"), ("kicked", "member")]


async def test_without_signal_everything_stays_on_the_phone(
    telegram: Telegram, bot: BotAccount, ask: Asking, clock: MovedClock, sari: Person
) -> None:
    sari.starts()
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup=buttons("Ya"))
    sari.loses_signal()
    written = sari.says("masih demam")
    sari.taps("Ya")
    await ask("editMessageText", chat_id=sari.id, message_id=2, text="terlambat")
    await ask("sendMessage", chat_id=sari.id, text="halo?")
    clock.move(3600)
    assert telegram.updates_waiting(bot) == 1
    assert sari.heard == ["?"]
    assert sari.sees[-1] is written
    assert written.id == 0

    sari.finds_signal()

    assert sari.heard == ["terlambat", "halo?"]
    assert written.date == clock.now()
    kinds = [set(update) - {"update_id"} for update in await ask.updates()]
    assert kinds == [{"message"}, {"message"}, {"callback_query"}]


async def test_copies_forget_and_forwards_name_the_author(ask: Asking, sari: Person) -> None:
    wayan = ask.telegram.add_person("Wayan", bot=ask.bot)
    wayan.starts()
    photo = sari.sends_photo("luka")
    chats: dict[str, Any] = {"chat_id": wayan.id, "from_chat_id": sari.id, "message_id": photo.id}
    copied = await ask("copyMessage", **chats)
    assert copied == {"message_id": wayan.last.id}
    assert "forward_origin" not in wayan.last.to_json()
    assert wayan.last.caption == "luka"
    await ask("copyMessage", **chats, caption="<i>lihat</i>", parse_mode="HTML")
    assert wayan.last.html == "<i>lihat</i>"
    forwarded = await ask("forwardMessage", **chats)
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Sari"


async def test_copied_albums_stay_together(ask: Asking, sari: Person) -> None:
    wayan = ask.telegram.add_person("Wayan", bot=ask.bot)
    wayan.starts()
    album = sari.sends_album(2, "luka")
    ids = [message.id for message in album]
    copied = await ask(
        "copyMessages", chat_id=wayan.id, from_chat_id=sari.id, message_ids=[*ids, 99]
    )
    assert len(copied) == 2
    groups = {message.media_group_id for message in wayan.sees if message.from_bot}
    assert len(groups) == 1
    assert groups != {album[0].media_group_id}


async def test_a_bot_sends_an_album(ask: Asking, sari: Person) -> None:
    sari.starts()
    seen: list[Delivery] = []
    ask.telegram.watchers.append(seen.append)
    media = [{"type": "photo", "media": f"https://contoh.id/{name}.jpg"} for name in "ab"]
    messages = await ask("sendMediaGroup", chat_id=sari.id, media=media)
    assert [message["message_id"] for message in messages] == [2, 3]
    assert [len(delivery.messages) for delivery in seen] == [2]
    assert sari.last.media_group_id == messages[0]["media_group_id"]


async def test_people_talk_to_several_bots(telegram: Telegram, sari: Person) -> None:
    other = telegram.add_bot("lain_bot", token="42:kept")
    assert other.id == 42
    sari.says("a")
    sari.says("b", to=other)
    assert [message.text for message in sari.sees] == ["a"]
    assert [message.text for message in sari.opens(other).sees] == ["b"]


async def test_commands_belong_to_scopes(ask: Asking, sari: Person) -> None:
    sari.starts()
    commands = [{"command": "mulai", "description": "Mulai"}]
    scope = {"type": "chat", "chat_id": sari.id}
    await ask("setMyCommands", commands=commands, scope=scope, language_code="id")
    assert await ask("getMyCommands") == []
    assert await ask("getMyCommands", scope=scope, language_code="id") == commands
    await ask("deleteMyCommands", scope=scope, language_code="id")
    assert await ask("getMyCommands", scope=scope, language_code="id") == []


async def test_a_menu_button_belongs_to_a_chat_or_to_all(ask: Asking, sari: Person) -> None:
    sari.starts()
    button = {"type": "web_app", "text": "Buka", "web_app": {"url": "https://contoh.id/a"}}
    await ask("setChatMenuButton", menu_button=button, chat_id=sari.id)
    assert await ask("getChatMenuButton") == {"type": "commands"}
    assert await ask("getChatMenuButton", chat_id=sari.id) == button


async def test_no_update_holds_a_secret(ask: Asking, sari: Person) -> None:
    sari.starts()
    sari.sends_photo()
    await ask("sendMessage", chat_id=sari.id, text="?", reply_markup=buttons("Ya"))
    sari.taps("Ya")
    assert ask.bot.token not in str(await ask.updates())
    assert ask.bot.token not in repr(ask.bot)
    assert sari.phone not in str(await ask.updates())


async def test_protected_messages_can_be_copied_by_a_bot(ask: Asking, sari: Person) -> None:
    sari.starts()
    await ask("sendMessage", chat_id=sari.id, text="rahasia", protect_content=True)
    assert sari.last.protected
    assert await ask("copyMessage", chat_id=sari.id, from_chat_id=sari.id, message_id=2)
    assert sari.heard == ["rahasia", "rahasia"]


def test_a_deep_link_carries_64_safe_characters(sari: Person) -> None:
    assert sari.starts("a" * 64).text == "/start " + "a" * 64
    with pytest.raises(ValueError, match="no deep link"):
        sari.starts("a b")


async def test_even_a_block_waits_for_signal(ask: Asking, sari: Person) -> None:
    sari.starts()
    sari.loses_signal()
    sari.blocks()
    assert (await ask("sendMessage", chat_id=sari.id, text="a"))["text"] == "a"
    sari.starts()
    sari.finds_signal()
    kinds = [list(update)[1] for update in await ask.updates()]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]
