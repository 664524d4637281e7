"""Backups: the whole service in one file, sealed to the recovery phrase, made while it runs.

A backup holds the database as one SQLite file, the sealed media and the data key: the phrase alone
brings everything back (`bot/restore.py`). Every night one is made, and the old ones go.
"""

import asyncio
import json
import os
import re
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

import sqlalchemy
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import config, move
from bot.clock import Clock
from bot.config import Settings
from bot.database import Database, described, is_outage, sync
from bot.envelope import Sealer
from services import alarm
from services.content import plain

log = structlog.get_logger()

DATABASE, KEY, MANIFEST, MEDIA = "telekonsul.db", "data.key", "manifest.json", "media"
"""What lies in a backup."""
NAME = re.compile(r"telekonsul-(\d{8}T\d{6})Z\.cadangan")
NIGHT = timedelta(hours=18)
"""After midnight UTC: one, two and three o'clock in Indonesia's three zones."""
NIGHTS, WEEKS = 7, 4
"""So many nights and weeks are kept, a month in all: what people have had erased ages out."""
AGAIN = 3600.0
"""Seconds until a backup that failed is tried again."""
LOOK = 60.0
LATE = timedelta(days=2)
"""A newest backup older than this is a fault."""


class Failed(Exception):
    """No backup was made, and why."""


@dataclass(frozen=True, slots=True)
class Made:
    """One backup that lies there."""

    path: Path
    at: datetime


def make(
    settings: Settings,
    key: str,
    *,
    at: datetime,
    hear: Callable[[str, int], None] = lambda what, count: None,
) -> Made:
    """Make one beside the running service; `hear` is told what is copied, and how much.

    Raises Failed: then the folder is as it was.
    """
    folder = settings.backup_dir
    if folder is None or not settings.backup_key:
        raise Failed(plain("backup.not_set_up"))
    path = folder / f"telekonsul-{at:%Y%m%dT%H%M%SZ}.cadangan"
    part = path.with_suffix(".part")
    try:
        with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".cadangan-") as aside:
            copy = Path(aside, DATABASE)
            _snapshot(settings, copy, hear)
            with _new(part) as file, closing(Sealer(file, settings.backup_key)) as sealer:
                _pack(sealer, copy, settings, key, at, hear)
        part.replace(path)
        sync(folder)
    except (OSError, sqlite3.Error, SQLAlchemyError, RuntimeError) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        # The message of a database's error may show a row.
        reason = error.strerror if isinstance(error, OSError) else None
        raise Failed(reason or type(error).__name__) from None
    return Made(path, at)


def found(folder: Path) -> list[Made]:
    """Give the backups of a folder, newest first; raises OSError."""
    made = [Made(one, _moment(match[1])) for one in folder.iterdir()
            if (match := NAME.fullmatch(one.name))]  # fmt: skip
    return sorted(made, key=lambda one: one.at, reverse=True)


def is_due(newest: datetime | None, now: datetime) -> bool:
    """Tell whether the last night has passed without a backup."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    last = midnight + NIGHT if now >= midnight + NIGHT else midnight + NIGHT - timedelta(days=1)
    return newest is None or newest < last or newest > now


def superfluous(made: Iterable[Made]) -> list[Made]:
    """Give those that are neither of the newest nights nor the newest of one of the last weeks."""
    ordered = sorted(made, key=lambda one: one.at, reverse=True)
    nights: dict[object, Made] = {}
    weeks: dict[object, Made] = {}
    for one in ordered:
        nights.setdefault(one.at.date(), one)
        weeks.setdefault(one.at.isocalendar()[:2], one)
    kept = [*list(nights.values())[:NIGHTS], *list(weeks.values())[:WEEKS]]
    return [one for one in ordered if one not in kept]


def rotate(folder: Path) -> None:
    """Remove what is superfluous, and what a stop in the middle left; raises OSError."""
    for one in superfluous(found(folder)):
        one.path.unlink(missing_ok=True)
    for part in folder.glob("telekonsul-*.part"):
        part.unlink(missing_ok=True)


def problem(settings: Settings, now: datetime) -> str:
    """Say what is wrong with the backups that lie there; nothing when all is well, or none could
    be due yet."""
    if settings.backup_dir is None:
        return ""
    try:
        made = found(settings.backup_dir)
    except OSError:
        return ""  # `recovery.problem` says that the folder cannot be used
    if made and now - made[0].at > LATE:
        return plain("backup.late", days=(now - made[0].at).days)
    return ""


class Keeper:
    """Makes the backup of each night, in the one process that keeps time."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        key: Callable[[], str] = lambda: config.key_text(config.found()),
    ) -> None:
        self._settings, self._database, self._clock = settings, database, clock
        self._key, self._try_at = key, 0.0

    async def work(self) -> Made | None:
        """Make tonight's backup if it is due; its failure calls the admins once a night."""
        settings, at = self._settings, self._clock.now()
        if settings.backup_dir is None or self._clock.time() < self._try_at:
            return None
        try:
            return await asyncio.to_thread(self._tonight, at)
        except Failed as failed:
            self._try_at = self._clock.time() + AGAIN
            log.error("nightly.failed", error=str(failed))
            await self._call_admins(str(failed), at)
        return None

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self._clock.sleep(LOOK)
            await self.work()

    async def _call_admins(self, reason: str, at: datetime) -> None:
        try:
            await self._database.write(lambda s: alarm.no_backup(s, reason, at=at))
        except Exception as error:
            if not is_outage(error):
                raise
            log.error("nightly.not_told", error=described(error))

    def _tonight(self, at: datetime) -> Made | None:
        folder = self._settings.backup_dir
        assert folder is not None  # noqa: S101 - asked before
        try:
            newest = next(iter(found(folder)), None)
            if not is_due(newest.at if newest else None, at):
                return None
            made = make(self._settings, self._key(), at=at)
            rotate(folder)
        except config.WrongSetting as wrong:
            raise Failed(str(wrong)) from None
        except OSError as error:
            raise Failed(error.strerror or type(error).__name__) from None
        log.info("nightly.made", file=made.path.name, bytes=made.path.stat().st_size)
        return made


def _snapshot(settings: Settings, copy: Path, hear: Callable[[str, int], None]) -> None:
    """Copy the database as it is at one moment; who writes meanwhile waits for nothing."""
    url = sqlalchemy.make_url(settings.database_url)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL, 0o600))
    if url.drivername.startswith("sqlite"):
        with closing(sqlite3.connect(Path(url.database or ""))) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
    else:
        source = Database(settings.database_url, settings.data_key)
        target = Database(f"sqlite+pysqlite:///{copy}", settings.data_key)
        try:
            with source.reader.connect() as there, target.migrated() as here:
                there.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                move.copy_rows(there, here, hear)
        finally:
            source.close()
            target.close()
    with closing(sqlite3.connect(copy)) as connection:
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Failed(plain("backup.not_whole"))


def _pack(
    sealer: Sealer,
    copy: Path,
    settings: Settings,
    key: str,
    at: datetime,
    hear: Callable[[str, int], None],
) -> None:
    manifest = {"made_at": at.isoformat(), "database": settings.database_url.partition(":")[0]}
    with tarfile.open(fileobj=sealer, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        _put(archive, MANIFEST, json.dumps(manifest).encode())
        _put(archive, KEY, f"{key}\n".encode())
        archive.add(copy, DATABASE)
        media = settings.data_dir / MEDIA
        for count, file in enumerate(sorted(media.glob("??/*")), start=1):
            if file.name.isdigit():
                with suppress(FileNotFoundError):  # its key was destroyed a moment ago
                    archive.add(file, f"{MEDIA}/{file.parent.name}/{file.name}")
            hear(MEDIA, count)


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, BytesIO(content))


@contextmanager
def _new(part: Path) -> Iterator[IO[bytes]]:
    """Give a file that only its owner can read and that is on the disk when all is written."""
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _moment(text: str) -> datetime:
    return datetime.strptime(f"{text}+0000", "%Y%m%dT%H%M%S%z")
