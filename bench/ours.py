"""The service as it runs in production, with people in every chat of the bench.

`python -m bench.ours [--old N] [--prepare] [--paused]` reads the usual settings.
"""

import argparse
import asyncio

from bench.pairs import leave_behind, seed
from bench.throughput import CHATS
from bot import config, logs
from bot.app import App, settle
from bot.station import Station
from services import facility


async def main(old: int, *, prepare: bool, paused: bool) -> None:
    """Run until the process is ended; the people are made where there are none yet."""
    settings = config.read()
    logs.set_up(settings.log_level, settings.log_format)
    app = App(settings, is_specimen=True)
    app.database.migrate()
    (station,) = app.stations.values()
    await station.own()
    at, bot_id = app.clock.now(), station.bot_id
    if await app.database.read(lambda session: facility.find_home(session, bot_id)) is None:
        await app.database.write(lambda session: seed(session, bot_id, CHATS, at=at))
        await app.database.write(lambda session: leave_behind(session, bot_id, CHATS, old))
    if prepare:
        app.database.close()
        return
    if paused:
        pause(station)
    await app.run(asyncio.Event(), started=settle)


def pause(station: Station) -> None:
    """Let a bot handle nothing."""

    async def nothing() -> bool:
        return False

    station.handle = nothing  # type: ignore[method-assign]  # the only change to what is measured


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=int, default=0, help="begin with so many old consultations")
    parser.add_argument("--prepare", action="store_true", help="make the people and stop")
    parser.add_argument("--paused", action="store_true", help="store what comes, handle nothing")
    asked = parser.parse_args()
    asyncio.run(main(asked.old, prepare=asked.prepare, paused=asked.paused))
