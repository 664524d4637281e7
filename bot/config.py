"""Settings: read once from the environment and `.env`, each wrong value one clear line."""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy
from dotenv import dotenv_values

from models.seal import KeyRing

ENV = Path(".env")
TELEGRAM = "https://api.telegram.org"
TOKEN = re.compile(r"[0-9]{5,15}:[A-Za-z0-9_-]{10,}")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("text", "json")
RECOVERY_FILE = "telekonsul-kunci.txt"
"""Its name in BACKUP_DIR: the data key, sealed to the recovery phrase."""


class WrongSetting(Exception):
    """One setting, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting by its name in lower case; .env.example says what each is for."""

    telegram_bot_token: tuple[str, ...] = field(repr=False)
    telegram_api_url: str
    database_url: str = field(repr=False)
    data_dir: Path
    data_key: KeyRing = field(repr=False)
    backup_dir: Path | None
    backup_key: bytes
    public_url: str
    webhook_secret: str = field(repr=False)
    http_host: str
    http_port: int
    admin_telegram_ids: tuple[int, ...]
    log_level: str
    log_format: str


def read(
    environment: Mapping[str, str] | None = None, *, need_token: bool = True, make_key: bool = True
) -> Settings:
    """Read the settings, the environment before `.env`; raises WrongSetting for the first bad one.

    The key of the embedded default database is made on first use and kept beside it, readable by
    its owner only; a lost key is lost data. Who only looks makes none: where none is kept yet, the
    key they get is for nothing.
    """
    given = dict(environment) if environment is not None else found()

    def get(name: str, default: str = "") -> str:
        return given.get(name, "").strip() or default

    data_dir, database_url, _ = _home(given)
    return Settings(
        telegram_bot_token=_tokens(get("TELEGRAM_BOT_TOKEN"), need_token=need_token),
        telegram_api_url=_url("TELEGRAM_API_URL", get("TELEGRAM_API_URL", TELEGRAM)),
        database_url=database_url,
        data_dir=data_dir,
        data_key=_key(given, make=make_key),
        backup_dir=Path(get("BACKUP_DIR")) if get("BACKUP_DIR") else None,
        backup_key=_public(get("BACKUP_KEY")),
        public_url=_url("PUBLIC_URL", get("PUBLIC_URL")),
        webhook_secret=_secret(
            get("WEBHOOK_SECRET"), get("PUBLIC_URL"), get("TELEGRAM_API_URL", TELEGRAM)
        ),
        http_host=get("HTTP_HOST", "127.0.0.1"),
        http_port=_port(get("HTTP_PORT", "8080")),
        admin_telegram_ids=_ids(get("ADMIN_TELEGRAM_IDS")),
        log_level=_one_of("LOG_LEVEL", get("LOG_LEVEL", "INFO").upper(), LEVELS),
        log_format=_one_of("LOG_FORMAT", get("LOG_FORMAT", "text").lower(), FORMATS),
    )


def found() -> dict[str, str]:
    """Give every setting as it is written, the environment's before those of `.env`."""
    try:
        from_file = {name: value or "" for name, value in dotenv_values(ENV).items()}
    except OSError as error:
        raise WrongSetting(f".env cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongSetting(".env is not UTF-8: save it again as plain text") from None
    return from_file | dict(os.environ)


def make_folder(data_dir: Path) -> None:
    """Make the data folder where there is none; raises WrongSetting where that cannot be."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(f"DATA_DIR cannot be made: {error.strerror}") from None


def key_file(given: Mapping[str, str]) -> Path | None:
    """Give the file that holds the data key; None where DATA_KEY itself is to hold it."""
    data_dir, _, embedded = _home(given)
    return data_dir / "data.key" if embedded and not given.get("DATA_KEY", "").strip() else None


def key_text(given: Mapping[str, str]) -> str:
    """Give the data key as DATA_KEY or its file writes it; raises what `read` raises."""
    _key(given, make=True)
    file = key_file(given)
    return (file.read_text(encoding="ascii") if file else given["DATA_KEY"]).strip()


def _home(given: Mapping[str, str]) -> tuple[Path, str, bool]:
    """Give the data folder, the database's address, and whether that is the embedded default."""
    data_dir = Path(given.get("DATA_DIR", "").strip() or "data")
    embedded = f"sqlite+pysqlite:///{data_dir / 'telekonsul.db'}"
    url = _database(given.get("DATABASE_URL", "").strip() or embedded)
    return data_dir, url, url == embedded


def _tokens(text: str, *, need_token: bool) -> tuple[str, ...]:
    tokens = tuple(part.strip() for part in text.split(",") if part.strip())
    if not tokens and need_token:
        raise WrongSetting("TELEGRAM_BOT_TOKEN is empty: ask @BotFather for a token (/newbot)")
    for place, token in enumerate(tokens, start=1):
        if not TOKEN.fullmatch(token):
            raise WrongSetting(f"TELEGRAM_BOT_TOKEN: token {place} is not like 123456789:AA…")
    if len({token.split(":")[0] for token in tokens}) < len(tokens):
        raise WrongSetting("TELEGRAM_BOT_TOKEN: the same bot is named twice")
    return tokens


def _database(text: str) -> str:
    # SQLAlchemy 2.1 would take psycopg for a bare postgresql:// too; naming it keeps that so.
    text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    text = re.sub(r"^sqlite://", "sqlite+pysqlite://", text)
    try:
        url = sqlalchemy.make_url(text)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise WrongSetting("DATABASE_URL is not a database URL") from None
    if url.drivername not in ("sqlite+pysqlite", "postgresql+psycopg"):
        raise WrongSetting("DATABASE_URL must begin with sqlite:// or postgresql://")
    if url.drivername.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise WrongSetting("DATABASE_URL must name a file: a database in memory loses everything")
    return text


def _url(name: str, text: str) -> str:
    try:
        if re.search(r"[\s?#]", text):  # what is asked for is put behind it
            raise ValueError
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise WrongSetting(f"{name} is not an address like https://example.org") from None
    if text and not usable:
        raise WrongSetting(f"{name} must begin with http:// or https:// and name a host")
    return text.rstrip("/")


def _secret(text: str, public_url: str, api_url: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text):
        raise WrongSetting("WEBHOOK_SECRET must be 16 to 256 characters of A-Z a-z 0-9 _ -")
    if text and not public_url:
        raise WrongSetting("WEBHOOK_SECRET is set, but PUBLIC_URL is empty: Telegram needs both")
    if text and _host(api_url) == _host(TELEGRAM) and urlsplit(public_url).scheme != "https":
        raise WrongSetting("PUBLIC_URL must begin with https://: Telegram calls no other address")
    return text


def _host(url: str) -> str | None:
    return urlsplit(url).hostname


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise WrongSetting("HTTP_PORT must be a number from 0 to 65535")
    return int(text)


def _ids(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(re.fullmatch(r"[0-9]{1,16}", part) for part in parts):
        raise WrongSetting("ADMIN_TELEGRAM_IDS must be numbers separated by commas")
    return tuple(map(int, parts))


def _one_of(name: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise WrongSetting(f"{name} must be one of {', '.join(choices)}")
    return text


def _key(given: Mapping[str, str], *, make: bool = True) -> KeyRing:
    text, file = given.get("DATA_KEY", "").strip(), key_file(given)
    if not text and file is None:
        raise WrongSetting("DATA_KEY is empty: with your own DATABASE_URL it must be given")
    try:
        return KeyRing.parse(text if file is None else _key_of(given, file, make=make))
    except OSError as error:
        raise WrongSetting(f"DATA_DIR cannot hold the key file: {error.strerror}") from None
    except ValueError as error:
        raise WrongSetting(f"DATA_KEY: {error}") from None


def _key_of(given: Mapping[str, str], file: Path, *, make: bool) -> str:
    if file.exists():
        return file.read_text(encoding="ascii").strip()
    backup = given.get("BACKUP_DIR", "").strip()
    sealed = Path(backup, RECOVERY_FILE)
    if backup and sealed.exists():  # this installation has lived before: a new key is not its own
        raise WrongSetting(f"DATA_KEY: {file} is missing: telekonsul recover {sealed}")
    if (file.parent / "telekonsul.db").exists():
        raise WrongSetting(f"DATA_KEY: {file} is missing, and the database beside it needs it")
    key = KeyRing.fresh_key()
    if make:
        write_key(file, key)
    return key


def write_key(file: Path, key: str) -> None:
    """Write a key file that was not there, readable by its owner only; raises FileExistsError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:  # noqa: PTH123 - the mode has to be right from the first instant
        opened.write(key + "\n")
        opened.flush()
        os.fsync(opened.fileno())


def _public(text: str) -> bytes:
    try:
        public = base64.b64decode(text, validate=True)
    except ValueError:
        public = b"?"
    if len(public) not in (0, 32):
        raise WrongSetting("BACKUP_KEY is not the public part of a recovery phrase")
    return public
