"""An echo bot without any framework: what JSON over aiohttp alone costs."""

import asyncio
import os
from typing import Any

import aiohttp


async def main() -> None:
    """Run until the process is ended."""
    base = f"{os.environ['TELEGRAM_API_URL']}/bot{os.environ['TELEGRAM_BOT_TOKEN']}"
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **parameters: object) -> Any:
            async with session.post(f"{base}/{method}", json=parameters) as response:
                return (await response.json())["result"]

        offset = 0
        while True:
            for update in await call("getUpdates", offset=offset, timeout=10):
                message = update["message"]
                await call("sendMessage", chat_id=message["chat"]["id"], text=message["text"])
                offset = update["update_id"] + 1


if __name__ == "__main__":
    asyncio.run(main())
