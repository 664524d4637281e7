"""A short life on SQLite with the power watched: tells what was synced, and leaves in a folder for
each acknowledged batch what a power cut right after it would have left.

python -m tests.engine.power_child FOLDER SYNCHRONOUS BATCHES
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from bot import database
from bot.clock import RealClock
from bot.database import Database
from bot.intake import Intake, address
from models.bot import Bot
from models.seal import KeyRing
from tests.engine import power

BOT = 7
SIZE = 3


async def live(folder: Path, batches: int, watched: power.Power) -> dict[str, Any]:
    """Store batches, each of SIZE updates with rising numbers."""
    stored = Database(
        f"sqlite+pysqlite:///{folder / 'town.db'}", KeyRing.parse(KeyRing.fresh_key())
    )
    await asyncio.get_running_loop().run_in_executor(stored._write_thread, stored.migrate)
    await stored.write(lambda session: session.add(Bot(id=BOT, username="")))
    intake = Intake(stored, BOT, RealClock())
    before = watched.syncs
    for batch in range(batches):
        number = batch * SIZE
        await intake.keep([address({"update_id": number + n, "a": "b" * 300}) for n in range(SIZE)])
        watched.cut(folder / f"after{batch}")
    return {"syncs": watched.syncs - before}


def main() -> None:
    """Say `unsupported` where nobody may watch."""
    folder, synchronous, batches = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    try:
        watched = power.watch()
    except power.Unsupported as reason:
        told: dict[str, Any] = {"unsupported": str(reason)}
    else:
        with mock.patch.dict(database.PRAGMAS, synchronous=synchronous):
            told = asyncio.run(live(folder, batches, watched))
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # to close the database would sync, and by then nobody listens


if __name__ == "__main__":
    main()
