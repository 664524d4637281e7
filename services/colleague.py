"""Help from others: who is there to be asked about a patient, and what can be asked of them."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotFound
from models.role import Role
from services import consultation, desk, dispatch, relay
from services.mail import Button, say
from services.person import Caller

SHOWN = 8
"""Colleagues that are offered as buttons."""


def offer(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Ask what kind of help a worker needs with a patient."""
    one = consultation.held(session, caller, consultation_id)
    say(
        session,
        caller.bot_id,
        caller.person,
        "colleague.offer",
        at=at,
        consultation=one,
        protect=True,
        patient=relay.named(session, one),
        buttons=[
            [Button("button.transfer", f"transfer:{one.id}")],
            [Button("button.opinion", f"opinion:{one.id}")],
            [Button("button.missing", f"missing:{one.id}")],
            [Button("button.abuse", f"report_abuse:{one.id}")],
        ],
    )


def others(session: Session, caller: Caller, one: Consultation, *, at: datetime) -> list[Role]:
    """Give who else is on duty and may have this consultation, the nearer and less busy first;
    raises NotFound where nobody is."""
    found = [
        role
        for role in dispatch.everybody(session, one, at=at)
        if role.person_id not in (caller.person.id, one.asker_id)
    ]
    if not found:
        raise NotFound("colleague.nobody", number=one.number)
    return found[:SHOWN]


def chosen(
    session: Session, caller: Caller, one: Consultation, role_id: int, *, at: datetime
) -> Role:
    """Give one of them; raises NotFound for who has gone off duty since, and for anybody else."""
    found = [role for role in others(session, caller, one, at=at) if role.id == role_id]
    if not found:
        raise NotFound("colleague.gone")
    return found[0]


def busy(session: Session, role: Role) -> int:
    """Count the patients of a colleague who take a place."""
    return len(desk.place.taken(session, role.person_id))
