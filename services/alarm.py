"""Calling the people who run the installation: ids and counts only, never anybody's words."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.bot import Bot
from models.mail import Incoming, Lane, Outgoing
from models.person import Person
from services import credential
from services.content import words
from services.mail import say, tell

TOO_OLD = timedelta(seconds=60)
"""An update older than this means that people wait on us."""


def tell_admins(
    session: Session,
    bot_id: int,
    key: str,
    *,
    at: datetime,
    lane: Lane = Lane.ANSWER,
    **values: object,
) -> None:
    """Tell every admin of the installation, through this bot."""
    for admin in credential.admins(session):
        tell(session, bot_id, admin.person, words(key, **values), at=at, lane=lane)


def set_aside(session: Session, bot_id: int, row: Incoming, error: str, *, at: datetime) -> None:
    """Apologise to the person whose update could not be handled, and call an operator."""
    person = session.scalar(select(Person).where(Person.telegram_id == row.chat_id))
    if person is not None:
        say(session, bot_id, person, "refusal.fault", at=at)
    tell_admins(session, bot_id, "alarm.set_aside", at=at, seq=row.seq, error=error)


def watch_backlog(session: Session, *, at: datetime) -> None:
    """Call the admins, once an hour, while an update waits longer than it may."""
    waiting = session.execute(
        select(Incoming.bot_id, func.min(Incoming.received_at))
        .where(Incoming.ended_at.is_(None))
        .group_by(Incoming.bot_id)
    )
    for bot_id, oldest in waiting:
        if at - oldest > TOO_OLD:
            seconds = int((at - oldest).total_seconds())
            cause = f"backlog:{bot_id}:{at:%Y%m%d%H}"
            tell_once(session, bot_id, cause, "alarm.backlog", at=at, seconds=seconds)


def no_backup(session: Session, reason: str, *, at: datetime) -> None:
    """Call the admins, once a night, because no backup could be made."""
    bot_id = session.scalar(select(func.min(Bot.id)))
    if bot_id is not None:
        tell_once(session, bot_id, f"backup:{at:%Y%m%d}", "alarm.backup", at=at, reason=reason)


def job_failed(session: Session, job: str, error: str, *, at: datetime) -> None:
    """Call the admins, once an hour, because something that has its time does not happen."""
    bot_id = session.scalar(select(func.min(Bot.id)))
    if bot_id is not None:
        cause = f"failed:{job}:{at:%Y%m%d%H}"
        tell_once(session, bot_id, cause, "alarm.job", at=at, job=job, error=error)


def tell_once(
    session: Session, bot_id: int, cause: str, key: str, *, at: datetime, **values: object
) -> None:
    """Tell the admins what is told once a cause."""
    if session.scalar(select(Outgoing.seq).where(Outgoing.key == f"{cause}:0")) is None:
        session.info["cause"], session.info["count"] = cause, 0
        tell_admins(session, bot_id, key, at=at, lane=Lane.ANSWER, **values)
