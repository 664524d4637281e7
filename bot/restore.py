"""The way back from a backup: a file and seventeen words make the service on an empty computer.

What was written between the backup and the fire is gone: the records say so to whoever was in the
middle of something, because nobody can know what it was.
"""

import json
import re
import shutil
import sqlite3
import tarfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy

from bot import config, recovery
from bot.ask import Terminal, Wrong, progress
from bot.backup import DATABASE, KEY, MANIFEST, MEDIA
from bot.database import Database, sync
from bot.envelope import Damaged, Opener, check
from models.seal import KeyRing
from services import aftermath
from services.content import plain

ASIDE = ".pemulihan"
"""Where everything is unpacked before any of it counts."""
_MEDIUM = re.compile(rf"{MEDIA}/[0-9a-f]{{2}}/\d{{1,20}}")
PAGE = 1 << 20


def restore(chosen: Namespace) -> int:
    """Ask for the phrase and bring a backup back; nothing that is there is overwritten."""
    terminal = Terminal()
    try:
        terminal.tell(_restored(terminal, Path(chosen.file)))
    except (EOFError, KeyboardInterrupt):
        terminal.tell(f"\n{plain('recovery.stopped')}")
        return 1
    except Wrong as wrong:
        terminal.tell(str(wrong))
        return 1
    return 0


def _restored(terminal: Terminal, file: Path) -> str:
    given = config.found()
    folder = Path(given.get("DATA_DIR", "").strip() or "data")
    if (folder / DATABASE).exists() or (folder / MEDIA).exists():
        raise Wrong("restore.not_empty", folder=folder)
    try:
        with file.open("rb") as sealed:
            check(sealed)
        terminal.tell(plain("recovery.ask"))
        words = terminal.choose(lambda typed: recovery.tried(typed, lambda one: _fits(file, one)))
        with _aside(folder) as aside:
            with file.open("rb") as sealed:
                _unpack(Opener(sealed, words), aside)
            return _put_back(aside, folder, given)
    except Damaged:
        raise Wrong("restore.damaged", file=file) from None
    except (OSError, tarfile.TarError, sqlite3.Error, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Wrong("restore.cannot", file=file, reason=reason) from None


def _fits(file: Path, words: tuple[str, ...]) -> tuple[str, ...]:
    """Give the words back that open this file; raises phrase.CannotOpen, Damaged."""
    with file.open("rb") as sealed:
        Opener(sealed, words)
    return words


def _unpack(opener: Opener, aside: Path) -> None:
    """Write what a backup holds, and nothing else; only a whole file gets to its end."""
    with tarfile.open(fileobj=opener, mode="r|") as archive:
        for count, member in enumerate(archive, start=1):
            known = member.name in (MANIFEST, KEY, DATABASE) or _MEDIUM.fullmatch(member.name)
            content = archive.extractfile(member) if known and member.isreg() else None
            if content is None:
                raise Damaged(member.name)
            target = aside / member.name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.touch(0o600)
            with target.open("wb") as written:
                shutil.copyfileobj(content, written, PAGE)
            progress(member.name.partition("/")[0], count)
    while opener.read(PAGE):  # the last chunk proves that nothing is missing
        pass


def _put_back(aside: Path, folder: Path, given: dict[str, str]) -> str:
    made_at = datetime.fromisoformat(json.loads((aside / MANIFEST).read_text())["made_at"])
    key = (aside / KEY).read_text(encoding="ascii").strip()
    _look_after(aside / DATABASE, key, made_at)
    key_said = recovery.put_back(key)
    if (aside / MEDIA).exists():
        (aside / MEDIA).rename(folder / MEDIA)
    (aside / DATABASE).rename(folder / DATABASE)  # last: from now on it counts
    sync(folder)
    said = plain("restore.done", moment=f"{made_at:%Y-%m-%d %H:%M} UTC", kept=key_said)
    url = given.get("DATABASE_URL", "").strip()
    if url and Path(sqlalchemy.make_url(url).database or "") != folder / DATABASE:
        said += f"\n{plain('restore.move', file=folder / DATABASE)}"
    return said


def _look_after(file: Path, key: str, made_at: datetime) -> None:
    """Bring the records up to date and let them tell whoever was in the middle of something."""
    with closing(sqlite3.connect(file)) as connection:
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Damaged(DATABASE)
    database = Database(f"sqlite+pysqlite:///{file}", KeyRing.parse(key))
    try:
        database.migrate()
        with database.session() as session, session.begin():
            aftermath.tell(session, since=made_at, at=datetime.now(UTC))
    finally:
        database.close()


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Give an empty place beside where all will stand; what is left there goes."""
    aside = folder / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True, mode=0o700)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)
