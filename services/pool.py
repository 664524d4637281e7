"""Another facility's worker may answer where both heads agreed on paper and the asker says yes.

The asker is asked once, when it matters: nobody of the own facility is on duty, or the wait is
long.
"""

from collections.abc import Sequence
from datetime import date, datetime
from math import inf

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import Closed, NotAllowed, NotFound
from models.facility import Facility
from models.mail import Lane
from models.notice import What
from models.offer import End, Offer
from models.pool import Agreement
from models.role import Role
from services import audit, consultation, dispatch, duty, notice
from services.content import words
from services.mail import Button, change, say
from services.person import Caller
from services.sphere import distance


def agree(session: Session, one: Facility, other: Facility, document: str, *, on: date) -> None:
    """Enter that two of our facilities agreed; raises ValueError for one with itself."""
    first, second = sorted((one.id, other.id))
    if first == second:
        raise ValueError("a facility needs no agreement with itself")
    found = session.get(Agreement, (first, second)) or Agreement(
        facility_id=first, partner_id=second
    )
    found.document, found.agreed_on, found.ended_on = document, on, None
    session.add(found)


def end(session: Session, one: Facility, other: Facility, *, on: date) -> bool:
    """End an agreement; tell whether it held. Who is being answered is answered to the end."""
    first, second = sorted((one.id, other.id))
    found = session.get(Agreement, (first, second))
    if found is None or found.ended_on is not None:
        return False
    found.ended_on = on
    return True


def partners(session: Session, home: Facility) -> Sequence[Facility]:
    """Give the facilities that may answer for this one, the nearest first."""
    held = select(Agreement).where(
        or_(Agreement.facility_id == home.id, Agreement.partner_id == home.id),
        Agreement.ended_on.is_(None),
    )
    ids = [
        one.partner_id if one.facility_id == home.id else one.facility_id
        for one in session.scalars(held)
    ]
    if not ids:
        return []
    found = session.scalars(select(Facility).where(Facility.id.in_(ids), Facility.is_ours)).all()
    return sorted(found, key=lambda one: (_metres(home, one), one.id))


def ask(session: Session, waiting: Consultation, *, at: datetime) -> None:
    """Ask the asker once whether another facility may answer, where one could now."""
    home = waiting.facility
    if waiting.shares is not None or home is None:
        return
    ready = [role for one in partners(session, home) for role in crew(session, waiting, one, at=at)]
    if not ready or not notice.first(session, waiting, What.POOL, since=waiting.opened_at, at=at):
        return
    other = ready[0].facility
    assert other is not None  # noqa: S101 - every worker has one
    say(
        session,
        waiting.bot_id,
        waiting.asker,
        "pool.question",
        at=at,
        lane=Lane.EMERGENCY if waiting.danger_at else Lane.ANSWER,
        consultation=waiting,
        number=waiting.number,
        facility=home.name,
        other=other.name,
        count=len(ready),
        buttons=[
            [Button("button.share_yes", f"pool:{waiting.id}:1")],
            [Button("button.share_no", f"pool:{waiting.id}:0")],
        ],
    )


def answer(
    session: Session,
    caller: Caller,
    consultation_id: int,
    agrees: bool,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Take the yes, and offer it there at once; or the no, and take back what was offered there."""
    found = consultation.access(session, caller, consultation_id)
    if found.asker_id != caller.person.id or found.facility is None:
        raise NotFound
    if found.status is Status.ACTIVE:
        raise NotAllowed("waiting.answered", number=found.number)
    if found.status is not Status.WAITING:
        raise Closed(number=found.number)
    if found.shares is not agrees:
        found.shares = agrees
        audit.note(session, caller.person, "share" if agrees else "keep", found, at=at)
    if not agrees:
        _take_back(session, found, at=at)
    session.flush()
    key = "pool.yes" if agrees else "pool.no"
    text = words(key, number=found.number, facility=found.facility.name)
    change(session, caller.bot_id, caller.person, message_id, text, at=at)
    dispatch.match(session, at=at)


def homes(session: Session, one: Consultation) -> list[Facility]:
    """Give the facilities whose workers may have a consultation: its own first, then those of the
    pool, if its asker agreed."""
    if one.facility_id is None:
        return []
    home = session.get_one(Facility, one.facility_id)  # a draft that is asked remembers no facility
    return [home, *(partners(session, home) if one.shares else ())]


def crew(session: Session, one: Consultation, home: Facility, *, at: datetime) -> list[Role]:
    """Give the workers of a facility who are on duty and can be reached about a consultation."""
    return [
        role
        for role in duty.on_duty(session, home.id, at=at)
        if role.person_id != one.asker_id and dispatch.reachable(session, one, role)
    ]


def _take_back(session: Session, one: Consultation, *, at: datetime) -> None:
    standing = select(Offer).where(Offer.consultation_id == one.id, Offer.ended_at.is_(None))
    own = {role.person_id for home in homes(session, one)
           for role in duty.on_duty(session, home.id, at=at)}  # fmt: skip
    for each in session.scalars(standing).all():
        if each.worker_id not in own:
            line = words("offer.withdrawn", number=one.number)
            dispatch.end(session, each, End.WITHDRAWN, line, at=at)


def _metres(home: Facility, other: Facility) -> float:
    """How far apart two facilities are; what is nowhere is farthest."""
    here, there = (home.latitude, home.longitude), (other.latitude, other.longitude)
    if here[0] is None or here[1] is None or there[0] is None or there[1] is None:
        return inf
    return distance(here[0], here[1], there[0], there[1])
