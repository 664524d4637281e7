"""The rows that the rule works on: who is free, what waits, who can be called.

Skill, place and freedom are asked of the database; what is personal is looked at in at most `LOOK`
rows, so that no queue however long makes a decision slow.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.bot import Contact
from models.consultation import Consultation, Status
from models.offer import End, Offer
from models.person import Person
from models.role import Kind, Profession, Role
from services import credential, pool, scope, skill
from services.dispatch.rule import MISSES, Case, Hand

LOOK = 200
"""So many rows of free workers, or of what waits, are looked at for what is personal."""
LET_GO = (End.PASSED, End.ACCEPTED)
"""Whoever passed an offer, or gave the consultation back, is not asked at once again."""

OFFERED = exists().where(Offer.consultation_id == Consultation.id, Offer.ended_at.is_(None))
_ASKED = exists().where(Offer.worker_id == Role.person_id, Offer.ended_at.is_(None))
_LOAD = (
    select(func.count())
    .where(Consultation.worker_id == Role.person_id, Consultation.status == Status.ACTIVE)
    .correlate(Role)
    .scalar_subquery()
)


def on_duty(at: datetime) -> list[ColumnElement[bool]]:
    """Give what holds of a role whose holder is on duty with a licence that holds today."""
    return [
        Role.ready_at.is_not(None),
        Role.kind == Kind.WORKER,
        Role.ended_at.is_(None),
        Role.verified_at.is_not(None),
        Role.sip_ends_on >= credential.today(at),
    ]


def _reached(bot_id: ColumnElement[int] | int) -> ColumnElement[bool]:
    """A worker is written to in the bot of the consultation, where they have opened it."""
    return exists().where(
        Contact.person_id == Role.person_id,
        Contact.bot_id == bot_id,
        Contact.unreachable_at.is_(None),
    )


def crew(
    session: Session, one: Consultation, homes: Sequence[int], *, at: datetime
) -> Sequence[Role]:
    """Give all on duty at these facilities who can be reached about a consultation, those of the
    first facility first, and who is longest on duty."""
    if not homes:
        return []
    found = select(Role).where(*_crew(one, homes, at))
    return session.scalars(found.order_by(_nearness(homes), Role.ready_at)).all()


def crew_size(session: Session, one: Consultation, homes: Sequence[int], *, at: datetime) -> int:
    """Count the same."""
    return session.scalar(select(func.count()).where(*_crew(one, homes, at))) or 0


def free(session: Session, one: Consultation, homes: Sequence[int], *, at: datetime) -> list[Hand]:
    """Give who of these facilities is free now for a consultation, the nearest facility's first."""
    found = (
        _free(at)
        .where(
            Role.facility_id.in_(homes),
            Role.profession.in_(skill.able(one.skill)),
            _reached(one.bot_id),
        )
        .order_by(_nearness(homes), _LOAD, func.coalesce(Role.took_at, Role.ready_at))
        .limit(LOOK)
    )
    return [_hand(row) for row in session.execute(found)]


def is_free(session: Session, worker_id: int, *, at: datetime) -> Hand | None:
    """Give a worker as the rule sees them, if they are free now."""
    row = session.execute(_free(at).where(Role.person_id == worker_id)).first()
    return None if row is None else _hand(row)


def idle(session: Session, homes: Collection[int], *, at: datetime) -> list[Hand]:
    """Give everybody of these facilities who is free now, the longest idle first."""
    found = _free(at).where(Role.facility_id.in_(homes))
    found = found.order_by(func.coalesce(Role.took_at, Role.ready_at))
    return [_hand(row) for row in session.execute(found)]


def waiting_at(session: Session) -> set[int]:
    """Give the facilities whose workers may have something that waits unoffered."""
    places = select(Consultation.facility_id, Consultation.shares).where(
        Consultation.status == Status.WAITING, Consultation.danger_at.is_(None), ~OFFERED
    )
    found: set[int] = set()
    for home, shares in session.execute(places.distinct()):
        found.update(pool.around(session, home, shares=shares))
    return found


def taken_back(session: Session) -> Sequence[Consultation]:
    """Give what came back into the queue although the use of its asker's data is restricted."""
    restricted = Person.id == Consultation.asker_id, Person.restricted_at.is_not(None)
    held = exists().where(*restricted)
    found = select(Consultation).where(Consultation.status == Status.WAITING, held)
    return session.scalars(found).all()


def role_of(session: Session, hand: Hand) -> Role:
    """Give the role behind a worker as the rule sees them."""
    return session.scalars(
        select(Role).where(
            Role.person_id == hand.id, Role.kind == Kind.WORKER, Role.ended_at.is_(None)
        )
    ).one()


def waiting_for(session: Session, hand: Hand) -> list[Case]:
    """Give what waits unoffered and a free worker may have, by its rank, without the danger: that
    is offered to everybody by itself."""
    partners = pool.partner_ids(session, hand.home)
    place = Consultation.facility_id == hand.home
    if partners:
        shared = and_(Consultation.shares.is_(True), Consultation.facility_id.in_(partners))
        place = or_(place, shared)
    opened = select(Contact.bot_id).where(
        Contact.person_id == hand.id, Contact.unreachable_at.is_(None)
    )
    found = (
        select(Consultation.id, Consultation.facility_id, Consultation.asker_id)
        .where(
            place,
            Consultation.status == Status.WAITING,
            Consultation.danger_at.is_(None),
            Consultation.bot_id.in_(opened),
            or_(Consultation.skill.is_(None), Consultation.skill.in_(hand.skills)),
            ~OFFERED,
        )
        .order_by(Consultation.rank_at)
        .limit(LOOK)
    )
    rows = session.execute(found).all()
    ids = [row.id for row in rows]
    mine = Offer.worker_id == hand.id, Offer.consultation_id.in_(ids)
    missed = _missed(session, Offer.consultation_id, *mine) if ids else {}
    return [
        Case(row.id, None, {hand.home: 0}, row.asker_id, missed={hand.id: missed.get(row.id, 0)})
        for row in rows
    ]


def seen(session: Session, one: Consultation, homes: Sequence[int]) -> Case:
    """Give a waiting consultation as the rule sees it."""
    missed = _missed(session, Offer.worker_id, Offer.consultation_id == one.id)
    return Case(
        one.id,
        one.skill,
        {home: near for near, home in enumerate(homes)},
        asker=one.asker_id,
        first=_former(session, one),
        missed=missed,
    )


def widen(session: Session, *, at: datetime) -> None:
    """Let everybody take what needs a skill that nobody on duty has: nobody is held back for it."""
    kinds = (Consultation.facility_id, Consultation.shares, Consultation.skill)
    held = (Consultation.status == Status.WAITING, Consultation.skill.is_not(None))
    for kind in session.execute(select(*kinds).where(*held).distinct()).all():
        home, shares, wanted = kind
        homes = pool.around(session, home, shares=shares)
        if not professions(session, homes, at=at) & skill.able(wanted):
            same = [
                column.is_not_distinct_from(value)
                for column, value in zip(kinds, kind, strict=True)
            ]
            for one in session.scalars(select(Consultation).where(*held, *same)).all():
                one.skill = None


def professions(session: Session, homes: Sequence[int], *, at: datetime) -> set[Profession]:
    """Give the professions that are on duty at these facilities."""
    found = select(Role.profession).where(*on_duty(at), Role.facility_id.in_(homes)).distinct()
    return {one for one in session.scalars(found) if one is not None}


def _former(session: Session, one: Consultation) -> int | None:
    """Who answered what this one follows is asked first, for one round: they know the patient."""
    offered = select(Offer.id).where(Offer.consultation_id == one.id).limit(1)
    if one.follows_id is None or session.scalar(offered) is not None:
        return None
    return session.get_one(Consultation, one.follows_id).worker_id


def _missed(
    session: Session, by: InstrumentedAttribute[int], *which: ColumnElement[bool]
) -> dict[int, int]:
    """Count the offers that were missed or let go since their worker came on duty."""
    made = select(by, Offer.end).join(Role, Role.person_id == Offer.worker_id)
    counts: Counter[int] = Counter()
    for key, end in session.execute(made.where(*which, Role.ready_at <= Offer.made_at)):
        counts[key] += _weight(end)
    return counts


def _weight(end: End | None) -> int:
    return MISSES if end in LET_GO else int(end is End.EXPIRED)


def _crew(one: Consultation, homes: Sequence[int], at: datetime) -> list[ColumnElement[bool]]:
    return [
        *on_duty(at),
        Role.facility_id.in_(homes),
        Role.person_id != one.asker_id,
        _reached(one.bot_id),
    ]


def _free(at: datetime) -> Select[Any]:
    return select(
        Role.person_id,
        Role.facility_id,
        Role.profession,
        Role.ready_at,
        Role.took_at,
        _LOAD.label("load"),
    ).where(*on_duty(at), ~_ASKED, Role.places > _LOAD)


def _nearness(homes: Sequence[int]) -> ColumnElement[int]:
    return case({home: near for near, home in enumerate(homes)}, value=Role.facility_id)


def _hand(row: Row[Any]) -> Hand:
    since = max(row.took_at, row.ready_at) if row.took_at else row.ready_at
    return Hand(row.person_id, row.facility_id, scope.of(row.profession).skills, row.load, since)
