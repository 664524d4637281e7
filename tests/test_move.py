"""Moving house: a played town's data arrive whole in the other kind of database, or not at all."""

import asyncio
import dataclasses
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

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
from tests import forked, schema
from tests.postgres import Postgres
from tests.stories.acts import advised, complains, readable, taken
from tests.town import MORNING, Town, open_town

pytestmark = pytest.mark.engine


@pytest.fixture
def other(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the other kind than the town's."""
    if kind == "postgresql":
        yield f"sqlite+pysqlite:///{tmp_path / 'new' / 'house.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.database()
    yield url
    server.drop(url)


class Played(NamedTuple):
    """A database in which a day was played, to be copied; nobody is connected to it."""

    url: str
    ring: KeyRing
    bot_id: int


@pytest.fixture(scope="module")
def played_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("played")
    return asyncio.run(played(schema.sqlite(folder / "town.db"), folder))


@pytest.fixture(scope="module")
def played_postgresql(
    postgres: Postgres, migrated_postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Played:
    url = postgres.database(template=migrated_postgres)
    return asyncio.run(played(url, tmp_path_factory.mktemp("played")))


async def played(url: str, folder: Path) -> Played:
    async with open_town(url, folder) as town:
        await play(town)
        return Played(url, town.app.database.ring, town.bot.id)


@pytest.fixture
def source(kind: str, request: pytest.FixtureRequest) -> Played:
    """The day that was played on this kind of database."""
    found: Played = request.getfixturevalue(f"played_{kind}")
    return found


@pytest.fixture
def house(
    kind: str, source: Played, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A copy of that day's database."""
    if kind == "sqlite":
        file = tmp_path / "town.db"
        shutil.copyfile(source.url.partition("///")[2], file)
        database = Database(f"sqlite+pysqlite:///{file}", source.ring)
        yield database
        database.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    database = Database(server.database(template=source.url), source.ring)
    yield database
    database.close()
    server.drop(database.url)


@pytest.fixture
def target(other: str, source: Played) -> Iterator[Database]:
    database = Database(other, source.ring)
    yield database
    database.close()


@pytest.fixture
def target_of_town(other: str, each_town: Town) -> Iterator[Database]:
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
    each_town: Town, target_of_town: Database
) -> None:
    target = target_of_town
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


def test_the_copy_counts_on_and_keeps_what_is_written_down(
    house: Database, source: Played, target: Database
) -> None:
    """A number whose row was forgotten long ago is not given again."""
    old = house
    with old.writer.begin() as connection:
        connection.execute(sqlalchemy.delete(Incoming))
        last = connection.scalar(select(sqlalchemy.func.max(Base.metadata.tables["outbox"].c.seq)))
    move(old, target, quiet)
    seqs = []
    for database in (old, target):
        with database.session() as session, session.begin():
            row = Incoming(
                bot_id=source.bot_id, update_id=9, chat_id=9, received_at=MORNING, claimed_at=None
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
    each_town: Town, target_of_town: Database, monkeypatch: pytest.MonkeyPatch
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
    move(each_town.app.database, target_of_town, quiet)
    # Foreign keys are minded at once again, not only at the end.
    orphan = sqlalchemy.insert(Base.metadata.tables["pair"]).values(
        id=1, message_id=999, bot_id=each_town.bot.id, chat_id=1
    )
    with (
        target_of_town.writer.connect() as connection,
        pytest.raises(sqlalchemy.exc.IntegrityError),
    ):
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
def test_a_copy_that_is_not_the_same_leaves_nothing(
    house: Database, target: Database, monkeypatch: pytest.MonkeyPatch, spoil: str
) -> None:
    real = moving.copy_rows

    def corrupt(there: Connection, here: Connection, progress: Any) -> None:
        real(there, here, progress)
        assert here.exec_driver_sql(spoil).rowcount

    monkeypatch.setattr(moving, "copy_rows", corrupt)
    before = contents(house)
    with pytest.raises(RuntimeError, match="is not the same"):
        move(house, target, quiet)
    assert is_empty(target)
    assert contents(house) == before
    monkeypatch.undo()
    move(house, target, quiet)
    assert contents(target) == before


def test_with_another_key_nothing_is_moved(house: Database, other: str) -> None:
    ring = KeyRing.parse(KeyRing.fresh_key())
    old, new = Database(house.url, ring), Database(other, ring)
    with pytest.raises(RuntimeError, match="DATA_KEY opens nothing"):
        move(old, new, quiet)
    assert is_empty(new)
    old.close()
    new.close()


def test_a_house_in_which_somebody_lives_is_refused(house: Database, target: Database) -> None:
    move(house, target, quiet)
    before = contents(target)
    with pytest.raises(RuntimeError, match="the target is not empty: it has rows in"):
        move(house, target, quiet)
    assert contents(target) == before


def test_a_database_of_something_else_is_refused(house: Database, target: Database) -> None:
    if target.is_sqlite:
        file_of(target).parent.mkdir()
    with target.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE keuangan (id INTEGER)")
    with pytest.raises(RuntimeError, match="it has a table keuangan"):
        move(house, target, quiet)


def test_nothing_to_move_is_said(target: Database, migrated_url: str) -> None:
    old = Database(migrated_url, target.ring)
    with old.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM directory")
        connection.exec_driver_sql("DELETE FROM facility")
        connection.exec_driver_sql("DELETE FROM bot")
    with pytest.raises(RuntimeError, match="nothing is there to move"):
        move(old, target, quiet)
    assert is_empty(target)
    old.close()


async def test_a_database_that_a_process_works_on_is_refused(
    house: Database, source: Played, target: Database, tmp_path: Path
) -> None:
    old = house
    if old.is_sqlite:
        with FileLock(tmp_path / "town.db"), pytest.raises(AlreadyRunning):
            move(old, target, quiet)
    else:
        for number in (0, source.bot_id):
            seat = Seat(old.url, number)
            assert await seat.take()
            with pytest.raises(AlreadyRunning):
                move(old, target, quiet)
            await seat.leave()
    assert is_empty(target)
    move(old, target, quiet)
    assert not is_empty(target)


def test_no_process_can_begin_and_nothing_can_be_written_meanwhile(
    house: Database, source: Played, target: Database, tmp_path: Path
) -> None:
    old = house
    locked: list[str] = []

    def progress(table: str, rows: int) -> None:
        if locked:
            return
        if old.is_sqlite:
            with pytest.raises(AlreadyRunning), FileLock(tmp_path / "town.db"):
                pass
        else:
            assert not Seat(old.url, source.bot_id)._take()
        engine = sqlalchemy.create_engine(old.url, poolclass=sqlalchemy.NullPool)

        @event.listens_for(engine, "connect")
        def impatient(raw: Any, _record: object) -> None:
            raw.execute("PRAGMA busy_timeout=1" if old.is_sqlite else "SET lock_timeout = '1ms'")

        with pytest.raises(sqlalchemy.exc.OperationalError), engine.begin() as connection:
            connection.exec_driver_sql("UPDATE bot SET username = 'x'")
        locked.append(table)

    move(old, target, progress)
    assert locked


def test_there_and_back_is_where_it_was(
    played_sqlite: Played, postgres: Postgres, tmp_path: Path
) -> None:
    first, middle, last = (
        Database(url, played_sqlite.ring)
        for url in (
            played_sqlite.url,
            postgres.database(),
            f"sqlite+pysqlite:///{tmp_path / 'back.db'}",
        )
    )
    there, back = move(first, middle, quiet), move(middle, last, quiet)
    assert there == back
    for one in (first, middle, last):
        one.close()
    postgres.drop(middle.url)


def killed(old: str, new: str, key: str) -> None:
    """What a process does that is killed in the middle of a move."""

    def progress(table: str, rows: int) -> None:
        if table == "role":
            os.kill(os.getpid(), signal.SIGKILL)

    ring = KeyRing.parse(key)
    move(Database(old, ring), Database(new, ring), progress)


async def test_a_move_that_is_killed_leaves_nothing_and_can_be_repeated(
    engine_url: str, other: str
) -> None:
    key = KeyRing.fresh_key()
    old, new = (Database(url, KeyRing.parse(key)) for url in (engine_url, other))
    old.migrate()
    with old.session() as session, session.begin():
        credential.grant_admin(session, 5_000_000_001, at=MORNING)
    null = Path(os.devnull)
    process = forked.start(killed, engine_url, other, key, ends=(null, null, null))
    process.join()
    assert process.exitcode == -signal.SIGKILL
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
