"""Another facility's worker may answer where both heads agreed on paper and the asker says yes.

The asker is asked once, when it matters: nobody of the own facility is on duty, or the wait is
long.
"""

from datetime import date, datetime
from itertools import permutations
from math import inf

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import Closed, NotAllowed, NotFound
from models.facility import Facility
from models.mail import Lane
from models.notice import What
from models.offer import End, Offer
from models.pool import Agreement
from models.role import Kind, Role
from services import audit, consultation, dispatch, notice
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


_HOME: BindParameter[int] = bindparam("home")
_AROUND = select(Facility.id, Facility.latitude, Facility.longitude).where(
    Facility.is_ours,
    or_(
        Facility.id == _HOME,
        *(
            Facility.id.in_(select(other).where(one == _HOME, Agreement.ended_on.is_(None)))
            for one, other in permutations((Agreement.facility_id, Agreement.partner_id))
        ),
    ),
)


def partner_ids(session: Session, home_id: int) -> list[int]:
    """Give the facilities that may answer for this one, the nearest first."""
    found = session.execute(_AROUND, {"home": home_id})
    places = {row.id: (row.latitude, row.longitude) for row in found}
    here = places.pop(home_id, (None, None))
    return sorted(places, key=lambda one: (_metres(here, places[one]), one))


def partners(session: Session, home: Facility) -> list[Facility]:
    """Give the same facilities themselves."""
    return [session.get_one(Facility, one) for one in partner_ids(session, home.id)]


def ask(session: Session, waiting: Consultation, *, at: datetime) -> None:
    """Ask the asker once whether another facility may answer, where one could now."""
    home = waiting.facility
    if waiting.shares is not None or home is None:
        return
    ready = dispatch.crew(session, waiting, partner_ids(session, home.id), at=at)
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
    dispatch.place(session, found, at=at)


def home_ids(session: Session, one: Consultation) -> list[int]:
    """Give the facilities whose workers may have a consultation: its own first, then those of the
    pool, if its asker agreed."""
    return around(session, one.facility_id, shares=one.shares)


def around(session: Session, home_id: int | None, *, shares: bool | None) -> list[int]:
    """Give the same by facility and answer; a draft has no facility yet, so nobody may have it."""
    if home_id is None:
        return []
    return [home_id, *(partner_ids(session, home_id) if shares else ())]


def _take_back(session: Session, one: Consultation, *, at: datetime) -> None:
    """Take the offers back that stand with others than the own facility's workers."""
    standing = (
        select(Offer)
        .join(Role, Role.person_id == Offer.worker_id)
        .where(
            Offer.consultation_id == one.id,
            Offer.ended_at.is_(None),
            Role.kind == Kind.WORKER,
            Role.ended_at.is_(None),
            Role.facility_id != one.facility_id,
        )
    )
    for each in session.scalars(standing).all():
        line = words("offer.withdrawn", number=one.number)
        dispatch.end(session, each, End.WITHDRAWN, line, at=at)


def _metres(
    here: tuple[float | None, float | None], there: tuple[float | None, float | None]
) -> float:
    """How far apart two facilities are; what is nowhere is farthest."""
    if here[0] is None or here[1] is None or there[0] is None or there[1] is None:
        return inf
    return distance(here[0], here[1], there[0], there[1])
