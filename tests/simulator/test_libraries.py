"""Bots of two libraries, written as their manuals show, run against the simulator."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

from simulator.person import Person
from simulator.server import Server
from simulator.telegram import BotAccount, Delivery, Telegram

SOON = 10.0


class Heard:
    """Wait in real time, without polling, until the bot has shown so many things."""

    def __init__(self, telegram: Telegram) -> None:
        self.count = 0
        self.news = asyncio.Event()
        telegram.watchers.append(self.note)

    def note(self, delivery: Delivery) -> None:
        self.count += 1
        self.news.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(SOON):
            while self.count < count:
                self.news.clear()
                await self.news.wait()


async def talk(telegram: Telegram, sari: Person, heard: Heard) -> None:
    """What both bots are taken through."""
    sari.starts()
    await heard.until(1)
    assert sari.heard == ["Halo <Sari>!"]
    assert sari.last.html == "<b>Halo</b> &lt;Sari&gt;!"
    assert sari.buttons() == ["Ubah"]

    photo = sari.sends_photo("luka di tangan", data=b"many bytes" * 1000)
    await heard.until(2)
    assert sari.last.kind == "photo"
    assert sari.last.caption == "10000 byte"
    assert sari.last.reply_to is photo

    sari.taps("Ubah")
    await heard.until(3)
    assert sari.heard[0] == "Sudah diubah"
    assert sari.sees[1].buttons == []
    await asyncio.sleep(0)

    sari.says("selesai")
    await heard.until(4)
    assert sari.last.text == "selesai juga"
    assert sari.toasts == ["baik"]
    refused = [call for call in telegram.calls if not call.ok]
    assert refused == []


@contextlib.asynccontextmanager
async def ptb_bot(server: Server, bot: BotAccount) -> AsyncIterator[Any]:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
    from telegram.ext import (
        ApplicationBuilder,
        CallbackQueryHandler,
        CommandHandler,
        ContextTypes,
        MessageHandler,
        filters,
    )

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        assert update.effective_user is not None
        await update.effective_message.reply_html(
            f"<b>Halo</b> &lt;{update.effective_user.first_name}&gt;!",
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Ubah", callback_data="u")]]),
        )

    async def photo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        file = await update.message.photo[-1].get_file()
        data = await file.download_as_bytearray()
        await update.message.reply_photo(BytesIO(data), caption=f"{len(data)} byte", do_quote=True)

    async def press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("baik")
        await update.callback_query.edit_message_text("Sudah diubah")

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"{update.message.text} juga")

    app = (
        ApplicationBuilder()
        .token(bot.token)
        .base_url(f"{server.url}/bot")
        .base_file_url(f"{server.url}/file/bot")
        .build()
    )
    app.add_handlers(
        [
            CommandHandler("start", start),
            MessageHandler(filters.PHOTO, photo),
            CallbackQueryHandler(press),
            MessageHandler(filters.TEXT, echo),
        ]
    )
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(timeout=2)
        yield app
        await app.updater.stop()
        await app.stop()


async def test_a_bot_of_python_telegram_bot_runs_unchanged(
    telegram: Telegram, server: Server, bot: BotAccount, sari: Person
) -> None:
    heard = Heard(telegram)
    async with ptb_bot(server, bot):
        await talk(telegram, sari, heard)


async def test_a_bot_of_aiogram_runs_unchanged(
    telegram: Telegram, server: Server, bot: BotAccount, sari: Person
) -> None:
    from aiogram import Bot, Dispatcher, F
    from aiogram.client.default import DefaultBotProperties
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.filters import CommandStart
    from aiogram.types import (
        BufferedInputFile,
        CallbackQuery,
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        Message,
    )

    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        assert message.from_user is not None
        button = InlineKeyboardButton(text="Ubah", callback_data="u")
        await message.answer(
            f"<b>Halo</b> &lt;{message.from_user.first_name}&gt;!",
            reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )

    @dispatcher.message(F.photo)
    async def photo(message: Message, bot: Bot) -> None:
        assert message.photo is not None
        data = await bot.download(message.photo[-1])
        assert data is not None
        copy = data.read()
        await message.reply_photo(BufferedInputFile(copy, "luka.jpg"), caption=f"{len(copy)} byte")

    @dispatcher.callback_query()
    async def press(query: CallbackQuery) -> None:
        await query.answer("baik")
        assert isinstance(query.message, Message)
        await query.message.edit_text("Sudah diubah")

    @dispatcher.message(F.text)
    async def echo(message: Message) -> None:
        await message.answer(f"{message.text} juga")

    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    client = Bot(bot.token, session, DefaultBotProperties(parse_mode="HTML"))
    polling = asyncio.create_task(
        dispatcher.start_polling(client, handle_signals=False, polling_timeout=2)
    )
    heard = Heard(telegram)
    await talk(telegram, sari, heard)
    await dispatcher.stop_polling()
    await polling
