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
        cause = f"backlog:{bot_id}:{at:%Y%m%d%H}"
        told = select(Outgoing.seq).where(Outgoing.key == f"{cause}:0")
        if at - oldest > TOO_OLD and session.scalar(told) is None:
            session.info["cause"], session.info["count"] = cause, 0
            seconds = int((at - oldest).total_seconds())
            tell_admins(session, bot_id, "alarm.backlog", at=at, seconds=seconds)


def no_backup(session: Session, reason: str, *, at: datetime) -> None:
    """Call the admins, once a night, because no backup could be made."""
    cause = f"backup:{at:%Y%m%d}"
    bot_id = session.scalar(select(func.min(Bot.id)))
    told = select(Outgoing.seq).where(Outgoing.key == f"{cause}:0")
    if bot_id is not None and session.scalar(told) is None:
        session.info["cause"], session.info["count"] = cause, 0
        tell_admins(session, bot_id, "alarm.backup", at=at, reason=reason)
