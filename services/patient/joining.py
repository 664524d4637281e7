"""Two records of perhaps the same person: a worker compares them, joins them or keeps them apart.

Joined, each stays its own asker's and under its own key; only who answers sees what was advised in
both. No asker ever learns that there is another.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotFound
from models.patient import Patient
from services import audit, consultation
from services.content import Html, plain, words
from services.credential import today
from services.mail import Button, change, tell
from services.patient import field as fields
from services.patient import record, twin
from services.person import Caller

COMPARED = ("name", "birth", "sex", "village", "nik", "card")


def compare(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show a worker both records beside one another, numbers covered; noted in the audit trail."""
    found = consultation.held(session, caller, consultation_id)
    other = twin.find(session, found.patient)
    if other is None:
        raise NotFound("refusal.expired_button")
    for one in (found.patient, other):
        audit.note(session, caller.person, "open", one, at=at)
    lines = [_line(session, what, found.patient, other, at=at) for what in COMPARED]
    tell(
        session,
        caller.bot_id,
        caller.person,
        words("patient.compare", number=found.number, lines=Html("\n".join(lines))),
        at=at,
        consultation=found,
        protect=True,
        buttons=[
            [Button("button.join", f"join:{found.id}:{other.id}")],
            [Button("button.apart", f"apart:{found.id}:{other.id}")],
        ],
    )


def join(
    session: Session,
    caller: Caller,
    consultation_id: int,
    other_id: int,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Take it from a worker that both are the same person; may be taken back."""
    found, other = _both(session, caller, consultation_id, other_id)
    ids = [*twin.together(session, found.patient), *twin.together(session, other)]
    for one in _rows(session, ids):
        one.same_as_id = min(ids) if one.id != min(ids) else None
    for one in (found.patient, other):
        audit.note(session, caller.person, "join", one, at=at)
    undo = [[Button("button.unjoin", f"apart:{found.id}:{other.id}")]]
    change(session, caller.bot_id, caller.person, message_id, words("patient.joined"), at=at,
           buttons=undo)  # fmt: skip


def part(
    session: Session,
    caller: Caller,
    consultation_id: int,
    other_id: int,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Take it from a worker that they are two people; what was joined is separate again."""
    found, other = _both(session, caller, consultation_id, other_id)
    mine = found.patient
    rest = [one for one in _rows(session, twin.together(session, mine)) if one is not mine]
    for one in rest:
        one.same_as_id = rest[0].id if one is not rest[0] else None
    mine.same_as_id = None
    for one, another in ((mine, other), (other, mine)):
        told = record.known(session, one)
        one.write(session, **told | {"apart": sorted({*told.get("apart", []), another.id})})
        audit.note(session, caller.person, "part", one, at=at)
    text = words("patient.parted")
    change(session, caller.bot_id, caller.person, message_id, text, at=at)


def _both(
    session: Session, caller: Caller, consultation_id: int, other_id: int
) -> tuple[Consultation, Patient]:
    """Give the worker's consultation and the other record; only one of the same number."""
    found = consultation.held(session, caller, consultation_id)
    mine, other = found.patient, session.get(Patient, other_id)
    numbers = {mine.nik_index, mine.card_index} - {None}
    if other is None or other is mine or not numbers & {other.nik_index, other.card_index}:
        raise NotFound
    return found, other


def _rows(session: Session, ids: Sequence[int]) -> list[Patient]:
    return list(session.scalars(select(Patient).where(Patient.id.in_(ids)).order_by(Patient.id)))


def _line(session: Session, what: str, mine: Patient, other: Patient, *, at: datetime) -> Html:
    on = today(at)
    here, there = (
        fields.shown(session, what, record.known(session, one), on) or plain("patient.unasked")
        for one in (mine, other)
    )
    return words("patient.beside", field=plain(f"field.{what}"), here=here, there=there)
