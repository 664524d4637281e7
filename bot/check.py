"""`telekonsul check`: what is wrong, and how a person mends it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import sqlalchemy
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import backup, recovery
from bot.config import Settings
from bot.database import Database, Schema, described
from bot.media import Store
from bot.telegram import NoToken, Telegram, TelegramError
from models.bot import Bot
from models.facility import Facility
from models.mail import Ending, Incoming
from models.person import Language
from models.role import Kind, Role
from services import audit, content, credential, diagnosis, emergency, media, rekey, specimen
from services.content import plain
from services.facility import holiday
from services.guidance import article, lesson
from services.specimen import Specimen

CLOCK_OFF = timedelta(seconds=30)
SIP_SOON = timedelta(days=30)
PATIENCE = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and if it is not well, what to do.

    `what` is for programs and stays as it is; the rest is for people.
    """

    what: str
    ok: bool
    says: str
    mend: str = ""
    bot: int | None = None

    @property
    def line(self) -> str:
        """How a person reads it."""
        name = plain(f"check_what.{self.what}", bot=self.bot or "")
        if self.ok:
            return plain("check.well", name=name, says=self.says)
        return plain("check.unwell", name=name, says=self.says, mend=self.mend)


NEWEST = 1000
"""So many of the newest sealed copies are looked for: a second on a slow disk."""
LOOKED_AT = (
    "content", "guidance", "database", "key", "aside", "audit", "facility", "workers", "specimen",
    "licences", "numbers", "holidays", "media", "backup", "clock", "token", "bot", "webhook",
)  # fmt: skip


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything the service needs, and change nothing: no schema, no folder, no key."""
    findings, never_ran = await _database(settings)
    findings = [
        _content(),
        guidance(credential.today(datetime.now(UTC))),
        *findings,
        _backup(settings),
        await _clock(settings),
    ]
    for token in settings.telegram_bot_token:
        findings += await _bot(settings, token, never_ran)
    if not settings.telegram_bot_token:
        findings.append(Finding("token", False, plain("check.no_token"), plain("check.mend_token")))
    return findings


def _content() -> Finding:
    try:
        count = len(content.catalogue()) + len(content.danger_signs()) + len(content.lexicon())
        wrong = {one: found for one in Language if (found := content.misfits(one))}
        if wrong:
            raise ValueError(f"content/words: {wrong}")
        if defects := diagnosis.defects(content.frequent_diagnoses()):
            raise ValueError(f"content/diagnosis.toml: {'; '.join(defects)}")
    except (OSError, ValueError) as error:
        # Of all findings the one that cannot be said in the catalogue's words.
        return Finding("content", False, str(error), "content/: git checkout")
    return Finding("content", True, plain("check.content", count=count))


def guidance(today: date) -> Finding:
    """Tell whether the articles can be shown as they were meant, and are still to be trusted."""
    wrong = article.defects() + lesson.defects()
    late = [one.topic for one in article.overdue(today)]
    count = sum(map(len, article.shelves().values()))
    says = "; ".join(wrong) if wrong else plain("check.guidance", count=count, late=len(late))
    mend = plain("check.mend_guidance", topics=", ".join(late) or "-")
    return Finding("guidance", not wrong and not late, says, mend)


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
            return [_schema(schema), _made_up(folder)], set()
        ran = set(await database.read(lambda session: session.scalars(select(Bot.id)).all()))
        records = await database.read(lambda session: _records(session, folder))
        copies = await database.read(lambda session: _copies(session, settings))
        return [_schema(schema), *records, copies], bots - ran
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the operator asks about
        reason = str(error) if isinstance(error, RuntimeError) else described(error)
        says = plain("check.no_database", reason=reason)
        return [Finding("database", False, says, plain("check.mend_database"))], set()
    finally:
        database.close()


def _schema(schema: Schema) -> Finding:
    if schema is Schema.NEWER:
        return Finding("database", False, plain("check.newer"), plain("check.mend_newer"))
    says = {
        Schema.ABSENT: plain("check.absent"),
        Schema.OLDER: plain("check.older"),
        Schema.CURRENT: plain("check.current"),
    }
    return Finding("database", True, says[schema])


def _backup(settings: Settings) -> Finding:
    problem = recovery.problem(settings) or backup.problem(settings, datetime.now(UTC))
    says = problem or str(settings.backup_dir)
    return Finding("backup", not problem, says, plain("check.mend_backup"))


def _place(settings: Settings) -> Finding:
    """Tell whether a first start would find the place for its SQLite file; DATA_DIR it makes."""
    url = sqlalchemy.make_url(settings.database_url)
    folder = Path(url.database or "").parent
    if url.drivername.startswith("sqlite") and folder != settings.data_dir and not folder.is_dir():
        says = plain("check.no_place", folder=folder)
        return Finding("database", False, says, plain("check.mend_place"))
    return _schema(Schema.ABSENT)


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
    intact = plain("check.audit") if broken is None else plain("check.audit_changed", row=broken)
    return [
        Finding(
            "key",
            fits,
            plain("check.key") if fits else plain("check.key_wrong"),
            plain("check.mend_key"),
        ),
        Finding("aside", aside == 0, plain("check.aside", count=aside), plain("check.mend_aside")),
        Finding("audit", broken is None, intact, plain("check.mend_audit")),
        *_staff(ready, sum(1 for one in workers if one.may_advise(today))),
        _made_up(folder or specimen.in_records(session)),
        _numbers(session),
        Finding(
            "licences",
            ended + ending == 0,
            plain("check.licences", ended=ended, ending=ending, days=SIP_SOON.days),
            plain("check.mend_licences"),
        ),
        _holidays(holiday.entered_soon(session, today), is_needed=_has_hours(session)),
    ]


def _numbers(session: Session) -> Finding:
    """Tell whether each of our facilities has emergency numbers that somebody tried this month."""
    at = datetime.now(UTC)
    try:
        for code in content.districts():
            emergency.of_district(code, on=credential.today(at))
    except ValueError as error:
        return Finding("numbers", False, str(error), plain("check.mend_numbers_file"))
    ours = session.scalars(select(Facility).where(Facility.is_ours)).all()
    due = sum(1 for home in ours if emergency.is_due(session, home, home.day(at)))
    says = plain("check.numbers", due=due, count=len(ours))
    return Finding("numbers", due == 0, says, plain("check.mend_numbers"))


def _copies(session: Session, settings: Settings) -> Finding:
    """Tell whether the newest sealed copies of media lie where they should."""
    store = Store(settings.data_dir)
    wanted = media.newest_kept(session, NEWEST)
    missing = sum(1 for one in wanted if not store.path(one).is_file())
    says = plain("check.media", missing=missing, count=len(wanted), lost=media.lost(session))
    return Finding("media", missing == 0, says, plain("check.mend_media"))


def _has_hours(session: Session) -> bool:
    return (
        session.scalar(select(Facility.id).where(Facility.hours.is_not(None)).limit(1)) is not None
    )


def _holidays(entered: int, *, is_needed: bool) -> Finding:
    """Remind of the holidays that move; without them a facility is called open on Idulfitri."""
    return Finding(
        "holidays",
        entered > 0 or not is_needed,
        plain("check.holidays", count=entered),
        plain("check.mend_holidays"),
    )


def _staff(facilities: int, workers: int) -> list[Finding]:
    ready = plain("check.facility", count=facilities)
    able = plain("check.workers", count=workers)
    return [
        Finding("facility", facilities > 0, ready, plain("check.mend_facility")),
        Finding("workers", workers > 0, able, plain("check.mend_workers")),
    ]


def _made_up(found: Specimen | None) -> Finding:
    if found is None:
        return Finding("specimen", True, plain("check.no_specimen"))
    return Finding("specimen", False, *found)


async def _clock(settings: Settings) -> Finding:
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(settings.telegram_api_url, timeout=PATIENCE) as response,
        ):
            theirs = parsedate_to_datetime(response.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        says = plain("check.no_telegram", reason=type(error).__name__)
        return Finding("clock", False, says, plain("check.mend_line"))
    off = abs(datetime.now(UTC) - theirs)
    says = plain("check.clock", seconds=f"{off.total_seconds():.0f}")
    return Finding("clock", off < CLOCK_OFF, says, plain("check.mend_clock"))


async def _bot(settings: Settings, token: str, never_ran: set[int]) -> list[Finding]:
    number = int(token.split(":")[0])
    telegram = Telegram(settings.telegram_api_url, token)
    try:
        me = await telegram.call("getMe", {}, seconds=10)
        hook = await telegram.call("getWebhookInfo", {}, seconds=10)
    except NoToken:
        says, mend = plain("check.bad_token"), plain("check.mend_bad_token")
        return [Finding("bot", False, says, mend, bot=number)]
    except TelegramError as error:
        says = plain("check.no_telegram", reason=error)
        return [Finding("bot", False, says, plain("check.mend_line"), bot=number)]
    finally:
        await telegram.close()
    return [
        Finding("bot", True, f"@{me['username']}", bot=number),
        _webhook(settings, number, hook, is_new=number in never_ran),
    ]


def _webhook(settings: Settings, number: int, hook: dict[str, object], *, is_new: bool) -> Finding:
    theirs = str(hook.get("url") or "")
    ours = settings.public_url if settings.webhook_secret else ""
    if is_new and ours and not theirs:
        return Finding("webhook", True, plain("check.hook_later"), bot=number)
    if bool(ours) != bool(theirs) or (ours and not theirs.startswith(f"{ours}/")):
        says = theirs or plain("check.hook_none")
        return Finding("webhook", False, says, plain("check.mend_hook"), bot=number)
    error = str(hook.get("last_error_message") or "")
    says = error or theirs or plain("check.polling")
    return Finding("webhook", not error, says, plain("check.mend_reach"), bot=number)
