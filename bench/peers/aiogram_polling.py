"""An echo bot as aiogram's examples show it; `--sequential` takes one update after the other."""

import asyncio
import os
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    """Say the text again."""
    await message.answer(message.text or "")


async def main() -> None:
    """Run until the process is ended."""
    api = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=api))
    await dispatcher.start_polling(bot, handle_as_tasks="--sequential" not in sys.argv)


if __name__ == "__main__":
    asyncio.run(main())
