"""After a backup was brought back: what cannot be known, told to whoever it concerns.

The hours since the backup are missing. What we owed then may have been sent, so it counts as a
send whose outcome is unknown; and whoever stood in the middle of something is asked to look.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.bot import Bot
from models.consultation import OPEN, Consultation, Status
from models.mail import Outgoing
from services import alarm, day
from services.mail import say


def tell(session: Session, *, since: datetime, at: datetime) -> None:
    """Mark what was owed, and tell askers, workers and admins that something may be missing."""
    owed = update(Outgoing).where(Outgoing.settled_at.is_(None), Outgoing.attempted_at.is_(None))
    session.execute(owed.values(attempted_at=since))
    span = day.span(at - since)
    opened = select(Consultation).where(Consultation.status.in_(OPEN)).order_by(Consultation.id)
    for one in session.scalars(opened):
        if one.status is not Status.DRAFT:
            for person in filter(None, (one.asker, one.worker)):
                say(session, one.bot_id, person, "restore.told", at=at, consultation=one,
                    number=one.number, span=span)  # fmt: skip
    for bot_id in session.scalars(select(Bot.id).order_by(Bot.id)):
        alarm.tell_admins(session, bot_id, "restore.admins", at=at, span=span)
