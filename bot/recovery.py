"""The recovery file: the data key, sealed to the recovery phrase, for the day the server burns.

The server writes it without knowing the phrase. `mark` tells which key lies in it and for which
phrase, so that a file left from another key or phrase is noticed while both are still there.
"""

import base64
import hashlib
import os
import re
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot import config, phrase, settings_file
from bot.ask import Terminal, Wrong
from bot.config import Settings
from bot.database import sync
from models.seal import KeyRing
from services.content import plain

T = TypeVar("T")
NAME = config.RECOVERY_FILE
_MARK = re.compile(r"^for ([A-Za-z0-9+/=]{44})\nmark ([0-9a-f]{64})$", re.MULTILINE)
_FOR = b"recovery for "
_SEALED = re.compile(r"^sealed ([A-Za-z0-9+/=]+)$", re.MULTILINE)


def write(folder: Path, public: bytes, key: str) -> Path:
    """Write the file into a folder in one step, for good; raises OSError.

    A file of another installation is the only way to its data: it is kept beside, under a name of
    its own.
    """
    ring = KeyRing.parse(key)
    sealed = base64.b64encode(phrase.seal_to(public, key.encode())).decode()
    file, beside = folder / NAME, folder / f".{NAME}.{os.getpid()}"
    text = f"{plain('recovery.file', name=NAME)}\n\n"
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:  # noqa: PTH123 - the mode has to be right from the first instant
            opened.write(f"{text}{_mark(ring, public)}\nsealed {sealed}\n")
            opened.flush()
            os.fsync(opened.fileno())
        _set_aside(file, ring)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    sync(folder)  # the disk may be pulled out the next moment
    return file


def problem(settings: Settings) -> str:
    """Say what stands between this installation and its recovery; nothing when all is well."""
    if settings.backup_dir is None:
        return plain("recovery.no_folder")
    if not settings.backup_key:
        return plain("recovery.no_phrase")
    if not (settings.backup_dir.is_dir() and os.access(settings.backup_dir, os.W_OK)):
        return plain("recovery.closed_folder", folder=settings.backup_dir)
    try:
        present = (settings.backup_dir / NAME).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return plain("recovery.missing", name=NAME)
    found = _MARK.search(present)
    if found is None or found[0] != _mark(settings.data_key, settings.backup_key):
        return plain("recovery.of_another", name=NAME)
    return ""


def recover(chosen: Namespace) -> int:
    """Ask for the phrase and put the data key back where the service looks for it."""
    terminal = Terminal()
    try:
        sealed = _sealed(Path(chosen.file))
        terminal.tell(plain("recovery.ask"))
        key = terminal.choose(lambda typed: _opened(sealed, typed))
        terminal.tell(put_back(key))
    except (EOFError, KeyboardInterrupt):
        terminal.tell(f"\n{plain('recovery.stopped')}")
        return 1
    except Wrong as wrong:
        terminal.tell(str(wrong))
        return 1
    return 0


def _sealed(file: Path) -> bytes:
    try:
        found = _SEALED.search(file.read_text(encoding="utf-8"))
        if found is None:
            raise ValueError("no line of it is sealed")
        return base64.b64decode(found[1], validate=True)
    except (OSError, ValueError):
        raise Wrong("recovery.no_file", file=file) from None


def _opened(sealed: bytes, typed: str) -> str:
    return tried(typed, lambda words: _key_in(phrase.open_with(words, sealed)))


def _key_in(opened: bytes) -> str:
    key = opened.decode("ascii")
    KeyRing.parse(key)
    return key


def tried(typed: str, use: Callable[[tuple[str, ...]], T]) -> T:
    """Give what a phrase as it was typed opens; raises Wrong with what is to be done."""
    try:
        return use(phrase.read(typed))
    except phrase.WrongPhrase as wrong:
        if wrong.near:
            raise Wrong("recovery.near", place=wrong.place, near=wrong.near) from None
        if wrong.place:
            raise Wrong("recovery.unknown_word", place=wrong.place) from None
        raise Wrong("recovery.not_together", length=phrase.LENGTH) from None
    except (phrase.CannotOpen, ValueError):
        raise Wrong("recovery.another") from None


def put_back(key: str) -> str:
    """Write the key where none is; say where it is now. Raises Wrong where another one is."""
    given = config.found()
    file = config.key_file(given)
    where = str(file or "DATA_KEY")
    present = given.get("DATA_KEY", "").strip()
    try:
        if file is not None and file.exists():
            present = file.read_text(encoding="utf-8").strip()
        if present and present != key:
            raise Wrong("recovery.differs", where=where)
        if present:
            return plain("recovery.already", where=where)
        if file is None:
            settings_file.save("DATA_KEY", key)
        else:
            config.write_key(file, key)
    except (OSError, ValueError):
        raise Wrong("recovery.cannot_write", where=where) from None
    return plain("recovery.done", where=where)


def _set_aside(file: Path, ring: KeyRing) -> None:
    """Rename what lies there, unless a key of this ring has marked it."""
    if not file.exists():
        return
    content = file.read_bytes()
    found = _MARK.search(content.decode(errors="replace"))
    if found is None or not ring.signed(_FOR + found[1].encode(), bytes.fromhex(found[2])):
        digest = hashlib.sha256(content).hexdigest()[:8]
        file.rename(file.with_name(f"{file.stem}-{digest}{file.suffix}"))


def _mark(ring: KeyRing, public: bytes) -> str:
    written = base64.b64encode(public)
    return f"for {written.decode()}\nmark {ring.sign(_FOR + written).hex()}"
