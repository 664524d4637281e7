"""The schema: made from nothing, equal to the models, changed without losing anybody's rows."""

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.orm import Session

from bot import database as storage
from bot.database import Database
from models import Base
from models.audit import Audit, AuditSeal
from models.bot import Bot, Contact
from models.consent import ConsentText
from models.consultation import Consultation, Status, Step
from models.mail import Outgoing
from models.message import Message, Pair
from models.patient import Patient
from models.person import Person
from models.seal import KeyRing
from tests.town import Town

pytestmark = pytest.mark.engine

APPEND_ONLY = ("audit", "audit_seal", "consent_text", "step")


def ring() -> KeyRing:
    return KeyRing.parse(KeyRing.fresh_key())


def fill(engine: Engine) -> None:
    """One row in every table that matters here, each pointing at its parents."""
    at = datetime(2026, 11, 24, 1, tzinfo=UTC)
    with Session(engine) as session:
        session.add(Person(id=1, telegram_id=11, since_at=at))
        session.add(Bot(id=7, username="contoh"))
        session.flush()
        session.add(Contact(bot_id=7, person_id=1, opened_at=at))
        session.add(Patient(id=1, asker_id=1))
        session.flush()
        session.add(Consultation(id=1, bot_id=7, asker_id=1, patient_id=1, opened_at=at))
        session.flush()
        session.add(Step(id=1, consultation_id=1, before=Status.DRAFT, after=Status.WAITING, at=at))
        session.add(Audit(at=at, by_id=1, act="open", record="patient:1"))
        session.add(ConsentText(version="0123456789ab", text="contoh", at=at))
        session.add(AuditSeal(upto_seq=1, at=at, count=1, signature=b""))
        session.commit()


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 - our own names
            for table in Base.metadata.tables
        }


async def test_from_nothing_to_what_the_models_say(engine_url: str) -> None:
    database = Database(engine_url, ring())
    database.migrate()
    database.migrate()  # a second start finds the work done
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {
            *Base.metadata.tables, "alembic_version",
        }  # fmt: skip
    database.close()


@pytest.mark.parametrize("table", APPEND_ONLY)
async def test_what_is_written_down_is_neither_changed_nor_removed(
    engine_url: str, table: str
) -> None:
    database = Database(engine_url, ring())
    database.migrate()
    fill(database.writer)
    before = counts(database.writer)
    for statement in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):  # noqa: S608 - our own names
        with (
            pytest.raises(sqlalchemy.exc.DBAPIError, match="append-only"),
            database.writer.begin() as connection,
        ):
            connection.exec_driver_sql(statement)
    assert counts(database.writer) == before
    assert before[table] == 1
    database.close()


def batch_on_a_parent(connection: Connection) -> None:
    """What a future migration would do to a table that others point at."""
    with Operations(MigrationContext.configure(connection)).batch_alter_table(
        "person", recreate="always"
    ) as batch:
        batch.add_column(sqlalchemy.Column("new", sqlalchemy.String(), nullable=True))


async def test_a_change_of_a_parent_table_keeps_its_children(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url, ring())
    database.migrate()
    fill(database.writer)
    before = counts(database.writer)
    monkeypatch.setattr(
        command,
        "upgrade",
        lambda config, _: batch_on_a_parent(config.attributes["connection"]),
    )
    database.migrate()
    assert counts(database.writer) == before
    with database.writer.connect() as connection:
        assert "new" in {one["name"] for one in inspect(connection).get_columns("person")}
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()


async def test_a_migration_that_would_leave_orphans_changes_nothing(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url, ring())
    database.migrate()
    fill(database.writer)
    before = counts(database.writer)
    monkeypatch.setattr(
        command,
        "upgrade",
        lambda config, _: config.attributes["connection"].exec_driver_sql("DELETE FROM person"),
    )
    with pytest.raises(RuntimeError, match="without their parents"):
        database.migrate()
    assert counts(database.writer) == before
    database.close()


FIRST = "0001"


@pytest.fixture
def older(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database of the first version, with a person in it."""
    real = command.upgrade
    database = Database(sqlite_url, ring())
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda config, _: real(config, FIRST))
        database.migrate()
    with database.writer.begin() as connection:  # no Person: it has columns of later versions
        connection.exec_driver_sql(
            "INSERT INTO person (id, telegram_id, since_at) VALUES (1, 11, '2026-11-24 01:00:00')"
        )
    yield database
    database.close()


@pytest.fixture
def copy(older: Database) -> Path:
    """Where the file is kept before the upgrade to what the code wants."""
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    newest = ScriptDirectory.from_config(config).get_current_head()
    return Path(f"{sqlalchemy.make_url(older.url).database}.before-{newest}")


def revision(database: Database) -> tuple[str, ...]:
    with database.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads()


def test_before_an_upgrade_the_file_is_kept(older: Database, copy: Path) -> None:
    older.migrate()
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not copy.with_name(copy.name + ".part").exists()
    kept = Database(f"sqlite+pysqlite:///{copy}", older.ring)
    assert revision(kept) == (FIRST,)
    assert revision(older) == (copy.name.removeprefix("town.db.before-"),)
    with kept.reader.connect() as connection:
        assert connection.scalar(sqlalchemy.select(Person.telegram_id)) == 11
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    kept.close()


def test_the_copy_is_of_the_moment_before_the_last_try(older: Database, copy: Path) -> None:
    """An upgrade that failed, or was taken back, is tried again over newer rows."""
    copy.write_bytes(b"from an earlier try")
    copy.with_name(copy.name + ".part").write_bytes(b"the power went")
    older.migrate()
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT telegram_id FROM person").fetchall() == [(11,)]


def test_without_a_copy_there_is_no_upgrade(older: Database, copy: Path) -> None:
    copy.mkdir()  # nothing can take its place
    with pytest.raises(RuntimeError, match="no copy before the upgrade, so no upgrade"):
        older.migrate()
    assert revision(older) == (FIRST,)


def test_a_first_or_a_second_start_keeps_no_copy(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url, ring())
    database.migrate()
    database.migrate()
    assert list(tmp_path.glob("*.before-*")) == []
    database.close()


async def test_a_newer_database_is_refused_in_plain_words(each_town: Town) -> None:
    database = each_town.app.database
    with database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RuntimeError, match="newer Telekonsul: upgrade this one"):
        database.migrate()


def test_every_migration_can_be_loaded() -> None:
    folder = Path(storage.__file__).parent.parent / "models" / "migrations" / "versions"
    names = [file.stem for file in folder.glob("[0-9]*.py")]
    assert names
    for name in names:
        module: ModuleType = importlib.import_module(f"models.migrations.versions.{name}")
        assert module.revision == name.split("_")[0]


def test_places_move_to_where_they_are_known(
    engine_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0005: a source goes to its message, a copy under way to its row, one that arrived stays."""
    database = Database(engine_url, ring())
    with monkeypatch.context() as patch:
        real = command.upgrade
        patch.setattr(command, "upgrade", lambda config, _: real(config, "0004"))
        database.migrate()
    with database.writer.begin() as connection:
        for statement in PLACES_BEFORE.split(";"):
            connection.exec_driver_sql(statement)
    database.migrate()
    with database.session() as session:
        written = session.execute(
            select(Message.id, Message.chat_id, Message.telegram_message_id).order_by(Message.id)
        )
        assert written.all() == [(1, 11, 101), (2, 11, 102), (3, 0, 0)]
        copies = select(Pair.message_id, Pair.chat_id, Pair.telegram_message_id)
        assert session.execute(copies).all() == [(1, 12, 201)]
        rows = session.execute(select(Outgoing.key, Outgoing.message_id).order_by(Outgoing.key))
        assert rows.all() == [("album", 1), ("gone", None), ("other", None)]
    database.close()


PLACES_BEFORE = """
INSERT INTO person (id, telegram_id, since_at) VALUES (1, 11, '2026-11-24 01:00:00');
INSERT INTO bot (id, username) VALUES (7, 'contoh');
INSERT INTO patient (id, asker_id) VALUES (1, 1);
INSERT INTO consultation (id, bot_id, asker_id, patient_id, opened_at, status, version)
    VALUES (1, 7, 1, 1, '2026-11-24 01:00:00', 'active', 1);
INSERT INTO message (id, consultation_id, author_id, part, at) VALUES
    (1, 1, 1, 'talk', '2026-11-24 01:00:00'), (2, 1, 1, 'talk', '2026-11-24 01:00:00'),
    (3, 1, 1, 'talk', '2026-11-24 01:00:00');
INSERT INTO outbox (seq, key, bot_id, target, method, chat_id, lane, consultation_id, repeatable,
                    created_at, settled_at) VALUES
    (1, 'album', 7, 'telegram', 'copyMessages', 12, 1, 1, true, '2026-11-24 01:00:00', NULL),
    (2, 'gone', 7, 'telegram', 'sendMessage', 12, 1, 1, true, '2026-11-24 01:00:00',
     '2026-11-24 01:00:01'),
    (3, 'other', 7, 'telegram', 'sendMessage', 12, 1, 1, true, '2026-11-24 01:00:00', NULL);
INSERT INTO pair (id, message_id, bot_id, chat_id, telegram_message_id, outbox_key) VALUES
    (1, 1, 7, 11, 101, NULL), (2, 2, 7, 11, 102, NULL), (3, 1, 7, 12, 201, 'sent and trimmed'),
    (4, 1, 7, 12, NULL, 'album'), (5, 2, 7, 12, NULL, 'album'), (6, 2, 7, 12, NULL, 'gone')
"""
