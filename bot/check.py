"""`telekonsul check`: what is wrong, and how a person mends it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import recovery
from bot.config import Settings
from bot.database import Database, described
from bot.telegram import NoToken, Telegram, TelegramError
from models.facility import Facility
from models.mail import Ending, Incoming
from models.role import Kind, Role
from services import audit, content, credential, rekey, specimen

CLOCK_OFF = timedelta(seconds=30)
SIP_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and if it is not well, what to do."""

    what: str
    ok: bool
    says: str
    mend: str = ""


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything the service needs; the worst comes first only by its mark."""
    findings = [_content()]
    findings += _database(settings)
    findings.append(_backup(settings))
    findings.append(await _clock(settings))
    for token in settings.telegram_bot_token:
        findings += await _bot(settings, token)
    if not settings.telegram_bot_token:
        findings.append(
            Finding("token", False, "none is set", "ask @BotFather, put TELEGRAM_BOT_TOKEN in .env")
        )
    return findings


def _content() -> Finding:
    try:
        count = len(content.catalogue()) + len(content.danger_words())
    except (OSError, ValueError) as error:
        return Finding("content", False, str(error), "restore the file in content/")
    return Finding("content", True, f"{count} texts and word lists")


def _database(settings: Settings) -> list[Finding]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url, settings.data_key)
    try:
        database.migrate()
        with database.session() as session, session.begin():
            return [Finding("database", True, "reachable, up to date"), *_records(session)]
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the operator asks about
        says = str(error) if isinstance(error, RuntimeError) else described(error)
        mend = "is DATABASE_URL right, the server up, the disk not full?"
        return [Finding("database", False, says, mend)]
    finally:
        database.close()


def _backup(settings: Settings) -> Finding:
    problem = recovery.problem(settings)
    return Finding("backup", not problem, problem or str(settings.backup_dir), "telekonsul setup")


def _records(session: Session) -> list[Finding]:
    aside = session.scalar(select(func.count()).where(Incoming.ending == Ending.ASIDE)) or 0
    broken, made_up = audit.verify(session), specimen.in_records(session)
    fits = rekey.fits(session)
    ready = session.scalar(select(func.count()).where(Facility.responsible.is_not(None))) or 0
    workers = session.scalars(
        select(Role).where(Role.kind == Kind.WORKER, Role.ended_at.is_(None))
    ).all()
    soon = credential.today(datetime.now(UTC)) + SIP_SOON
    ending = sum(1 for one in workers if one.sip_ends_on is not None and one.sip_ends_on <= soon)
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
        Finding(
            "facility",
            ready > 0,
            f"{ready} with a responsible person",
            "telekonsul setup, or facility add",
        ),
        Finding(
            "made-up data",
            made_up is None,
            made_up.what if made_up else "none",
            made_up.mend if made_up else "",
        ),
        Finding("workers", bool(workers), str(len(workers)), "invite them: /admin in the bot"),
        Finding(
            "licences", ending == 0, f"{ending} end within 30 days", "telekonsul credential list"
        ),
    ]


async def _clock(settings: Settings) -> Finding:
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(settings.telegram_api_url, timeout=_SHORT) as response,
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


async def _bot(settings: Settings, token: str) -> list[Finding]:
    telegram, name = Telegram(settings.telegram_api_url, token), f"bot {token.split(':')[0]}"
    try:
        me = await telegram.call("getMe", {}, seconds=10)
        hook = await telegram.call("getWebhookInfo", {}, seconds=10)
    except NoToken:
        return [Finding(name, False, "the token is not valid", "@BotFather: /token, then .env")]
    except TelegramError as error:
        return [Finding(name, False, str(error), "is TELEGRAM_API_URL right and the line up?")]
    finally:
        await telegram.close()
    return [Finding(name, True, f"@{me['username']}"), _webhook(settings, name, hook)]


def _webhook(settings: Settings, name: str, hook: dict[str, object]) -> Finding:
    theirs = str(hook.get("url") or "")
    ours = settings.public_url if settings.webhook_secret else ""
    if bool(ours) != bool(theirs) or not theirs.startswith(ours):
        mend = "start `telekonsul run`: it sets or removes the webhook as the settings say"
        return Finding(f"{name} webhook", False, theirs or "none at Telegram", mend)
    error = str(hook.get("last_error_message") or "")
    says = error or theirs or "not used (polling)"
    return Finding(f"{name} webhook", not error, says, "can Telegram reach PUBLIC_URL?")


_SHORT = aiohttp.ClientTimeout(total=10)
