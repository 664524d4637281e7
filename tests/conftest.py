"""What every test may ask for: a database of either kind, and a town around it."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import compiled, memory, schema
from tests.postgres import Postgres
from tests.town import Town, open_town

# What a test starts keeps what it compiled: where that is forbidden each start takes a second more.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """A command called in this process narrows the umask for good; the next test is another's."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real PostgreSQL server for this worker's tests, started when the first asks for it."""
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty SQLite file."""
    return f"sqlite+pysqlite:///{tmp_path / 'town.db'}"


@pytest.fixture
def migrated_sqlite_url(tmp_path: Path) -> str:
    """An SQLite file with the schema and nothing else."""
    return schema.sqlite(tmp_path / "town.db")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database: whatever needs a database of either kind runs on both."""
    return str(request.param)


@pytest.fixture
def engine_url(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database: the test that asks for it runs on both kinds."""
    if kind == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.database()
    yield url
    server.drop(url)


@pytest.fixture
def migrated_url(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with the schema and nothing else: the test that asks for it runs on both kinds."""
    if kind == "sqlite":
        yield request.getfixturevalue("migrated_sqlite_url")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.database(template=request.getfixturevalue("migrated_postgres"))
    yield url
    server.drop(url)


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """The database that others are copied from; nobody may stay connected to it."""
    return schema.migrated(postgres.database())


@pytest.fixture
async def town(migrated_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The whole service on SQLite."""
    async with open_town(migrated_sqlite_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def each_town(migrated_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The whole service, once on SQLite and once on PostgreSQL."""
    async with open_town(migrated_url, tmp_path) as opened:
        yield opened


compiled.share()

if memory.FOLDER == memory.SHARED:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory.FOLDER))

# What was imported stays to the end: looking through it for garbage was a tenth of the suite.
gc.collect()
gc.freeze()
gc.set_threshold(100_000, 50, 50)
