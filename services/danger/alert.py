"""The alert behind the card: who hears, until somebody has the consultation, that nobody has it.

To take it is to acknowledge it. Everybody on duty is offered it at once and in every round
(`services/dispatch.py`); what follows here is for when none of them takes it.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.facility import Facility
from models.mail import Lane
from models.notice import What
from services import alarm, day, emergency, notice
from services.content import Html, words
from services.facility.times import clock_of
from services.mail import say

UNTAKEN = timedelta(minutes=2)
"""So long after the alert the admins are called."""
AGAIN = timedelta(minutes=10)
CALLS = 6
"""An hour of calls; who has not come then is reached in another way, or not at all."""
HONEST = (timedelta(minutes=2), timedelta(minutes=5))
"""When the asker hears that nobody has read it yet."""


def sweep(session: Session, *, at: datetime) -> None:
    """Call the admins to danger that nobody takes, and tell its asker the truth; each call once,
    however often this runs."""
    endangered = session.scalars(
        select(Consultation)
        .where(Consultation.status == Status.WAITING, Consultation.danger_at.is_not(None))
        .order_by(Consultation.rank_at)
    )
    for one in endangered.all():
        since = max(one.danger_at or at, notice.waits_since(session, one))
        # A wait that begins later than now was begun before the clock was put back.
        waited = at - since if since <= at else UNTAKEN
        calls = min((waited - UNTAKEN) // AGAIN + 1, CALLS)
        if calls > 0 and notice.first(session, one, What.CALLED, since=since, at=at, count=calls):
            call_admins(session, one, "alert.untaken", at=at, span=day.span(waited))
        passed = sum(waited >= moment for moment in HONEST)
        if passed and notice.first(session, one, What.UNREAD, since=since, at=at, count=passed):
            say_unread(session, one, waited, at=at)


def call_admins(
    session: Session, endangered: Consultation, key: str, *, at: datetime, **values: object
) -> None:
    """Call every admin of the installation to a consultation: its number, never anybody's words."""
    bot_id, number = endangered.bot_id, endangered.number
    alarm.tell_admins(session, bot_id, key, at=at, lane=Lane.EMERGENCY, number=number, **values)


def note_call(session: Session, endangered: Consultation, *, at: datetime) -> None:
    """Remember that the admins were called at once, so that they hear how it went on."""
    notice.first(session, endangered, What.CALLED, since=at, at=at, count=0)


def say_unread(
    session: Session, endangered: Consultation, waited: timedelta, *, at: datetime
) -> None:
    """Tell the asker that nobody has read it, and where help is meanwhile."""
    say(
        session,
        endangered.bot_id,
        endangered.asker,
        "alert.unread",
        at=at,
        lane=Lane.EMERGENCY,
        consultation=endangered,
        repeatable=False,
        number=endangered.number,
        span=day.span(waited),
        numbers=emergency.lines(session, endangered.facility),
    )


def taken(session: Session, endangered: Consultation, worker: str, *, at: datetime) -> None:
    """Let the admins who were called hear who has it now."""
    if _were_called(session, endangered):
        call_admins(session, endangered, "alert.taken", at=at, worker=worker)


def withdrawn(session: Session, endangered: Consultation, *, at: datetime) -> None:
    """Let the admins who were called hear that the asker no longer needs it."""
    if _were_called(session, endangered):
        call_admins(session, endangered, "alert.withdrawn", at=at)


def for_the_first(session: Session, home: Facility, *, at: datetime) -> Html:
    """Say to who comes on duty how much danger waits, and since when; nothing where none does."""
    count, oldest = session.execute(
        select(func.count(), func.min(Consultation.arrived_at)).where(
            Consultation.facility_id == home.id,
            Consultation.status == Status.WAITING,
            Consultation.danger_at.is_not(None),
        )
    ).one()
    if not count:
        return Html()
    since = day.moment(clock_of(home.zone, oldest or at), clock_of(home.zone, at).date())
    return Html(f"\n{words('alert.waiting', count=count, since=since)}")


def _were_called(session: Session, endangered: Consultation) -> bool:
    called = notice.last(session, endangered, What.CALLED)
    return called is not None and called >= notice.waits_since(session, endangered)
