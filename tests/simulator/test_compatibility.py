"""Both libraries read everything the simulator says, and can call all of its methods."""

from typing import Any

import pytest

from simulator.api import METHODS
from simulator.person import Person
from simulator.server import Server
from simulator.telegram import BotAccount, Telegram
from tests.simulator.conftest import Asking

KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"]
FORWARDED = {"forward_date", "forward_sender_name"}  # sent for old bots, says Client.cpp
BUTTONS = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}


@pytest.fixture
async def every_update(ask: Asking, sari: Person) -> list[dict[str, Any]]:
    """One of each thing that a person can do."""
    await ask.updates(allowed_updates=KINDS)
    first = sari.starts()
    sari.edits(first, "/start lagi")
    sari.reacts(first)
    sari.replies(first, "Halo @contoh_bot https://bpjs.go.id")
    sari.sends_album(2, "luka")
    sari.sends_voice()
    sari.sends_document()
    sari.sends_video()
    sari.sends_video_note()
    sari.sends_sticker()
    sari.sends_location(-8.3, 115.5)
    sari.sends_contact()
    sari.sends_dice()
    sari.forwards("kata orang", "Wayan")
    for _ in range(2):
        await ask("sendMessage", chat_id=sari.id, text="?", reply_markup=BUTTONS)
        sari.taps("Ya")
    await ask("deleteMessage", chat_id=sari.id, message_id=sari.last.id)
    sari.taps("Ya", ask.bot.chats[sari.id].messages[max(ask.bot.chats[sari.id].messages)])
    sari.blocks()
    sari.unblocks()
    return await ask.updates()


async def test_python_telegram_bot_reads_every_update(
    bot: BotAccount, every_update: list[dict[str, Any]]
) -> None:
    from telegram import Bot, Update

    updates = [Update.de_json(update, Bot(bot.token)) for update in every_update]
    for update in updates:
        assert update.effective_user is not None
        assert update.api_kwargs == {}
        if update.effective_message is not None:
            assert set(update.effective_message.api_kwargs) <= FORWARDED
    queries = [update.callback_query for update in updates if update.callback_query]
    # Its type is Message all the same in 22.8, so only `is_accessible` tells.
    there = [query.message.is_accessible for query in queries if query.message]
    assert there == [True, True, False]


async def test_aiogram_reads_every_update(every_update: list[dict[str, Any]]) -> None:
    from aiogram.types import Update

    for update in every_update:
        read = Update.model_validate(update)
        assert read.event is not None
        assert not read.event.model_extra


async def test_python_telegram_bot_can_call_everything(
    telegram: Telegram, server: Server, bot: BotAccount, sari: Person
) -> None:
    from telegram import (
        Bot,
        BotCommand,
        InputMediaPhoto,
        InputMediaVideo,
        MenuButtonWebApp,
        ReactionTypeEmoji,
        WebAppInfo,
    )
    from telegram.error import BadRequest

    sari.starts()
    here = sari.id
    async with Bot(bot.token, f"{server.url}/bot", f"{server.url}/file/bot") as client:
        text = await client.send_message(here, "<b>a</b>", parse_mode="HTML")
        photo = await client.send_photo(here, b"data", caption="a")
        await client.send_voice(here, b"data", duration=3)
        await client.send_audio(here, b"data", title="a")
        await client.send_document(here, b"data", filename="a.pdf")
        await client.send_video(here, b"data")
        await client.send_video_note(here, b"data", length=240)
        await client.send_animation(here, b"data")
        await client.send_sticker(here, b"data")
        await client.send_location(here, -8.3, 115.5)
        await client.send_venue(here, -8.3, 115.5, "Puskesmas", "Jalan Raya")
        await client.send_contact(here, "+62811", "Wayan")
        await client.send_dice(here)
        await client.send_poll(here, "Bagaimana?", ["baik", "kurang"])
        await client.send_chat_action(here, "typing")
        album = (InputMediaPhoto(b"one"), InputMediaVideo(b"two"))
        assert len(await client.send_media_group(here, album)) == 2
        await client.copy_message(here, here, text.id)
        await client.copy_messages(here, here, [text.id, photo.id])
        await client.forward_message(here, here, text.id)
        await client.forward_messages(here, here, [text.id, photo.id])
        await client.edit_message_text("b", here, text.id)
        await client.edit_message_caption(here, photo.id, caption="b")
        await client.edit_message_media(InputMediaPhoto(b"new"), here, photo.id)
        with pytest.raises(BadRequest, match="not modified"):
            await client.edit_message_reply_markup(here, photo.id)
        await client.set_message_reaction(here, text.id, [ReactionTypeEmoji("👍")])
        assert await client.pin_chat_message(here, text.id)
        pinned = (await client.get_chat(here)).pinned_message
        assert pinned is not None
        assert pinned.message_id == text.id
        assert await client.unpin_chat_message(here, text.id)
        assert await client.unpin_all_chat_messages(here)
        await client.delete_message(here, text.id)
        await client.delete_messages(here, [photo.id])
        file = await client.get_file(photo.photo[-1].file_id)
        assert await file.download_as_bytearray() == b"data"
        assert (await client.get_chat(here)).first_name == "Sari"
        assert (await client.get_user_profile_photos(here)).total_count == 0
        commands = [BotCommand("mulai", "Mulai")]
        await client.set_my_commands(commands)
        assert list(await client.get_my_commands()) == commands
        await client.delete_my_commands()
        button = MenuButtonWebApp("Buka", WebAppInfo("https://contoh.id/a"))
        await client.set_chat_menu_button(here, button)
        assert await client.get_chat_menu_button(here) == button
        await client.set_my_name("Contoh")
        assert (await client.get_my_name()).name == "Contoh"
        await client.set_my_description("a")
        assert (await client.get_my_description()).description == "a"
        await client.set_my_short_description("a")
        assert (await client.get_my_short_description()).short_description == "a"
        with pytest.raises(BadRequest, match="too old"):
            await client.answer_callback_query("1")
        with pytest.raises(BadRequest, match="too old"):
            await client.answer_inline_query("1", [])
        await client.set_webhook("https://contoh.id/a", secret_token="a")
        assert (await client.get_webhook_info()).url == "https://contoh.id/a"
        await client.delete_webhook()
        await client.close()
        await client.log_out()
    called = {call.method for call in telegram.calls}
    assert called == set(METHODS)


async def test_aiogram_reads_every_answer(server: Server, bot: BotAccount, sari: Person) -> None:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import BufferedInputFile

    sari.starts()
    here, file = sari.id, BufferedInputFile(b"data", "a.bin")
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    async with Bot(bot.token, session) as client:
        assert (await client.get_me()).username == "contoh_bot"
        assert (await client.get_chat(here)).first_name == "Sari"
        messages = [
            await client.send_photo(here, file),
            await client.send_voice(here, file),
            await client.send_audio(here, file),
            await client.send_document(here, file),
            await client.send_video(here, file),
            await client.send_video_note(here, file),
            await client.send_animation(here, file),
            await client.send_sticker(here, file),
            await client.send_location(here, -8.3, 115.5),
            await client.send_venue(here, -8.3, 115.5, "Puskesmas", "Jalan Raya"),
            await client.send_contact(here, "+62811", "Wayan"),
            await client.send_dice(here),
            await client.send_poll(here, "Bagaimana?", ["baik", "kurang"]),
            await client.forward_message(here, here, 1),
        ]
        assert [message.model_extra for message in messages if message.model_extra] == []
        assert (await client.get_webhook_info()).pending_update_count == 1
