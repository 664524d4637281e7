"""What the tests of the machinery share."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import sqlalchemy
from sqlalchemy import Engine, NullPool
from sqlalchemy.exc import DBAPIError

from handlers import routes
from models.seal import KeyRing
from simulator.clock import Clock
from simulator.server import Server
from simulator.telegram import BotAccount, Delivery, Telegram
from tests.engine.process import Service
from tests.town import foreign

Handler = Callable[..., None]


@contextmanager
def handled_by(handler: Handler) -> Iterator[None]:
    """Let a function of the test stand where an update is handled; it gets the real one first."""
    real = routes.handle

    def handle(session: Any, bot_id: int, update: Any, seq: int, **at: Any) -> None:
        handler(real, session, bot_id, update, seq, **at)

    with mock.patch.object(routes, "handle", handle):
        yield


class Street:
    """A simulated Telegram with bots, for real processes that serve them."""

    def __init__(self, telegram: Telegram, url: str, folder: Path) -> None:
        self.telegram, self.url, self.folder = telegram, url, folder
        self.bots: list[BotAccount] = []
        self.foreign: list[str] = []
        self._services: list[Service] = []
        self._databases: set[str] = set()
        self._key = KeyRing.fresh_key()

    def settings(self, database: str, *bots: BotAccount) -> dict[str, str]:
        """What a process of these bots needs to know."""
        return {
            "TELEGRAM_BOT_TOKEN": ",".join(bot.token for bot in bots),
            "TELEGRAM_API_URL": self.url,
            "DATABASE_URL": database,
            "DATA_DIR": str(self.folder),
            "DATA_KEY": self._key,
            "HTTP_PORT": "0",
        }

    def service(self, database: str, *bots: BotAccount, handler_limit: float = 10.0) -> Service:
        """A place where one such process runs; closed with the street."""
        log = self.folder / f"service{len(self._services)}.log"
        one = Service(self.settings(database, *bots), log, handler_limit=handler_limit)
        if database not in self._databases:
            self._databases.add(database)
            engine = sqlalchemy.create_engine(database, poolclass=NullPool)
            self.telegram.watchers.append(lambda seen: self._check(engine, seen))
        self._services.append(one)
        return one

    def _check(self, engine: Engine, seen: Delivery) -> None:
        with suppress(DBAPIError):  # a server that the test has halted tells nothing
            self.foreign += foreign(engine, seen, at_once=False)

    async def close(self) -> None:
        """Leave no process behind; a test that failed shows what they logged at the end."""
        for one in self._services:
            await one.close()
            if one.log.exists():
                sys.stdout.write(one.log.read_text(errors="replace")[-3000:])


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """Telegram on the real clock, and room for processes."""
    telegram = Telegram(Clock())
    server = Server(telegram)
    opened = Street(telegram, await server.start(), tmp_path)
    yield opened
    await opened.close()
    await server.stop()
    assert not opened.foreign, opened.foreign
