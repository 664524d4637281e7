"""Moving house: a played town's data arrive whole in the other kind of database, or not at all."""

import asyncio
import dataclasses
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Connection, event, inspect, select

from bot import move as moving
from bot.app import App
from bot.database import Database
from bot.move import move
from bot.ownership import AlreadyRunning, FileLock, Seat
from models.base import Base
from models.consultation import Consultation, Status
from models.mail import Incoming
from models.patient import Patient
from models.person import Person
from models.seal import KeyRing
from services import audit, credential
from tests.postgres import Postgres
from tests.stories.acts import advised, complains, readable, taken
from tests.town import MORNING, Town, open_town

pytestmark = pytest.mark.engine


@pytest.fixture
def other(engine_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the other kind than the town's."""
    if engine_url.startswith("postgresql"):
        yield f"sqlite+pysqlite:///{tmp_path / 'new' / 'house.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.database()
    yield url
    server.drop(url)


@pytest.fixture
def target(other: str, each_town: Town) -> Iterator[Database]:
    database = Database(other, each_town.app.database.ring)
    yield database
    database.close()


async def play(town: Town) -> None:
    """An advised consultation, one in hand, one that waits; words, photos, the trail, the mail."""
    sari, wayan = await town.asker("Sari"), await town.asker("Wayan")
    budi = await town.worker("Budi")
    await town.admin("Ani")
    await taken(town, sari, budi)
    sari.sends_photo("Ini obatnya ✨")
    await advised(town, budi)
    await taken(town, wayan, budi, "Pusing sejak kemarin")
    await complains(town, await town.asker("Putu"), "Kaki bengkak")
    await town.wait(minutes=1)
    wayan.says("Sekarang juga mual")
    await town.station.intake.poll(town.station.telegram, seconds=0)  # stored, not yet handled


async def move_in(town: Town, target: Database) -> None:
    """Let the service begin anew on the other database."""
    await town.station.telegram.close()
    town.app.database.close()
    settings = dataclasses.replace(town.app.settings, database_url=target.url)
    town.app = App(settings, clock=town.clock)
    await town.station.own()


def contents(database: Database) -> dict[str, Any]:
    with database.reader.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(table)).all()))
            for name, table in Base.metadata.tables.items()
        }


def quiet(table: str, rows: int) -> None:
    pass


def file_of(database: Database) -> Path:
    return Path(sqlalchemy.make_url(database.url).database or "")


def is_empty(database: Database) -> bool:
    if database.is_sqlite:
        return not file_of(database).exists()
    with database.reader.connect() as connection:
        return inspect(connection).get_table_names() == []


async def test_everything_arrives_and_the_service_goes_on(
    each_town: Town, target: Database
) -> None:
    await play(each_town)
    old = each_town.app.database
    before, said = contents(old), sorted((await readable(each_town)).splitlines())
    seen: list[tuple[str, int]] = []
    copied = move(old, target, lambda table, rows: seen.append((table, rows)))

    assert contents(target) == before == contents(old)
    assert {one.table: one.rows for one in copied} == {t: len(rows) for t, rows in before.items()}
    for table in ("audit", "audit_seal", "step", "message", "pair", "offer", "inbox", "outbox"):
        assert before[table], table
    assert ("message", len(before["message"])) in seen
    assert {one.table for one in copied if one.opened} >= {
        "person", "role", "consultation", "message", "inbox", "outbox",
    }  # fmt: skip
    with target.session() as session:
        assert audit.verify(session) is None
        waiting = session.scalars(select(Consultation.status).order_by(Consultation.id)).all()
        assert waiting == [Status.CLOSED, Status.ACTIVE, Status.WAITING]
    if target.is_sqlite:
        assert file_of(target).stat().st_mode & 0o777 == 0o600, "its owner's alone"
    await move_in(each_town, target)
    assert sorted((await readable(each_town)).splitlines()) == said
    await each_town.settle()
    (budi,) = (one for one in each_town.telegram.people.values() if one.first_name == "Budi")
    assert "Sekarang juga mual" in budi.heard[-1], "what was stored before is handled after"


async def test_the_copy_counts_on_and_keeps_what_is_written_down(
    each_town: Town, target: Database
) -> None:
    """A number whose row was forgotten long ago is not given again."""
    await play(each_town)
    old = each_town.app.database
    with old.writer.begin() as connection:
        connection.execute(sqlalchemy.delete(Incoming))
        last = connection.scalar(select(sqlalchemy.func.max(Base.metadata.tables["outbox"].c.seq)))
    move(old, target, quiet)
    at = each_town.clock.now()
    seqs = []
    for database in (old, target):
        with database.session() as session, session.begin():
            row = Incoming(
                bot_id=each_town.bot.id, update_id=9, chat_id=9, received_at=at, claimed_at=None
            )
            session.add(row)
            session.flush()
            seqs.append(row.seq)
    assert seqs[0] == seqs[1] > 1
    assert last
    with (
        pytest.raises(sqlalchemy.exc.DBAPIError, match="append-only"),
        target.writer.begin() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM step")


async def test_a_consultation_may_follow_one_with_a_higher_number(
    each_town: Town, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that was set back gives ids that fall, and they may fall into two batches."""
    monkeypatch.setattr(moving, "BATCH", 1)
    at = each_town.clock.now()

    def add(session: Any) -> None:
        session.add(Person(id=1, telegram_id=1, since_at=at))
        session.flush()
        for one in (10, 20):
            session.add(Patient(id=one, asker_id=1))
            session.flush()
            session.add(
                Consultation(
                    id=one, bot_id=each_town.bot.id, asker_id=1, patient_id=one, opened_at=at
                )
            )  # fmt: skip
            session.flush()
        session.get_one(Consultation, 10).follows_id = 20

    await each_town.write(add)
    move(each_town.app.database, target, quiet)
    # Foreign keys are minded at once again, not only at the end.
    orphan = sqlalchemy.insert(Base.metadata.tables["pair"]).values(
        id=1, message_id=999, bot_id=each_town.bot.id, chat_id=1
    )
    with target.writer.connect() as connection, pytest.raises(sqlalchemy.exc.IntegrityError):
        connection.execute(orphan)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE facility SET name = 'Puskesmas Lain'",
        "UPDATE message SET sealed = NULL WHERE id = (SELECT min(id) FROM message)",
        "DELETE FROM pair WHERE id = (SELECT max(id) FROM pair)",
        "UPDATE consultation SET danger_at = opened_at",
    ],
)
async def test_a_copy_that_is_not_the_same_leaves_nothing(
    each_town: Town, target: Database, monkeypatch: pytest.MonkeyPatch, spoil: str
) -> None:
    await play(each_town)
    real = moving._copy

    def corrupt(there: Connection, here: Connection, progress: Any) -> None:
        real(there, here, progress)
        assert here.exec_driver_sql(spoil).rowcount

    monkeypatch.setattr(moving, "_copy", corrupt)
    before = contents(each_town.app.database)
    with pytest.raises(RuntimeError, match="is not the same"):
        move(each_town.app.database, target, quiet)
    assert is_empty(target)
    assert contents(each_town.app.database) == before
    monkeypatch.undo()
    move(each_town.app.database, target, quiet)
    assert contents(target) == before


async def test_with_another_key_nothing_is_moved(each_town: Town, other: str) -> None:
    await play(each_town)
    ring = KeyRing.parse(KeyRing.fresh_key())
    old, new = Database(each_town.app.database.url, ring), Database(other, ring)
    with pytest.raises(RuntimeError, match="DATA_KEY opens nothing"):
        move(old, new, quiet)
    assert is_empty(new)
    old.close()
    new.close()


async def test_a_house_in_which_somebody_lives_is_refused(
    each_town: Town, target: Database
) -> None:
    await play(each_town)
    move(each_town.app.database, target, quiet)
    before = contents(target)
    with pytest.raises(RuntimeError, match="the target is not empty: it has rows in"):
        move(each_town.app.database, target, quiet)
    assert contents(target) == before


async def test_a_database_of_something_else_is_refused(each_town: Town, target: Database) -> None:
    if target.is_sqlite:
        file_of(target).parent.mkdir()
    with target.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE keuangan (id INTEGER)")
    with pytest.raises(RuntimeError, match="it has a table keuangan"):
        move(each_town.app.database, target, quiet)


async def test_nothing_to_move_is_said(target: Database, engine_url: str) -> None:
    old = Database(engine_url, target.ring)
    with old.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM directory")
        connection.exec_driver_sql("DELETE FROM facility")
        connection.exec_driver_sql("DELETE FROM bot")
    with pytest.raises(RuntimeError, match="nothing is there to move"):
        move(old, target, quiet)
    assert is_empty(target)
    old.close()


async def test_a_database_that_a_process_works_on_is_refused(
    each_town: Town, target: Database, tmp_path: Path
) -> None:
    old = each_town.app.database
    if old.is_sqlite:
        with FileLock(tmp_path / "town.db"), pytest.raises(AlreadyRunning):
            move(old, target, quiet)
    else:
        for number in (0, each_town.bot.id):
            seat = Seat(old.url, number)
            assert await seat.take()
            with pytest.raises(AlreadyRunning):
                move(old, target, quiet)
            await seat.leave()
    assert is_empty(target)
    move(old, target, quiet)
    assert not is_empty(target)


async def test_no_process_can_begin_and_nothing_can_be_written_meanwhile(
    each_town: Town, target: Database, tmp_path: Path
) -> None:
    old = each_town.app.database
    locked: list[str] = []

    def progress(table: str, rows: int) -> None:
        if locked:
            return
        if old.is_sqlite:
            with pytest.raises(AlreadyRunning), FileLock(tmp_path / "town.db"):
                pass
        else:
            assert not Seat(old.url, each_town.bot.id)._take()
        engine = sqlalchemy.create_engine(old.url, poolclass=sqlalchemy.NullPool)

        @event.listens_for(engine, "connect")
        def impatient(raw: Any, _record: object) -> None:
            raw.execute("PRAGMA busy_timeout=1" if old.is_sqlite else "SET lock_timeout = '1ms'")

        with pytest.raises(sqlalchemy.exc.OperationalError), engine.begin() as connection:
            connection.exec_driver_sql("UPDATE bot SET username = 'x'")
        locked.append(table)

    move(old, target, progress)
    assert locked


async def test_there_and_back_is_where_it_was(
    sqlite_url: str, postgres: Postgres, tmp_path: Path
) -> None:
    async with open_town(sqlite_url, tmp_path) as town:
        await play(town)
        first, middle = town.app.database, Database(postgres.database(), town.app.database.ring)
        last = Database(f"sqlite+pysqlite:///{tmp_path / 'back.db'}", first.ring)
        there, back = move(first, middle, quiet), move(middle, last, quiet)
        assert there == back
        middle.close()
        last.close()
        postgres.drop(middle.url)


KILLED = """
import os, signal, sys
from bot.database import Database
from bot.move import move
from models.seal import KeyRing
ring = KeyRing.parse(sys.argv[3])
kill = lambda table, rows: os.kill(os.getpid(), signal.SIGKILL) if table == "role" else None
move(Database(sys.argv[1], ring), Database(sys.argv[2], ring), kill)
"""


async def test_a_move_that_is_killed_leaves_nothing_and_can_be_repeated(
    engine_url: str, other: str
) -> None:
    key = KeyRing.fresh_key()
    old, new = (Database(url, KeyRing.parse(key)) for url in (engine_url, other))
    old.migrate()
    with old.session() as session, session.begin():
        credential.grant_admin(session, 5_000_000_001, at=MORNING)
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, engine_url, other, key
    )
    assert await killed.wait() == -signal.SIGKILL
    with new.reader.connect() as connection:
        assert inspect(connection).get_table_names() == []
    assert contents(old)["role"]
    async with asyncio.timeout(10):
        while True:  # PostgreSQL notices in a moment that its client is gone
            try:
                copied = move(old, new, quiet)
                break
            except AlreadyRunning:
                await asyncio.sleep(0.05)
    assert {one.table: one.rows for one in copied}["role"] == 1
    assert contents(new) == contents(old)
    old.close()
    new.close()
