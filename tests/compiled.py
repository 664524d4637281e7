"""Statements compiled once a process: every town's engine would compile the same ones again."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect

COMPILED: dict[Any, Any] = {}


class _Shared(Dialect):
    """Equal to every other of its kind: the key of a compiled statement holds its dialect."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=COMPILED)


class SQLite(_Shared, SQLiteDialect_pysqlite):
    """The dialect of all SQLite files."""

    supports_statement_cache = True


class PostgreSQL(_Shared, PGDialect_psycopg):
    """The dialect of all databases on this worker's server."""

    supports_statement_cache = True


def share() -> None:
    """Let every engine that is made from now on know what the others compiled."""
    registry.register("sqlite.pysqlite", __name__, SQLite.__name__)
    registry.register("postgresql.psycopg", __name__, PostgreSQL.__name__)
