"""Which consultations there are, who may reach them, and the drafts among them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload

from models.consultation import OPEN, Consultation, Status, Step
from models.errors import Closed, NotFound, Refusal
from models.message import Message, Part
from models.patient import Patient
from models.person import Person
from services import (
    ahead,
    patient,
)
from services.person import Caller


def access(session: Session, caller: Caller, consultation_id: int) -> Consultation:
    """Give a consultation to its asker or its worker, in the bot where it lives; NotFound to
    everybody else and elsewhere."""
    found = session.get(Consultation, consultation_id)
    if (
        found is None
        or found.bot_id != caller.bot_id
        or caller.person.id not in (found.asker_id, found.worker_id)
    ):
        raise NotFound
    return found


_PEOPLE: BindParameter[Sequence[int]] = bindparam("people", expanding=True)


def held(session: Session, caller: Caller, consultation_id: int) -> Consultation:
    """Give an active consultation to the worker who has it; NotFound to everybody else, Closed
    once it has moved on."""
    found = access(session, caller, consultation_id)
    if found.worker_id != caller.person.id:
        raise NotFound
    if found.status is not Status.ACTIVE:
        raise Closed(number=found.number)
    return found


# Asked for every text, so it is built once and brings everybody whom the relay needs.
# Each side has its own index; only a literal lets SQLite use the partial one of the workers.
_OPEN_ONES = (
    select(Consultation)
    .options(
        joinedload(Consultation.patient),
        joinedload(Consultation.asker),
        joinedload(Consultation.worker),
    )
    .where(
        Consultation.bot_id == bindparam("bot"),
        or_(
            and_(Consultation.asker_id.in_(_PEOPLE), Consultation.status.in_(OPEN)),
            and_(
                Consultation.worker_id.in_(_PEOPLE),
                Consultation.status == literal_column(f"'{Status.ACTIVE}'"),
            ),
        ),
    )
    .order_by(Consultation.id)
)


def open_ones(session: Session, caller: Caller) -> list[Consultation]:
    """Give what is open for a person in this chat, as asker or as worker, oldest first."""
    bot_id = caller.bot_id
    return list(
        ahead.answer(
            session, "open", caller.person.id, lambda people: _open_for(session, bot_id, people)
        )
    )


def must_be_free(session: Session, caller: Caller) -> None:
    """Raise Refusal for who talks with somebody: words typed for us must not go to a patient, nor
    words for a patient be taken for ours."""
    if open_ones(session, caller):
        raise Refusal("correction.later")


def look_ahead(session: Session, bot_id: int, people: Sequence[Person]) -> list[Consultation]:
    """Look up at once what `open_ones` will be asked about these people, and give it."""
    found = _open_for(session, bot_id, [person.id for person in people])
    ahead.keep(session, "open", found)
    return [one for each in found.values() for one in each]


def _open_for(
    session: Session, bot_id: int, people: Sequence[int]
) -> dict[int, list[Consultation]]:
    found: dict[int, list[Consultation]] = {one: [] for one in people}
    for one in session.scalars(_OPEN_ONES, {"bot": bot_id, "people": people}):
        # A consultation that still waits is nothing to the worker who gave it back.
        for person_id in {one.asker_id, one.worker_id if one.status is Status.ACTIVE else None}:
            if person_id in found:
                found[person_id].append(one)
    return found


def draft(
    session: Session, caller: Caller, *, at: datetime, of: Patient | None = None
) -> Consultation:
    """Open a draft in which the words of an asker are kept until it is clear what they are; where
    it is not known yet of whom they are, they get a record of their own."""
    opened = Consultation(
        bot_id=caller.bot_id, asker_id=caller.person.id, status=Status.DRAFT, opened_at=at
    )
    opened.patient = of or patient.new(session, caller.person)
    opened.asker = caller.person
    session.add(opened)
    session.flush()
    return opened


def lost(session: Session, caller: Caller, consultation_id: int | None) -> Consultation | None:
    """Give a consultation that a worker had and no longer has, while it needs somebody still."""
    found = session.get(Consultation, consultation_id) if consultation_id is not None else None
    if found is None or found.bot_id != caller.bot_id or caller.person.id == found.asker_id:
        return None
    if found.status not in (Status.WAITING, Status.ACTIVE) or found.worker_id == caller.person.id:
        return None
    had = found.steps.select().where(Step.by_id == caller.person.id, Step.after == Status.ACTIVE)
    return found if session.scalars(had.limit(1)).first() is not None else None


def drop_draft(session: Session, drafted: Consultation, by: Person | None, *, at: datetime) -> None:
    """End a draft and destroy its words, and the patient's key where it opens nothing else."""
    drafted.move(Status.WITHDRAWN if by else Status.EXPIRED, by=by, at=at)
    for message in session.scalars(select(Message).where(Message.consultation_id == drafted.id)):
        message.sealed = None
    others = select(Consultation.id).where(
        Consultation.patient_id == drafted.patient_id, Consultation.id != drafted.id
    )
    if session.scalar(others.limit(1)) is None:
        drafted.patient.erase()


def last_closed(session: Session, caller: Caller, *, since: datetime) -> Consultation | None:
    """Give the asker's newest consultation in this chat that ended after `since`."""
    return session.scalar(
        select(Consultation)
        .where(
            Consultation.asker_id == caller.person.id,
            Consultation.bot_id == caller.bot_id,
            Consultation.status == Status.CLOSED,
            Consultation.ended_at > since,
        )
        .order_by(Consultation.ended_at.desc())
        .limit(1)
    )


def has_complaint(session: Session, consultation: Consultation) -> bool:
    """Tell whether anything was said yet."""
    said = select(Message.id).where(
        Message.consultation_id == consultation.id, Message.part == Part.COMPLAINT
    )
    return session.scalar(said.limit(1)) is not None
