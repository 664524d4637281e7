"""What every record shares: named constraints, moments, ids that are known before the insert."""

import enum
import secrets
import threading
import time
from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy
from sqlalchemy import BigInteger, DateTime, Integer, MetaData, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Batch migrations on SQLite can only drop what has a name.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


SEQUENCE = BigInteger().with_variant(Integer(), "sqlite")
"""For rows whose order matters; SQLite counts up by itself only where the type is INTEGER."""


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment on both databases; SQLite alone would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: it would be read as another hour elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC, whatever time zone the database server lives in."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of every record."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        datetime: Moment(),
        enum.StrEnum: sqlalchemy.Enum(
            enum.StrEnum,
            native_enum=False,
            length=20,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


class _Ids:
    """Rising 63-bit ids: milliseconds, then 20 random bits; within a process never twice.

    The clock is read only to keep neighbours in time neighbours on disk; no rule reads it back.
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        """Give an id that no record has."""
        fresh = (time.time_ns() // 1_000_000) << 20 | secrets.randbits(20)
        with self._lock:
            self._last = max(fresh, self._last + 1)
            return self._last


new_id = _Ids()


class Record:
    """Gives a table an id that is known as soon as the record is made, as its document needs it."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    def __init__(self, **columns: Any) -> None:
        columns.setdefault("id", new_id())
        super().__init__(**columns)

    def __repr__(self) -> str:
        """Show which record it is, never what it says."""
        return f"<{type(self).__name__} {self.id}>"
