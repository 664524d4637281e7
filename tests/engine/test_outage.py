"""What is waited for as an outage, and what is a bug: by errors that databases really gave."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.database import Database, is_outage
from models.seal import KeyRing
from tests.postgres import Postgres


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    opened = Database(migrated_url, KeyRing.parse(KeyRing.fresh_key()))
    yield opened
    opened.close()


def error_of(database: Database, *statements: str) -> DBAPIError:
    def act() -> None:
        with database.writer.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return raised_by(act)


def raised_by(act: Callable[[], object]) -> DBAPIError:
    with pytest.raises(DBAPIError) as raised:
        act()
    return raised.value


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM tidak_ada",
        "SELECT tidak_ada FROM person",
        "SELEC 1",
        f"SELECT {','.join(['1'] * 3000)}",  # operational to both drivers, and hopeless
        "INSERT INTO pair (id) VALUES (1)",
    ],
    ids=["table", "column", "syntax", "limit", "constraint"],
)
def test_a_statement_that_can_never_work_is_a_bug(database: Database, statement: str) -> None:
    assert not is_outage(error_of(database, statement))


def test_what_is_no_error_of_a_database_is_a_bug() -> None:
    assert not is_outage(ValueError("x"))


# ── SQLite ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def file(migrated_sqlite_url: str) -> Iterator[Database]:
    opened = Database(migrated_sqlite_url, KeyRing.parse(KeyRing.fresh_key()))
    yield opened
    opened.close()


def test_a_locked_sqlite_is_an_outage(file: Database, tmp_path: Path) -> None:
    with file.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
    other = sqlite3.connect(tmp_path / "town.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert is_outage(error_of(file, "SELECT 1"))
    other.close()


FILL = "CREATE TABLE full AS SELECT zeroblob(10000000)"


@pytest.mark.parametrize(
    "statements",
    [("PRAGMA max_page_count=1", FILL), ("PRAGMA query_only=1", FILL)],
    ids=["full", "read-only"],
)
def test_a_disk_that_takes_nothing_is_an_outage(file: Database, statements: list[str]) -> None:
    assert is_outage(error_of(file, *statements))


def test_a_file_that_cannot_be_opened_is_an_outage(tmp_path: Path) -> None:
    ring = KeyRing.parse(KeyRing.fresh_key())
    gone = Database(f"sqlite+pysqlite:///{tmp_path / 'nowhere' / 'town.db'}", ring)
    assert is_outage(error_of(gone, "SELECT 1"))
    gone.close()


# ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def server(postgres: Postgres, migrated_postgres: str) -> Iterator[Database]:
    url = postgres.database(template=migrated_postgres)
    opened = Database(url, KeyRing.parse(KeyRing.fresh_key()))
    yield opened
    opened.close()
    postgres.drop(url)


@contextmanager
def two(database: Database, level: str = "READ COMMITTED") -> Iterator[list[Connection]]:
    """Two connections in a transaction each."""
    engine = sqlalchemy.create_engine(database.url, isolation_level=level)
    with engine.connect() as one, engine.connect() as other:
        yield [one, other]
    engine.dispose()


@pytest.mark.engine
def test_a_server_that_is_away_is_an_outage(postgres: Postgres, server: Database) -> None:
    with server.writer.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        postgres.halt()
        try:
            assert is_outage(raised_by(lambda: connection.exec_driver_sql("SELECT 1")))
            assert is_outage(error_of(server, "SELECT 1")), "nor can a new one be made"
        finally:
            postgres.start()
    with server.writer.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        postgres.kill_backends()
        assert is_outage(raised_by(lambda: connection.exec_driver_sql("SELECT 1")))


@pytest.mark.engine
def test_who_was_before_us_is_an_outage(server: Database) -> None:
    write = "UPDATE note SET word = 'x'"
    with server.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE note AS SELECT 'a' AS word")
    with two(server) as (one, other):
        one.exec_driver_sql(write)
        other.exec_driver_sql("SET lock_timeout = '1ms'")
        assert is_outage(raised_by(lambda: other.exec_driver_sql(write)))
    with two(server, "REPEATABLE READ") as (one, other):
        other.exec_driver_sql("SELECT * FROM note")
        one.exec_driver_sql(write)
        one.commit()
        assert is_outage(raised_by(lambda: other.exec_driver_sql(write)))


@pytest.mark.engine
def test_a_query_that_takes_too_long_is_a_bug(server: Database) -> None:
    assert not is_outage(error_of(server, "SET statement_timeout = '1ms'", "SELECT pg_sleep(1)"))
