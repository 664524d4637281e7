"""Moving house: everything from one database to another, verified before it counts.

Rows go over as they are: what is sealed stays sealed with the same key. All of it is one
transaction of the target, so that anything but a proven copy leaves nothing behind. The source is
held still meanwhile and stays as it was.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Column, Connection, Table, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.database import Database, is_outage
from bot.ownership import kept_still
from models.base import Base
from models.seal import Sealed, Unreadable
from services import audit, rekey

BATCH = 500
"""Rows that are in memory at one time."""
SAMPLE = 100
"""Documents of a table that are tried before it counts as erased: an erased one opens nowhere."""


@dataclass(frozen=True, slots=True)
class Copied:
    """One table, equal on both sides."""

    table: str
    rows: int
    digest: str
    opened: bool | None
    """Whether a document opened with the key on both sides; empty where nothing is sealed."""


def move(source: Database, target: Database, progress: Callable[[str, int], None]) -> list[Copied]:
    """Copy everything and prove it; `progress` hears the table and its rows so far.

    Raises AlreadyRunning where a process works on either side, and RuntimeError with the reason
    where the target is not empty or the copy is not the same: then the target is as it was.
    """
    with kept_still(source.url), _room(target), kept_still(target.url):
        source.migrate()
        with source.writer.begin() as there, target.migrated() as here:
            _refuse_unless_empty(here)
            if not source.is_sqlite:
                names = ", ".join(Base.metadata.tables)
                there.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
                there.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
            copy_rows(there, here, progress)
            return _prove(source, there, target, here)


def copy_rows(there: Connection, here: Connection, progress: Callable[[str, int], None]) -> None:
    """Copy every row as it is into empty tables; raises RuntimeError where one is refused."""
    with _parents_may_come_later(here):
        for table in Base.metadata.sorted_tables:
            done = 0
            for page in _pages(there, table):
                try:
                    here.execute(insert(table), page)
                except DBAPIError as error:
                    if is_outage(error):
                        raise
                    # The error itself would show the row.
                    reason = type(error.orig).__name__
                    raise RuntimeError(f"the target refuses a row of {table}: {reason}") from None
                done += len(page)
                progress(table.name, done)
            _count_on(there, here, table)


def _prove(source: Database, there: Connection, target: Database, here: Connection) -> list[Copied]:
    proven = []
    sealed = {one.class_.__tablename__: one.class_ for one in Base.registry.mappers}
    with source.session(joined=there) as old, target.session(joined=here) as new:
        for table in Base.metadata.sorted_tables:
            before, after = _digest(there, table), _digest(here, table)
            if before != after:
                raise RuntimeError(
                    f"{table} is not the same: {before[0]} rows before, {after[0]} after"
                    + (", with another content" if before[0] == after[0] else "")
                )
            kind = sealed[table.name]
            opened = _opens(old, new, kind) if issubclass(kind, Sealed) else None
            proven.append(Copied(table.name, *after, opened))
        if not rekey.fits(old):
            raise RuntimeError("DATA_KEY opens nothing of this database: it is another key")
        if audit.verify(old) != audit.verify(new):
            raise RuntimeError("the audit trail's seals do not fit any more")
    if not any(one.rows for one in proven):
        raise RuntimeError("nothing is there to move: is DATABASE_URL the one in use?")
    return proven


def _pages(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows = connection.execute(select(table).execution_options(yield_per=BATCH))
    for page in rows.mappings().partitions():
        yield [dict(row) for row in page]


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    """Give the number of rows and the sum of their hashes: the two engines sort differently."""
    count = total = 0
    for page in _pages(connection, table):
        count += len(page)
        for row in page:
            total += int.from_bytes(sha256(repr(tuple(row.values())).encode()).digest())
    return count, f"{total % 2**256:064x}"


def _opens(old: Session, new: Session, kind: Any) -> bool | None:
    """Open one document on both sides; False where none opens, None where nothing is sealed."""
    found = None
    for row in old.scalars(select(kind).where(kind.sealed.is_not(None)).limit(SAMPLE)):
        found = False
        try:
            document = row.read(old)
        except Unreadable:
            continue
        try:
            same = new.get_one(kind, sqlalchemy.inspect(row).identity).read(new) == document
        except Unreadable:
            same = False
        if not same:
            raise RuntimeError(f"a document of {kind.__tablename__} does not open in the copy")
        return True
    return found


def _count_on(there: Connection, here: Connection, table: Table) -> None:
    """Let the copy count on where the source is: a number that was given is never given again."""
    column = table.autoincrement_column
    if column is None:
        return
    last = max(_counter(there, column), there.scalar(select(func.max(column))) or 0)
    if here.dialect.name == "sqlite":
        if table.dialect_options["sqlite"]["autoincrement"]:
            here.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
            here.exec_driver_sql("INSERT INTO sqlite_sequence VALUES (?, ?)", (table.name, last))
    elif last and (sequence := _sequence(here, column)):
        here.execute(select(func.setval(sequence, last)))


def _counter(connection: Connection, column: Column[Any]) -> int:
    """Give the last number that a table has given itself; 0 when none."""
    if connection.dialect.name == "sqlite":
        found = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        return connection.exec_driver_sql(found, (column.table.name,)).scalar() or 0
    sequence = _sequence(connection, column)
    if sequence is None:
        return 0
    found = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608 - PostgreSQL's own name, quoted by it
    return int(connection.exec_driver_sql(found).scalar_one())


def _sequence(connection: Connection, column: Column[Any]) -> str | None:
    name: str | None = connection.scalar(
        select(func.pg_get_serial_sequence(column.table.name, column.name))
    )
    return name


@contextmanager
def _parents_may_come_later(here: Connection) -> Iterator[None]:
    """Check foreign keys at the end: a consultation may follow one whose number is higher.

    On SQLite the connection of a migration does so by itself.
    """
    if here.dialect.name == "sqlite":
        yield
        return
    look = sqlalchemy.inspect(here)
    keys = [(t, key["name"]) for t in Base.metadata.tables for key in look.get_foreign_keys(t)]
    for table, key in keys:
        here.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE")
    here.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
    yield
    try:
        here.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except DBAPIError as error:
        if is_outage(error):
            raise
        raise RuntimeError("the source has rows without their parents") from None
    for table, key in keys:
        here.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE")


def _refuse_unless_empty(here: Connection) -> None:
    tables = set(sqlalchemy.inspect(here).get_table_names())
    if foreign := sorted(tables - {*Base.metadata.tables, "alembic_version"}):
        raise RuntimeError(f"the target is not empty: it has a table {foreign[0]}")
    for table in Base.metadata.sorted_tables:
        if here.scalar(select(func.count()).select_from(table)):
            raise RuntimeError(f"the target is not empty: it has rows in {table}")


@contextmanager
def _room(target: Database) -> Iterator[None]:
    """Make an SQLite file that only its owner can read, and remove it if nothing comes of it."""
    file = Path(sqlalchemy.make_url(target.url).database or "")
    if not target.is_sqlite or file.exists():
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield
    except BaseException:
        for end in ("", "-wal", "-shm", ".lock"):
            file.with_name(file.name + end).unlink(missing_ok=True)
        raise
