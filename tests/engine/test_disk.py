"""A full disk, a full disk of the log, a file taken away: nothing that anybody said is lost."""

import asyncio
import re
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy.orm import Session

from services.content import plain
from simulator.person import Person
from simulator.telegram import BotAccount
from tests.engine.conftest import Street
from tests.engine.process import PATIENCE, Service
from tests.engine.test_stop import on
from tests.engine.test_webhook import Door, door, update

__all__ = ["door"]

CROWD = 12
FACTOR = 20.0
"""How much faster than life: what waits three seconds for a better disk is soon there."""
FULL = "database or disk is full"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is quickly full."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "none", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> Path:
    """Leave not one byte; give the file that takes them all."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


async def get(service: Service, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(service.address + path) as answer:
        return answer.status, await answer.text()


async def hear(service: Service, people: list[Person], times: int) -> None:
    """Return when people have heard so much altogether, and the service is ready."""
    async with asyncio.timeout(PATIENCE):
        while sum(len(one.heard) for one in people) < times:
            await get(service, "/healthz")
        while (await get(service, "/readyz"))[0] != 200:
            pass


def crowd(street: Street) -> tuple[BotAccount, list[Person]]:
    bot = street.telegram.add_bot("contoh_bot")
    return bot, [street.telegram.add_person(f"Warga{n}", bot=bot) for n in range(CROWD)]


async def test_a_full_disk_holds_everything_up_and_loses_nothing(
    street: Street, disk: Path
) -> None:
    url = f"sqlite+pysqlite:///{disk / 'town.db'}"
    bot, people = crowd(street)
    service = street.service(url, bot)
    service.factor = FACTOR
    await service.start(now=datetime.now(UTC))
    for n in range(3):
        for one in people:
            one.says(f"/tidak_ada{n}")
    await hear(service, people, 5)  # in the middle of it
    ballast = fill(disk)
    for one in people:
        one.says("/tidak_ada3")
    async with asyncio.timeout(PATIENCE):
        while (ready := await get(service, "/readyz"))[0] == 200:
            pass
    said = f"storage: bot {bot.id} cannot store what comes (OperationalError: {FULL})\n"
    assert ready == (503, said)
    last = {one.body["text"] for one in bot.updates.waiting()}
    assert last == {"/tidak_ada3"}, "confirmed without being stored"
    assert (await get(service, "/healthz"))[0] == 200
    assert (await get(service, "/metrics"))[0] == 200
    assert FULL in service.log.read_text()

    ballast.unlink()
    await hear(service, people, CROWD * 4)
    service.kill(signal.SIGTERM)
    assert await service.ended() == 0
    for one in people:
        assert len(one.heard) == 4
        assert not any(text.startswith(plain("mail.repeated")) for text in one.heard)
    assert on(url, "SELECT count(*) FROM inbox WHERE ended_at IS NOT NULL") == [CROWD * 4]
    assert on(url, "SELECT max(attempts) FROM inbox") == [0]
    assert on(url, "PRAGMA integrity_check") == ["ok"]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_webhook_asks_for_patience_while_the_disk_is_full(door: Door) -> None:
    def limit(session: Session, pages: int) -> None:
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await door.app.database.write(lambda session: limit(session, 1))  # as many as there are
    taken = 0
    while (answer := await door.post(update(taken)))[0] == 200:
        taken += 1
    assert answer == (503, "5")
    assert await door.post(update(taken)) == (503, "5")
    (problem,) = await door.app.problems()
    assert FULL in problem
    assert [row.update_id for row in await door.rows()] == list(range(taken))

    await door.app.database.write(lambda session: limit(session, 1_000_000))
    assert await door.post(update(taken)) == (200, "")
    assert await door.app.problems() == []
    assert [row.update_id for row in await door.rows()] == list(range(taken + 1))


async def test_a_log_that_takes_nothing_stops_nobody(
    street: Street, sqlite_url: str, tmp_path: Path
) -> None:
    bot, people = crowd(street)
    service = Service(street.settings(sqlite_url, bot), Path("/dev/full"))
    try:
        await service.start()
        street.telegram.trouble.add("sendMessage", "error_after", times=CROWD)  # worth a line each
        for one in people:
            one.says("/tidak_ada")
        await hear(service, people, CROWD * 2)
        _, metrics = await get(service, "/metrics")
    finally:
        await service.close()
    (lost,) = re.findall(r"^telekonsul_log_lines_lost_total (\S+)$", metrics, re.MULTILINE)
    assert float(lost) > CROWD


async def test_a_file_that_was_taken_away_is_written_no_more(
    street: Street, sqlite_url: str, tmp_path: Path
) -> None:
    bot, people = crowd(street)
    service = street.service(sqlite_url, bot)
    await service.start()
    for one in people:
        one.says("/tidak_ada")
    await hear(service, people, CROWD)
    for name in ("town.db", "town.db-wal", "town.db-shm"):
        (tmp_path / name).rename(tmp_path / f"away-{name}")
    for one in people:
        one.says("/tidak_ada")
    assert await service.ended() != 0
    assert "the database file was moved or replaced" in service.log.read_text()
    for name in ("town.db", "town.db-wal", "town.db-shm"):
        if (tmp_path / f"away-{name}").exists():
            (tmp_path / f"away-{name}").rename(tmp_path / name)
    await service.start()
    await hear(service, people, CROWD * 2)
    assert on(sqlite_url, "SELECT count(*) FROM inbox WHERE ended_at IS NOT NULL") == [CROWD * 2]
