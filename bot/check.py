"""`telekonsul check`: what is wrong, and how a person mends it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import sqlalchemy
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import recovery
from bot.config import Settings
from bot.database import Database, Schema, described
from bot.telegram import NoToken, Telegram, TelegramError
from models.bot import Bot
from models.facility import Facility
from models.mail import Ending, Incoming
from models.role import Kind, Role
from services import audit, content, credential, emergency, rekey, specimen
from services.facility import holiday
from services.specimen import Specimen

CLOCK_OFF = timedelta(seconds=30)
SIP_SOON = timedelta(days=30)
PATIENCE = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and if it is not well, what to do."""

    what: str
    ok: bool
    says: str
    mend: str = ""


SCHEMA = {
    Schema.ABSENT: Finding(
        "database", True, "nothing is here yet: `telekonsul setup` or the first `run` makes it"
    ),
    Schema.OLDER: Finding("database", True, "will be brought up to date at the next start"),
    Schema.CURRENT: Finding("database", True, "reachable, up to date"),
    Schema.NEWER: Finding("database", False, "was made by a newer Telekonsul", "upgrade this one"),
}


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything the service needs, and change nothing: no schema, no folder, no key."""
    findings, never_ran = await _database(settings)
    findings = [_content(), *findings, _backup(settings), await _clock(settings)]
    for token in settings.telegram_bot_token:
        findings += await _bot(settings, token, never_ran)
    if not settings.telegram_bot_token:
        findings.append(
            Finding("token", False, "none is set", "ask @BotFather, put TELEGRAM_BOT_TOKEN in .env")
        )
    return findings


def _content() -> Finding:
    try:
        count = len(content.catalogue()) + len(content.danger_signs()) + len(content.lexicon())
    except (OSError, ValueError) as error:
        return Finding("content", False, str(error), "restore the file in content/")
    return Finding("content", True, f"{count} texts and word lists")


async def _database(settings: Settings) -> tuple[list[Finding], set[int]]:
    """Look at the database, and tell which bots it says have never run."""
    bots = {int(token.split(":")[0]) for token in settings.telegram_bot_token}
    folder = specimen.in_folder(settings.data_dir)
    database = Database(settings.database_url, settings.data_key)
    try:
        schema = await asyncio.to_thread(database.schema)
        if schema is Schema.ABSENT:
            return [_place(settings), *_staff(0, 0), _made_up(folder)], bots
        if schema is not Schema.CURRENT:  # its records may have other columns
            return [SCHEMA[schema], _made_up(folder)], set()
        ran = set(await database.read(lambda session: session.scalars(select(Bot.id)).all()))
        records = await database.read(lambda session: _records(session, folder))
        return [SCHEMA[schema], *records], bots - ran
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the operator asks about
        says = str(error) if isinstance(error, RuntimeError) else described(error)
        mend = "is DATABASE_URL right, the server up, the disk not full?"
        return [Finding("database", False, says, mend)], set()
    finally:
        database.close()


def _backup(settings: Settings) -> Finding:
    problem = recovery.problem(settings)
    return Finding("backup", not problem, problem or str(settings.backup_dir), "telekonsul setup")


def _place(settings: Settings) -> Finding:
    """Tell whether a first start would find the place for its SQLite file; DATA_DIR it makes."""
    url = sqlalchemy.make_url(settings.database_url)
    folder = Path(url.database or "").parent
    if url.drivername.startswith("sqlite") and folder != settings.data_dir and not folder.is_dir():
        return Finding("database", False, f"DATABASE_URL: no folder {folder}", "make that folder")
    return SCHEMA[Schema.ABSENT]


def _records(session: Session, folder: Specimen | None) -> list[Finding]:
    aside = session.scalar(select(func.count()).where(Incoming.ending == Ending.ASIDE)) or 0
    broken, fits = audit.verify(session), rekey.fits(session)
    ready = (
        session.scalar(
            select(func.count()).where(
                Facility.responsible.is_not(None), Facility.contact.is_not(None)
            )
        )
        or 0
    )
    workers = session.scalars(
        select(Role).where(Role.kind == Kind.WORKER, Role.ended_at.is_(None))
    ).all()
    today = credential.today(datetime.now(UTC))
    ends = [one.sip_ends_on for one in workers if one.sip_ends_on is not None]
    ended = sum(1 for day in ends if day < today)
    ending = sum(1 for day in ends if today <= day <= today + SIP_SOON)
    return [
        Finding(
            "key",
            fits,
            "opens what is kept" if fits else "opens nothing that is kept",
            "put the key of this database into DATA_KEY",
        ),
        Finding("updates set aside", aside == 0, str(aside), "telekonsul inbox list, then replay"),
        Finding(
            "audit trail",
            broken is None,
            "as signed" if broken is None else f"changed at {broken}",
            "keep the database as it is and call whoever answers for the data",
        ),
        *_staff(ready, sum(1 for one in workers if one.may_advise(today))),
        _made_up(folder or specimen.in_records(session)),
        _numbers(session),
        Finding(
            "licences",
            ended + ending == 0,
            f"{ended} ended, {ending} end within {SIP_SOON.days} days",
            "telekonsul credential list",
        ),
        _holidays(holiday.entered_soon(session, today), is_needed=_has_hours(session)),
    ]


def _numbers(session: Session) -> Finding:
    """Tell whether each of our facilities has emergency numbers that somebody tried this month."""
    name, at = "emergency numbers", datetime.now(UTC)
    try:
        for code in content.districts():
            emergency.of_district(code, on=credential.today(at))
    except ValueError as error:
        return Finding(name, False, str(error), "mend that file in content/emergency/")
    ours = session.scalars(select(Facility).where(Facility.is_ours)).all()
    due = sum(1 for home in ours if emergency.is_due(session, home, home.day(at)))
    says = f"{due} of {len(ours)} facilities have none, or one that nobody tried for a month"
    return Finding(name, due == 0, says, "call them; then /admin in the bot, «Nomor darurat»")


def _has_hours(session: Session) -> bool:
    return (
        session.scalar(select(Facility.id).where(Facility.hours.is_not(None)).limit(1)) is not None
    )


def _holidays(entered: int, *, is_needed: bool) -> Finding:
    """Remind of the holidays that move; without them a facility is called open on Idulfitri."""
    return Finding(
        "holidays",
        entered > 0 or not is_needed,
        f"{entered} entered for the coming six months, beside those of the same date every year",
        "enter those of the SKB 3 Menteri: telekonsul facility holiday YYYY-MM-DD NAME",
    )


def _staff(facilities: int, workers: int) -> list[Finding]:
    ready = f"{facilities} with a responsible person"
    return [
        Finding("facility", facilities > 0, ready, "telekonsul setup, or facility add"),
        Finding("workers", workers > 0, f"{workers} may advise", "invite them: /admin in the bot"),
    ]


def _made_up(found: Specimen | None) -> Finding:
    return Finding("made-up data", found is None, *(found or ("none", "")))


async def _clock(settings: Settings) -> Finding:
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(settings.telegram_api_url, timeout=PATIENCE) as response,
        ):
            theirs = parsedate_to_datetime(response.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        return Finding(
            "clock", False, f"Telegram does not answer ({type(error).__name__})", "is the line up?"
        )
    off = abs(datetime.now(UTC) - theirs)
    return Finding(
        "clock", off < CLOCK_OFF, f"{off.total_seconds():.0f} s off Telegram's", "switch on NTP"
    )


async def _bot(settings: Settings, token: str, never_ran: set[int]) -> list[Finding]:
    bot_id = int(token.split(":")[0])
    telegram, name = Telegram(settings.telegram_api_url, token), f"bot {bot_id}"
    try:
        me = await telegram.call("getMe", {}, seconds=10)
        hook = await telegram.call("getWebhookInfo", {}, seconds=10)
    except NoToken:
        return [Finding(name, False, "the token is not valid", "@BotFather: /token, then .env")]
    except TelegramError as error:
        return [Finding(name, False, str(error), "is TELEGRAM_API_URL right and the line up?")]
    finally:
        await telegram.close()
    webhook = _webhook(settings, f"{name} webhook", hook, is_new=bot_id in never_ran)
    return [Finding(name, True, f"@{me['username']}"), webhook]


def _webhook(settings: Settings, name: str, hook: dict[str, object], *, is_new: bool) -> Finding:
    theirs = str(hook.get("url") or "")
    ours = settings.public_url if settings.webhook_secret else ""
    if is_new and ours and not theirs:
        return Finding(name, True, "not set yet: the first `telekonsul run` sets it")
    if bool(ours) != bool(theirs) or (ours and not theirs.startswith(f"{ours}/")):
        mend = "start `telekonsul run`: it sets or removes the webhook as the settings say"
        return Finding(name, False, theirs or "none at Telegram", mend)
    error = str(hook.get("last_error_message") or "")
    says = error or theirs or "not used (polling)"
    return Finding(name, not error, says, "can Telegram reach PUBLIC_URL?")
