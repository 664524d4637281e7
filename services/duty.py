"""Who is on duty: the switch «Siap / Selesai», and what follows from it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed
from models.role import Kind, Role
from services import credential, dispatch, menu, task
from services.danger import alert
from services.mail import Button, say
from services.person import Caller


def ready(session: Session, caller: Caller, *, at: datetime) -> None:
    """Put a worker on duty and hand them what waits."""
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    role.ready_at = at
    menu.offer(session, caller.bot_id, caller.person, at=at)
    assert role.facility is not None  # noqa: S101 - every verified worker has one
    danger = alert.for_the_first(session, role.facility, at=at)
    tasks = task.count(session, caller, at=at)
    listed = [[Button("button.tasks_count", "tasks", {"count": tasks})]] if tasks else []
    say(session, caller.bot_id, caller.person, "duty.ready", at=at, danger=danger, buttons=listed)
    session.flush()
    dispatch.match(session, at=at)


def done(session: Session, caller: Caller, *, at: datetime) -> None:
    """Take a worker off duty; open offers go on to others, open consultations stay with them."""
    role = credential.role_of(session, caller.person, Kind.WORKER)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    role.ready_at = None
    dispatch.release(session, caller.person, at=at)
    still_open = len(
        session.scalars(
            select(Consultation.id).where(
                Consultation.worker_id == caller.person.id, Consultation.status == Status.ACTIVE
            )
        ).all()
    )
    key = "duty.done_but_open" if still_open else "duty.done"
    say(session, caller.bot_id, caller.person, key, at=at, count=still_open)
    session.flush()
    dispatch.match(session, at=at)


def on_duty(session: Session, facility_id: int, *, at: datetime) -> list[Role]:
    """Give the facility's workers on duty whose licence holds today, longest ready first."""
    found = select(Role).where(
        Role.facility_id == facility_id, *dispatch.on_duty(credential.today(at))
    )
    return list(session.scalars(found.order_by(Role.ready_at)))
