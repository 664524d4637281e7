"""A database with one bot and one facility, and a session on it that ends as if nothing was."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from bot.database import Database
from models.bot import Bot
from models.seal import KeyRing
from services import facility
from tests.services.cast import BOT, FACILITY

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    """SQLite, with the schema and the two rows that everything hangs on."""
    yield from _database(migrated_sqlite_url)


@pytest.fixture
def each_database(migrated_url: str) -> Iterator[Database]:
    """The same, once on SQLite and once on PostgreSQL."""
    yield from _database(migrated_url)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One transaction on SQLite, rolled back."""
    with database.session(cause="test") as opened:
        yield opened


@pytest.fixture
def each_session(each_database: Database) -> Iterator[Session]:
    """One transaction, once on SQLite and once on PostgreSQL."""
    with each_database.session(cause="test") as opened:
        yield opened


def _database(url: str) -> Iterator[Database]:
    database = Database(url, KeyRing([OLD]))
    with database.session() as session, session.begin():
        session.add(Bot(id=BOT, username="telekonsul_contoh_bot"))
        facility.add(session, FACILITY, "Puskesmas Contoh", "dr. Contoh", "nomor contoh")
    yield database
    database.close()
