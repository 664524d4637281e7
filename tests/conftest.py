"""What every test may ask for: a database of either kind, and a town around it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres
from tests.town import Town, open_town


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


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)],
)
def engine_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    """An empty database: the test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        yield sqlite_url
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.database()
    yield url
    server.drop(url)


@pytest.fixture
async def town(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The whole service on SQLite."""
    async with open_town(sqlite_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def each_town(engine_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """The whole service, once on SQLite and once on PostgreSQL."""
    async with open_town(engine_url, tmp_path) as opened:
        yield opened
