"""What was acknowledged is on the disk, also when the power fails in the next instant."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Engine

from bot.database import PRAGMAS
from tests.engine.power_child import SIZE
from tests.missing import missing
from tests.town import Town

BATCHES = 30


def life(folder: Path, synchronous: int) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.power_child", folder, str(synchronous), str(BATCHES)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, int] = json.loads(done.stdout)
    if "unsupported" in told:
        missing(f"a way to watch system calls ({told['unsupported']})")
    told["lost"] = sum(lost_after(folder, batch) for batch in range(BATCHES))
    return told


def lost_after(folder: Path, batch: int) -> int:
    """How many acknowledged updates are missing in what the power cut left."""
    with closing(sqlite3.connect(folder / f"after{batch}" / "town.db")) as left:
        assert left.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (kept,) = left.execute("SELECT count(*) FROM inbox").fetchone()
    return int((batch + 1) * SIZE - kept)


def test_every_acknowledged_batch_was_synced_and_survives_a_power_cut(tmp_path: Path) -> None:
    assert PRAGMAS["synchronous"] == 2
    told = life(tmp_path, PRAGMAS["synchronous"])
    assert told["syncs"] >= BATCHES
    assert told["lost"] == 0


def test_the_watch_would_see_it_if_commits_were_not_synced(tmp_path: Path) -> None:
    told = life(tmp_path, 1)
    assert told["syncs"] < BATCHES / 2
    assert told["lost"] > 0


async def test_every_connection_has_its_pragmas(town: Town) -> None:
    def ask(engine: Engine) -> dict[str, object]:
        with engine.connect() as connection:
            return {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in (*PRAGMAS, "query_only")
            }

    database = town.app.database
    assert ask(database.writer) == PRAGMAS | {"query_only": 0}
    connections = [database.reader.connect() for _ in range(2)]
    assert ask(database.reader) == PRAGMAS | {"query_only": 1}  # a third one, freshly made
    for one in connections:
        one.close()


@pytest.mark.engine
async def test_the_reader_cannot_write(each_town: Town) -> None:
    with (
        each_town.app.database.reader.connect() as connection,
        pytest.raises(sqlalchemy.exc.DBAPIError, match=r"readonly|read-only"),
    ):
        connection.exec_driver_sql("DELETE FROM outbox")


async def test_a_pragma_that_is_refused_stops_the_start(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRAGMAS, "synchronous", 7)  # SQLite takes no such value
    with pytest.raises(RuntimeError, match="SQLite refuses synchronous"):
        type(town.app.database)(town.app.database.url, town.app.database.ring).migrate()
