"""Erasing a chat account: everything but the medical record, which the law keeps."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.base import Base
from models.consent import Consent
from models.consultation import Consultation, Status
from models.correction import Correction
from models.errors import Refusal
from models.followup import Followup
from models.invitation import Invitation
from models.message import Message, Pair
from models.patient import Patient
from models.person import Person
from models.role import Role
from models.task import Task, What
from services import audit, consultation, patient, person, task
from services.content import words
from services.mail import Button, change, say
from services.person import Caller


def erase(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Erase the account for good, at once. Refused while somebody still waits for an answer or
    gives one, and to those who have a duty here: their names stand under advice.

    What was said in consultations that a worker took stays, sealed, as the medical record.
    """
    gone = caller.person
    if session.scalar(select(Role.id).where(Role.person_id == gone.id, Role.ended_at.is_(None))):
        raise Refusal("rights.has_role")
    if _is_helped(session, caller, at=at):
        return
    asked = task.request(session, caller, What.ERASE, at=at, calls=False)
    task.end(session, asked, gone, at=at)
    text = words("rights.erased", number=asked.number)
    change(session, caller.bot_id, gone, message_id, text, at=at)
    audit.note(session, gone, "erase", gone, at=at)
    session.flush()
    _clear_records(session, gone, at=at)
    _clear_account(session, gone, at=at)
    caller.form = None
    gone.erase()


def _is_helped(session: Session, caller: Caller, *, at: datetime) -> bool:
    """Say kindly what has to end first, and how; a draft that nobody read just goes."""
    for one in _open_ones(session, caller.person):
        if one.status is Status.ACTIVE:
            raise Refusal("rights.being_answered", number=one.number)
        if one.status is Status.WAITING:
            buttons = [
                [Button("button.withdraw_number", f"withdraw:{one.id}", {"number": one.number})],
                [Button("button.erase", "erase")],
            ]
            say(session, caller.bot_id, caller.person, "rights.is_waiting", at=at,
                number=one.number, buttons=buttons)  # fmt: skip
            return True
        consultation.drop_draft(session, one, caller.person, at=at)
    return False


def _open_ones(session: Session, gone: Person) -> list[Consultation]:
    """Give what is open for a person through any bot."""
    wanted = select(Consultation).where(
        Consultation.asker_id == gone.id,
        Consultation.status.in_((Status.DRAFT, Status.WAITING, Status.ACTIVE)),
    )
    return list(session.scalars(wanted.order_by(Consultation.status)))


def _clear_records(session: Session, gone: Person, *, at: datetime) -> None:
    """Destroy what no worker ever took, and the patients of whom nothing else is known."""
    mine = or_(Patient.asker_id == gone.id, Patient.person_id == gone.id)
    for one in session.scalars(select(Patient).where(mine)).all():
        visits = False
        told = select(Consultation).where(Consultation.patient_id == one.id)
        for each in session.scalars(told).all():
            _end_followups(session, gone, each, at=at)
            if each.accepted_at is not None:
                visits = True
                continue
            each.sealed = None
            words_of = update(Message).where(Message.consultation_id == each.id)
            session.execute(words_of.values(sealed=None))
        if not visits:
            one.erase()
        elif one.person_id == gone.id and "name" not in (known := patient.known(session, one)):
            one.write(session, **known | {"name": person.shown_name(session, gone)})


def _end_followups(session: Session, gone: Person, one: Consultation, *, at: datetime) -> None:
    """Ask nothing more about a consultation, and forget what was said of how it was: a judgement of
    us is no medical record. The marks stay, nobody's."""
    asked = update(Followup).where(Followup.consultation_id == one.id)
    session.execute(asked.values(due_at=None, sealed=None))
    for left in session.scalars(select(Task).where(Task.about == f"consultation:{one.id}")).all():
        task.end(session, left, gone, at=at)
        left.sealed = None


def _clear_account(session: Session, gone: Person, *, at: datetime) -> None:
    """Forget the account everywhere: where its messages stood, what it asked and was asked, and
    every row that is keyed by the person (the chat, the open question, the village's card)."""
    for place in (Message, Pair):
        session.execute(
            update(place).where(place.chat_id == gone.telegram_id).values(chat_id=-gone.id)
        )
    for table in Base.metadata.sorted_tables:
        if (column := table.primary_key.columns.get("person_id")) is not None:
            session.execute(delete(table).where(column == gone.id))
    session.execute(update(Correction).where(Correction.by_id == gone.id).values(sealed=None))
    for consent in session.scalars(select(Consent).where(Consent.person_id == gone.id)).all():
        consent.withdrawn_at = consent.withdrawn_at or at
    opened = select(Invitation).where(
        Invitation.opened_by_id == gone.id, Invitation.ended_at.is_(None)
    )
    for invited in session.scalars(opened).all():
        invited.end(at=at)
    for asked in session.scalars(select(Task).where(Task.asked_by_id == gone.id)).all():
        task.end(session, asked, gone, at=at)
        asked.sealed = None
