"""What a worker has and what waits for them, on one screen: filtered, and pulled from by a tap.

Like an offer it tells age, sex, the complaint in a line and the kecamatan: no name before somebody
has taken it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound
from models.person import Person
from models.role import Role
from services import credential, day, dispatch, patient, pool, relay, scope, step
from services.content import Html, joined, words
from services.mail import Button, Buttons, change, tell
from services.patient import page as patients
from services.person import Caller
from services.text import shorten

SHOWN = 6
"""Of what waits: two rows of numbers below a screenful."""
COMPLAINT = 60
"""Characters of the complaint: one line."""
LONG = timedelta(minutes=30)


class Filter(StrEnum):
    """What of the waiting is shown."""

    ALL = "all"
    DANGER = "danger"
    LONG = "long"
    """What waits for half an hour or longer."""
    HOME = "home"
    """What is registered at the worker's own facility."""
    SKILL = "skill"
    """What needs somebody of the worker's profession."""


def begin(session: Session, caller: Caller, *, at: datetime) -> None:
    """Answer /pasien: a worker sees their list, everybody else those for whom they ask."""
    if credential.worker(session, caller.person, at=at) is None:
        patients.show_all(session, caller, at=at)
    else:
        show(session, caller, at=at)


def show(
    session: Session,
    caller: Caller,
    chosen: Filter = Filter.ALL,
    *,
    at: datetime,
    message_id: int | None = None,
) -> None:
    """Show whom a worker has and the first of what waits for them, as a new message or in place of
    the one with the pressed filter."""
    role = _role(session, caller, at=at)
    found = select(Consultation).where(*_waits_for(session, caller, role, chosen, at=at))
    first = session.scalars(found.order_by(Consultation.rank_at).limit(SHOWN)).all()
    every = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    text = words(
        "worklist.page",
        mine=_mine(session, caller, at=at),
        filter=words(f"worklist_filter.{chosen}"),
        count=every,
        lines=joined(
            "\n\n",
            [
                Html(),
                *(
                    _line(session, role, one, place, at=at)
                    for place, one in enumerate(first, start=1)
                ),
            ],
        ),
    )
    buttons = _buttons(first, chosen)
    if message_id is None:
        tell(session, caller.bot_id, caller.person, text, at=at, protect=True, buttons=buttons)
    else:
        change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=buttons)


def pull(session: Session, caller: Caller, chosen: Filter, *, at: datetime) -> None:
    """Take the first that waits under a filter."""
    role = _role(session, caller, at=at)
    found = session.scalar(
        select(Consultation.id)
        .where(*_waits_for(session, caller, role, chosen, at=at))
        .order_by(Consultation.rank_at)
        .limit(1)
    )
    if found is None:
        raise NotFound("worklist.nothing")
    step.accept(session, caller, found, at=at)


def close(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Leave one line of the list where complaints stood."""
    gone = words("worklist.closed")
    change(session, caller.bot_id, caller.person, message_id, gone, at=at)


def _role(session: Session, caller: Caller, *, at: datetime) -> Role:
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    return role


def _waits_for(
    session: Session, caller: Caller, role: Role, chosen: Filter, *, at: datetime
) -> list[ColumnElement[bool]]:
    """Give what holds of what this worker may take: of the own facility or shared with it, not
    their own complaint, nor one whose asker wants nothing to be done with their data."""
    shared = and_(
        Consultation.shares.is_(True),
        Consultation.facility_id.in_(pool.partner_ids(session, role.facility_id or 0)),
    )
    skills = scope.of_role(role).skills
    only: dict[Filter, ColumnElement[bool]] = {
        Filter.DANGER: Consultation.danger_at.is_not(None),
        Filter.LONG: Consultation.arrived_at <= at - LONG,
        Filter.HOME: Consultation.facility_id == role.facility_id,
        Filter.SKILL: Consultation.skill.in_(skills),
    }
    return [
        Consultation.status == Status.WAITING,
        Consultation.bot_id == caller.bot_id,
        or_(Consultation.facility_id == role.facility_id, shared),
        or_(
            Consultation.skill.is_(None),
            Consultation.skill.in_(skills),
            Consultation.danger_at.is_not(None),
        ),
        or_(
            Consultation.by_sex.is_(None),
            Consultation.by_sex == role.sex,
            Consultation.danger_at.is_not(None),
        ),
        Consultation.asker_id != caller.person.id,
        Consultation.asker_id.not_in(
            select(Person.id).where(Person.restricted_at.is_not(None)).scalar_subquery()
        ),
        *([only[chosen]] if chosen in only else []),
    ]


def _mine(session: Session, caller: Caller, *, at: datetime) -> Html:
    held = session.scalars(
        select(Consultation)
        .where(
            Consultation.worker_id == caller.person.id,
            Consultation.status == Status.ACTIVE,
            Consultation.bot_id == caller.bot_id,
        )
        .order_by(Consultation.place)
    ).all()
    lines = [
        words("worklist.mine", patient=relay.named(session, one),
              span=day.span(at - (one.accepted_at or at)))
        for one in held
    ]  # fmt: skip
    return Html("\n".join(lines)) if lines else words("worklist.none")


def _line(session: Session, role: Role, one: Consultation, place: int, *, at: datetime) -> Html:
    district = patient.district(session, one.patient)
    elsewhere = one.facility if one.facility_id != role.facility_id else None
    return words(
        "worklist.danger" if one.danger_at else "worklist.line",
        place=place,
        number=one.number,
        span=day.span(at - (one.arrived_at or at)),
        patient=patient.brief(patient.answers(session, one)),
        place_of=words("worklist.from", district=district) if district else "",
        facility=words("worklist.of", facility=elsewhere.name) if elsewhere else "",
        complaint=shorten(dispatch.complaint_of(session, one), COMPLAINT),
    )


def _buttons(first: Sequence[Consultation], chosen: Filter) -> Buttons:
    takes = [
        Button("button.take", f"take:{one.id}", {"place": place})
        for place, one in enumerate(first, start=1)
    ]
    filters = [
        Button(f"worklist_filter.{other}", f"worklist:{other}")
        for other in Filter
        if other is not chosen
    ]
    pull_it = [[Button("button.pull", f"pull:{chosen}")]] if first else []
    rows = [takes[at_ : at_ + 3] for at_ in range(0, len(takes), 3)]
    return [
        *pull_it,
        *rows,
        *(filters[at_ : at_ + 2] for at_ in range(0, len(filters), 2)),
        [Button("button.figures", "figures"), Button("button.own_family", "screen:patients")],
    ]
