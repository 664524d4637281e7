"""Databases that have the schema already: migrated once in each worker, then copied."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.database import Database
from models.seal import KeyRing


def sqlite(file: Path) -> str:
    """Make an SQLite file with the schema and nothing else; give its URL."""
    shutil.copyfile(_template(), file)
    return f"sqlite+pysqlite:///{file}"


def migrated(url: str) -> str:
    """Give the URL back when the schema is there and nobody is connected."""
    database = Database(url, KeyRing.parse(KeyRing.fresh_key()))
    database.migrate()
    database.close()
    return url


@cache
def _template() -> Path:
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    file = Path(folder.name, "migrated.db")
    migrated(f"sqlite+pysqlite:///{file}")
    return file
