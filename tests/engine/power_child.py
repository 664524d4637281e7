"""A short life on SQLite with the power watched: prints what was synced and what a cut leaves.

python -m tests.engine.power_child FOLDER SYNCHRONOUS BATCHES
"""

import asyncio
import json
import sqlite3
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


async def live(folder: Path, batches: int, watched: power.Power) -> dict[str, Any]:
    """Store batches and cut the power after each acknowledgement."""
    stored = Database(f"sqlite+pysqlite:///{folder / 'town.db'}", KeyRing.parse(KeyRing.fresh_key()))
    await asyncio.get_running_loop().run_in_executor(stored._write_thread, stored.migrate)
    await stored.write(lambda session: session.add(Bot(id=BOT, username="")))
    intake = Intake(stored, BOT, RealClock())
    before, lost, numbers = watched.syncs, 0, iter(range(10_000))
    for _ in range(batches):
        batch = [address({"update_id": next(numbers), "a": "b" * 300}) for _ in range(3)]
        await intake.keep(batch)
        watched.cut(folder / "after")
        with sqlite3.connect(folder / "after" / "town.db") as left:
            kept = {one for (one,) in left.execute("SELECT update_id FROM inbox")}
            assert left.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        lost += len({one.update_id for one in batch} - kept)
    return {"syncs": watched.syncs - before, "lost": lost}


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


if __name__ == "__main__":
    main()
