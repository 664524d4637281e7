"""A simulated Telegram with one bot and one person, for deploy/try-install.sh.

Says first `URL TOKEN`. Each line on standard input is written to the bot by the person; the first
line of what the bot answers, to that or by itself, is printed.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # also without an installation

from simulator.clock import Clock
from simulator.server import Server
from simulator.telegram import Delivery, Telegram


async def serve() -> None:
    """Carry lines to the bot, and answers back, until standard input ends."""
    telegram = Telegram(Clock())
    bot = telegram.add_bot("telekonsul_percobaan_bot")
    person = telegram.add_person("Warga", bot=bot)

    def heard(delivery: Delivery) -> None:
        if delivery.chat_id == person.id:
            print((delivery.message.text or "").strip().splitlines()[0], flush=True)

    telegram.watchers.append(heard)
    server = Server(telegram)
    print(await server.start(), bot.token, flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        person.says(line.strip())
    await server.stop()


asyncio.run(serve())
