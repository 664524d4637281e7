"""The database and the one thread that writes to it.

Handlers and services are plain functions; the event loop hands them to this thread and waits. On
SQLite one connection writes, so nothing inside the process ever waits for a lock; readers (pages,
metrics) have connections of their own that cannot write. Whatever waits for the thread at one time
goes into one transaction: it is the disk that takes long, and it takes no longer for many.
"""

import asyncio
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from models.base import new_id
from models.seal import KeyRing
from services.atlas import Holder

T = TypeVar("T")

MIGRATING = 0x7E1E0001
"""PostgreSQL's advisory lock for whoever changes the schema."""
REACH = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How soon a PostgreSQL that no longer answers counts as away; the system would wait for hours."""
SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,  # the lock of the WAL could not be had
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,  # a disk with errors is often made read-only by the system
    sqlite3.SQLITE_NOMEM,
}
"""https://www.sqlite.org/rescode.html; SQLITE_ERROR, a wrong statement, is not among them."""
POSTGRESQL_AWAY = (
    "08",  # the connection failed
    "40001",  # could not be serialized
    "40P01",  # a deadlock
    "53",  # no disk, memory or connection left
    "55P03",  # a lock could not be had
    "57P",  # the server shuts down, crashes, starts, or drops the database
    "58",  # the system under it fails
)
"""https://www.postgresql.org/docs/current/errcodes-appendix.html, by how they begin."""
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: NORMAL may lose the last commits when power fails
    "foreign_keys": 1,
    "temp_store": 2,  # MEMORY: no patient's word in a temporary file
    "secure_delete": 1,
    "busy_timeout": 10_000,
}


class Schema(Enum):
    """How a database's schema stands beside the one that this program wants."""

    ABSENT, OLDER, CURRENT, NEWER = range(4)


@dataclass(frozen=True, slots=True)
class _Job:
    """One piece of work for the writing thread, and who waits for what comes of it."""

    work: Callable[[Connection], Any]
    done: Future[Any] = field(default_factory=Future)


class Database:
    """Everything the process needs of its database."""

    def __init__(self, url: str, ring: KeyRing) -> None:
        self.url, self.ring, self.atlas = url, ring, Holder()
        self.is_sqlite = url.startswith("sqlite")
        self.writer = _engine(url, foreign_keys=True, read_only=False)
        self.reader = _engine(url, foreign_keys=True, read_only=True)
        self._write_thread = ThreadPoolExecutor(1, "database")
        self._read_thread = ThreadPoolExecutor(2, "database-reader")
        self._waiting: deque[_Job] = deque()

    async def write(self, work: Callable[[Session], T], *, cause: str = "") -> T:
        """Run `work` in one transaction on the writing thread: all of it happens, or none.

        It shares the transaction with what else waits, and may run twice: when a neighbour fails,
        all is taken back and each is run alone.
        """

        def whole(connection: Connection) -> T:
            # No savepoint: a full disk takes it away with the transaction and hides why.
            mode: Any = "rollback_only"
            with (
                Session(connection, join_transaction_mode=mode, info=self._info(cause)) as session,
                session.begin(),
            ):
                return work(session)

        return await self.batch(whole)

    async def batch(self, work: Callable[[Connection], T]) -> T:
        """Do the same with a bare connection, on which `work` joins sessions of its own."""
        job = _Job(work)
        self._waiting.append(job)
        self._write_thread.submit(self._turn)
        result: T = await asyncio.wrap_future(job.done)
        return result

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` beside the writing thread, on a connection that refuses to write."""

        def whole() -> T:
            with self.reading() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._read_thread, whole)

    def session(self, *, cause: str = "", joined: Connection | None = None) -> Session:
        """Give a session that carries the key ring and the cause of what it does.

        Joined to a connection it lives in a savepoint: what it spoils is spoilt for nobody else.
        """
        if joined is None:
            return Session(self.writer, info=self._info(cause))
        return Session(
            joined,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,  # nobody looks at its records afterwards
            info=self._info(cause),
        )

    def reading(self) -> Session:
        """Give a session whose connection refuses to write."""
        return Session(self.reader, info=self._info(""))

    def schema(self) -> Schema:
        """Tell how the schema stands; nothing is made or changed, not even an empty file."""
        file = Path(self.reader.url.database or "")
        if self.is_sqlite and not (file.exists() and file.stat().st_size):
            return Schema.ABSENT
        with self.reader.connect() as connection:
            return _schema(connection)

    def migrate(self) -> None:
        """Bring the schema up to date; raises RuntimeError where a newer version made it."""
        with self.migrated():
            pass

    @contextmanager
    def migrated(self) -> Iterator[Connection]:
        """Give one transaction in which the schema is up to date; all of it happens, or none.

        SQLite minds no foreign keys meanwhile; they are checked at the end.
        """
        engine = _engine(self.url, foreign_keys=False, read_only=False)
        try:
            with engine.begin() as connection:
                self._migrate(connection)
                yield connection
                if self.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise RuntimeError("this would leave rows without their parents")
        finally:
            engine.dispose()

    def close(self) -> None:
        """Finish what is under way and let go of the database."""
        self._write_thread.shutdown()
        self._read_thread.shutdown()
        self.reader.dispose()
        self.writer.dispose()

    def _migrate(self, connection: Connection) -> None:
        if not self.is_sqlite:
            # Two processes that start together: the second waits and finds the work done.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
        schema, config = _schema(connection), _migrations()
        if schema is Schema.NEWER:
            raise RuntimeError("the database was made by a newer Telekonsul: upgrade this one")
        if schema is Schema.OLDER and self.is_sqlite:
            self._keep_copy(f"before-{ScriptDirectory.from_config(config).get_current_head()}")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    def _keep_copy(self, mark: str) -> None:
        """Keep the file as it is beside it: the way back from an upgrade.

        The caller's transaction holds every other writer off until the schema has changed.
        """
        file = Path(sqlalchemy.make_url(self.url).database or "")
        part, copy = (file.with_name(f"{file.name}.{end}") for end in (f"{mark}.part", mark))
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("VACUUM INTO ?", (str(part),))
            sync(part)
            part.replace(copy)
            sync(copy.parent)
        except (sqlite3.Error, OSError) as error:
            part.unlink(missing_ok=True)
            raise RuntimeError(f"no copy before the upgrade, so no upgrade: {error}") from None

    def _info(self, cause: str) -> dict[str, Any]:
        return {"ring": self.ring, "atlas": self.atlas, "cause": cause or f"new:{new_id()}"}

    def _turn(self) -> None:
        """One transaction for all that waits, and for what still comes while that runs."""
        first = self._next()
        if first is not None:
            self._transact([first], self._next)

    def _next(self) -> _Job | None:
        while self._waiting:
            job = self._waiting.popleft()
            if job.done.set_running_or_notify_cancel():
                return job
        return None

    def _transact(self, jobs: list[_Job], more: Callable[[], _Job | None]) -> None:
        results: list[Any] = []
        try:
            with self.writer.begin() as connection:
                for job in jobs:
                    results.append(job.work(connection))
                    if (late := more()) is not None:
                        jobs.append(late)
        except BaseException as error:  # noqa: BLE001 - it goes to whoever waits for it
            # Who failed alone, or whose commit did, hears of it; nothing of a transaction happened.
            if len(jobs) == 1 or len(results) == len(jobs):
                for job in jobs:
                    job.done.set_exception(error)
            else:
                for job in jobs:
                    self._transact([job], lambda: None)
        else:
            for job, result in zip(jobs, results, strict=True):
                job.done.set_result(result)


def is_outage(error: BaseException) -> bool:
    """Tell whether the database is away (locked, full, restarted), which is nobody's fault.

    A statement that can never work is none, though drivers call some of those operational too:
    whoever waited for it to work would wait for ever.
    """
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if not isinstance(error, sqlalchemy.exc.OperationalError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(POSTGRESQL_AWAY)  # none: it was never reached


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    return config


def _schema(connection: Connection) -> Schema:
    steps = ScriptDirectory.from_config(_migrations())
    present = set(MigrationContext.configure(connection).get_current_heads())
    if not present:
        return Schema.ABSENT
    if not present <= {step.revision for step in steps.walk_revisions()}:
        return Schema.NEWER
    return Schema.CURRENT if steps.get_current_head() in present else Schema.OLDER


def sync(path: Path) -> None:
    """Return when the file, or the folder's list of names, is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def described(outage: BaseException) -> str:
    """Name an outage in the database's own words, which hold nothing that anybody said."""
    words = str(getattr(outage, "orig", None) or "").splitlines()
    return ": ".join([type(outage).__name__, *words[:1]])


def _standing(file: Path) -> tuple[int, int] | None:
    """Tell which file stands at this place now."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _engine(url: str, *, foreign_keys: bool, read_only: bool) -> Engine:
    if not url.startswith("sqlite"):
        options = "-c default_transaction_read_only=on" if read_only else ""
        return sqlalchemy.create_engine(
            url,
            pool_size=2,
            max_overflow=8,
            pool_pre_ping=True,
            connect_args=REACH | {"options": options},
        )
    engine = sqlalchemy.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=2 if read_only else 0,
        connect_args={"check_same_thread": False},
    )
    file = Path(engine.url.database or "")
    pragmas = PRAGMAS | {"foreign_keys": int(foreign_keys), "query_only": int(read_only)}

    @event.listens_for(engine, "connect")
    def connect(raw: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        raw.isolation_level = None  # the driver must not begin transactions of its own
        for name, value in pragmas.items():
            raw.execute(f"PRAGMA {name}={value}")
            (found,) = raw.execute(f"PRAGMA {name}").fetchone()
            if found != value:
                raise RuntimeError(f"SQLite refuses {name}={value} (it says {found})")
        record.info["file"] = _standing(file)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # What is written into a file that no longer has a name is gone with the process.
        if connection.info["file"] != _standing(file):
            raise RuntimeError("the database file was moved or replaced while it was in use")
        # Deferred transactions fail with «database is locked» whatever the time-out.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
