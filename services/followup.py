"""What follows the end: the questions to an asker, when they are due, and the consultation that
goes on where an answer needs one."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotFound
from models.facility import Zone
from models.followup import Ask, Followup
from models.patient import Patient
from services import consent, consultation, day, patient, person
from services.person import Caller

BATCH = 50
AGAIN = timedelta(hours=1)
"""So long a question waits whose asker is talking to somebody now."""
STALE = timedelta(days=3)
"""After so long nobody wants to be asked any more."""
FRESH = ("who", "age", "sex", "pregnancy", "adult", "name", "village")
"""What is still true of a patient days later; danger, and what ails them, is asked anew."""


def begin(
    session: Session,
    about: Consultation,
    ask: Ask,
    *,
    due_at: datetime | None = None,
    asked_at: datetime | None = None,
) -> Followup:
    """Plan a question, or put one that may be answered from now on (`asked_at`); put again, after a
    correction, it is as if it had not been asked."""
    row = find(session, about, ask)
    if row is None:
        row = Followup(consultation_id=about.id, ask=ask)
        session.add(row)
    row.asked_at, row.due_at = asked_at, due_at
    row.repeated_at = row.answered_at = row.answer = None
    return row


def find(session: Session, about: Consultation, ask: Ask) -> Followup | None:
    """Give one question about a consultation, if it was ever put or planned."""
    session.flush()
    wanted = select(Followup).where(Followup.consultation_id == about.id, Followup.ask == ask)
    return session.scalar(wanted)


def due(session: Session, ask: Ask, *, at: datetime) -> list[Followup]:
    """Give the questions about which something has to be done now, oldest first; those whose asker
    sleeps or is talking to somebody are put off."""
    rows = session.scalars(
        select(Followup)
        .where(Followup.ask == ask, Followup.due_at <= at)
        .order_by(Followup.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    return [row for row in rows if not _put_off(session, row, at=at)]


def may_ask(session: Session, row: Followup, *, at: datetime) -> bool:
    """Tell whether its asker may still be asked: they agreed, can be reached, and it is not too
    late for the question."""
    about = row.consultation
    contact = person.contact_of(session, about.bot_id, about.asker)
    is_late = row.due_at is not None and at - row.due_at > STALE
    is_there = contact is not None and contact.unreachable_at is None
    return is_there and not is_late and bool(consent.given(session, about.asker))


def of_asker(session: Session, caller: Caller, consultation_id: int) -> Consultation:
    """Give a closed consultation to its asker; NotFound to everybody else."""
    found = consultation.access(session, caller, consultation_id)
    if found.asker_id != caller.person.id or found.status is not Status.CLOSED:
        raise NotFound
    return found


def follow(session: Session, caller: Caller, closed: Consultation, *, at: datetime) -> Consultation:
    """Open a draft that goes on where a closed consultation ended: the same patient, with what is
    still true of them."""
    drafted = consultation.draft(session, caller, at=at, of=_patient(closed))
    drafted.follows_id = closed.id
    told = patient.answers(session, closed)
    answers = {field: told[field] for field in FRESH if field in told}
    drafted.write(session, intake=answers | {"known": list(answers)})
    return drafted


def zone(about: Consultation) -> Zone | None:
    """Give the zone in which the people of a consultation live: that of its facility."""
    return about.facility.zone if about.facility else None


def open_one(session: Session, caller: Caller) -> Consultation | None:
    """Give what the asker has open already: its words go there."""
    here = consultation.open_ones(session, caller)
    return next((one for one in here if one.asker_id == caller.person.id), None)


def _patient(closed: Consultation) -> Patient | None:
    return closed.patient if closed.patient.wrapped_key is not None else None


def _put_off(session: Session, row: Followup, *, at: datetime) -> bool:
    about = row.consultation
    later = day.by_day(zone(about), at)
    talks = Caller(about.bot_id, about.asker, None, is_new=False)
    if later == at and open_one(session, talks) is not None:
        later = at + AGAIN
    if later > at:
        row.due_at = later
    return later > at
