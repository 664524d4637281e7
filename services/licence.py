"""The end of a SIP: told in time, and on the day after it nobody advises under it any more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.role import Kind, Role
from services import audit, credential, day, dispatch, person, step
from services.content import words
from services.duty.switching import tell_worker
from services.mail import tell

WARNED = (90, 30, 7)
"""So many days before the end the worker and the admins are warned."""
OVER = -1


def sweep(session: Session, *, at: datetime) -> None:
    """Warn of SIPs that end soon, by day, and hand over what is open under one that has ended; run
    twice, nobody hears it twice."""
    today = credential.today(at)
    workers = select(Role).where(
        Role.kind == Kind.WORKER, Role.ended_at.is_(None), Role.sip_ends_on.is_not(None)
    )
    for role in session.scalars(workers).all():
        if role.sip_ends_on is None:
            continue
        left = (role.sip_ends_on - today).days
        due = OVER if left < 0 else min((one for one in WARNED if left <= one), default=None)
        if due is None or (role.warned is not None and role.warned <= due):
            continue
        if due == OVER:
            _end(session, role, at=at)
        elif day.is_night(role.facility.zone if role.facility else None, at):
            continue
        role.warned = due
        _tell(session, role, left, at=at)


def _end(session: Session, role: Role, *, at: datetime) -> None:
    """Take the worker off duty; who waits for their answer waits for somebody else's."""
    role.ready_at = role.paused_until = role.person.away_at = None
    mine = Consultation.worker_id == role.person_id, Consultation.status == Status.ACTIVE
    left = dispatch.release(session, role.person, at=at)
    audit.note(session, None, "licence", role, at=at)
    session.flush()
    for one in session.scalars(select(Consultation).where(*mine)).all():
        step.fall_back(session, one, at=at, why="licence")
    for one in left:
        dispatch.place(session, one, at=at)


def _tell(session: Session, role: Role, left: int, *, at: datetime) -> None:
    told = _values(session, role, left)
    text = words("licence.ends", **told) if left >= 0 else words("licence.over", **told)
    tell_worker(session, role, text, at=at)
    _call_admins(session, role, left, at=at)


def _call_admins(session: Session, role: Role, left: int, *, at: datetime) -> None:
    key = "licence.ends_admin" if left >= 0 else "licence.over_admin"
    text = words(key, **_values(session, role, left))
    for admin in credential.admins(session):
        bot_id = person.reached_by(session, admin.person)
        if bot_id is not None and admin.person_id != role.person_id:
            tell(session, bot_id, admin.person, text, at=at)


def _values(session: Session, role: Role, left: int) -> dict[str, str]:
    assert role.sip_ends_on is not None  # noqa: S101 - looked at a moment ago
    told = {"title": credential.title(session, role), "day": day.text(role.sip_ends_on)}
    return told | ({"left": str(left)} if left >= 0 else {})
