"""One process for a bot, and another within seconds when that one is gone."""

import asyncio
import time
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Engine

from bot.ownership import AlreadyRunning, FileLock, Seat
from models.seal import KeyRing
from simulator.telegram import BotAccount, Telegram
from tests.engine.conftest import Street
from tests.postgres import Postgres

pytestmark = pytest.mark.engine

TAKEOVER = 5.0


@pytest.fixture
def database(postgres: Postgres) -> str:
    return postgres.database()


def ask(url: str, statement: str) -> list[object]:
    engine: Engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(statement).scalars())


def seats(url: str) -> dict[int, int]:
    """Who holds which seat: number → server process."""
    engine: Engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        held = connection.exec_driver_sql(
            "SELECT objid::int, pid FROM pg_locks JOIN pg_database d ON d.oid = database "
            "WHERE locktype = 'advisory' AND granted AND datname = current_database()"
        )
        return {number: pid for number, pid in held}  # noqa: C416 - rows are no pairs to mypy


class Ear:
    """Hears when the service has said something through a bot."""

    def __init__(self, telegram: Telegram) -> None:
        self.heard: list[BotAccount] = []
        self._news = asyncio.Event()
        telegram.watchers.append(lambda delivery: self._hear(delivery.bot))

    def _hear(self, bot: BotAccount) -> None:
        self.heard.append(bot)
        self._news.set()

    async def hears(self, bot: BotAccount, seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while bot not in self.heard:
                self._news.clear()
                await self._news.wait()


async def test_another_process_takes_over_within_five_seconds(
    street: Street, database: str
) -> None:
    one, two = (street.telegram.add_bot(f"contoh{n}_bot") for n in (1, 2))
    sari, wati = (street.telegram.add_person("Warga", bot=bot) for bot in (one, two))
    ear = Ear(street.telegram)
    first, second = street.service(database, one, two), street.service(database, two, one)
    await first.start()
    sari.says("halo")
    wati.says("halo")
    await ear.hears(one)
    await ear.hears(two)
    owners = set(ask(database, "SELECT owner FROM bot"))
    assert len(owners) == 1
    assert set(seats(database)) == {0, one.id, two.id}, "the bots' seats and the timekeeper's"
    before = set(seats(database).values())
    await second.start()
    assert set(ask(database, "SELECT owner FROM bot")) == owners, "who waits takes nothing"

    ear.heard.clear()
    first.kill()
    await first.ended()
    gone = time.monotonic()
    sari.says("masih ada?")
    wati.says("masih ada?")
    await ear.hears(one)
    await ear.hears(two)
    took = time.monotonic() - gone
    assert took < TAKEOVER, took
    assert not set(ask(database, "SELECT owner FROM bot")) & owners
    async with asyncio.timeout(TAKEOVER):
        while set(seats(database)) != {0, one.id, two.id}:
            await ear.hears(one)
    assert not set(seats(database).values()) & before
    assert ask(database, "SELECT count(*) FROM inbox WHERE ended_at IS NULL") == [0]


async def test_a_seat_is_one_persons_and_free_when_its_holder_is_cut_off(
    postgres: Postgres, database: str
) -> None:
    mine, other = Seat(database, 0), Seat(database, 0)
    assert await mine.take()
    assert not await other.take()
    assert await mine.holds()
    postgres.kill_backends()
    assert not await mine.holds()
    assert await other.take()
    assert not await mine.take()
    await other.leave()
    assert await mine.take()
    await mine.leave()


async def test_a_server_that_is_away_leaves_the_seat_untaken(postgres: Postgres) -> None:
    seat = Seat(postgres.database(), 7)
    postgres.halt()
    try:
        assert not await seat.take()
    finally:
        postgres.start()
    assert await seat.take()
    await seat.leave()


async def test_a_second_process_on_an_sqlite_file_is_refused(
    street: Street, sqlite_url: str, tmp_path: Path
) -> None:
    bot = street.telegram.add_bot("contoh_bot")
    first, second = street.service(sqlite_url, bot), street.service(sqlite_url, bot)
    await first.start()
    with pytest.raises(AlreadyRunning), FileLock(tmp_path / "town.db"):
        pass
    await second.start()
    assert await second.ended() != 0
    assert "AlreadyRunning: another process is using town.db" in second.log.read_text()
    first.kill()
    await first.ended()
    with FileLock(tmp_path / "town.db"):
        pass


async def test_another_key_is_refused_at_the_start(
    street: Street, sqlite_url: str, tmp_path: Path
) -> None:
    bot = street.telegram.add_bot("contoh_bot")
    sari = street.telegram.add_person("Sari", bot=bot)
    ear = Ear(street.telegram)
    service = street.service(sqlite_url, bot)
    await service.start()
    sari.says("halo")
    await ear.hears(bot)
    service.kill()
    await service.ended()
    key = service.settings["DATA_KEY"]
    service.settings["DATA_KEY"] = KeyRing.fresh_key()
    await service.start()
    assert await service.ended() != 0
    assert "DATA_KEY opens nothing of this database" in service.log.read_text()
    service.settings["DATA_KEY"] += f",{key}"
    await service.start()
    ear.heard.clear()
    sari.says("masih ada?")
    await ear.hears(bot)


async def test_the_service_works_through_a_restart_of_the_database(
    street: Street, postgres: Postgres, database: str
) -> None:
    bot = street.telegram.add_bot("contoh_bot")
    sari = street.telegram.add_person("Sari", bot=bot)
    ear = Ear(street.telegram)
    service = street.service(database, bot)
    await service.start()
    sari.says("halo")
    await ear.hears(bot)
    postgres.halt()
    sari.says("masih ada?")
    postgres.start()
    ear.heard.clear()
    await ear.hears(bot)
    assert ask(database, "SELECT max(attempts) FROM inbox") in ([0], [1])
