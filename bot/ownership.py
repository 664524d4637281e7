"""Who works for a bot: one process at a time, and another within seconds when that one is gone.

SQLite belongs to one process as a whole (a lock on a file beside it). On PostgreSQL each bot, and
the keeping of time, is an advisory lock on a connection of its own: the server frees it the moment
that process or its network is gone. What the owner does checks `bot.owner` inside its transaction,
so a process that lost a bot without noticing can change nothing.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

CUT = {
    "connect_timeout": 3,
    # Our side notices a network that was cut by these …
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 4000,
    # … and the server by these; until then it keeps the seat of a process it cannot reach.
    "options": "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2",
}
"""Both sides give up within four seconds on a network that was cut."""
SPACE = 0x7E1E
"""Our own half of PostgreSQL's advisory lock numbers."""


class AlreadyRunning(Exception):
    """Another process has this database open."""


class FileLock:
    """Keeps a second process away from an SQLite file; the system frees it when this one ends."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Take the file or raise AlreadyRunning; RuntimeError where no file can be."""
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise RuntimeError(f"DATABASE_URL: {self._path.parent}: {error.strerror}") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise AlreadyRunning(f"another process is using {self._path.stem}") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the next process have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Seat:
    """One advisory lock: a bot, or the keeping of time (number 0)."""

    def __init__(self, url: str, number: int) -> None:
        self._engine = sqlalchemy.create_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=CUT
        )
        # Bot ids are longer than the 32 bits of a lock; two of one installation may not meet.
        self._number = number % 0x7FFFFFFF
        self._connection: Connection | None = None

    async def take(self) -> bool:
        """Try to sit down; tell whether the seat is ours now."""
        return await asyncio.to_thread(self._take)

    async def holds(self) -> bool:
        """Tell whether the seat is still ours."""
        return await asyncio.to_thread(self._holds)

    async def leave(self) -> None:
        """Stand up, so that another may sit down at once."""
        await asyncio.to_thread(self._leave)

    def _take(self) -> bool:
        lock = sqlalchemy.select(sqlalchemy.func.pg_try_advisory_lock(SPACE, self._number))
        try:
            self._connection = self._engine.connect()
            ours = bool(self._connection.scalar(lock))
        except DBAPIError:
            ours = False
        if not ours:
            self._leave()
        return ours

    def _holds(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except DBAPIError:
            self._leave()
            return False
        return True

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


@contextmanager
def kept_still(url: str) -> Iterator[None]:
    """Let no process work on this database meanwhile; raises AlreadyRunning where one does."""
    with ExitStack() as stack:
        if url.startswith("sqlite"):
            stack.enter_context(FileLock(Path(sqlalchemy.make_url(url).database or "")))
        else:
            for number in (0, *_bots(url)):
                seat = Seat(url, number)
                stack.callback(seat._leave)
                if not seat._take():
                    raise AlreadyRunning("another process works on this database: stop it first")
        yield


def _bots(url: str) -> list[int]:
    engine = sqlalchemy.create_engine(url, poolclass=NullPool, connect_args=CUT)
    with engine.connect() as connection:
        if not sqlalchemy.inspect(connection).has_table("bot"):
            return []
        return list(connection.exec_driver_sql("SELECT id FROM bot").scalars())
