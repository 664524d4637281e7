"""The rows that the rule works on: who is free, what waits, who can be called.

Skill, place and freedom are asked of the database; what is personal is looked at in at most `LOOK`
rows, so that no queue however long makes a decision slow. What is asked often is built once:
building a query costs more than running it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models.bot import Contact
from models.consultation import Consultation, Status
from models.offer import End, Offer
from models.person import Language, Person
from models.role import Kind, Profession, Role, Skill
from services import credential, pool, scope, skill
from services.dispatch.rule import MISSES, Case, Hand, obstacle

LOOK = 200
"""So many rows of free workers, or of what waits, are looked at for what is personal."""
GLANCE = 5
"""So many of what waits are looked at first: mostly one of them will do."""
NEAR = 8
"""So many of the nearest facilities are looked at together, before all the others."""
HOLDS = timedelta(minutes=30)
"""So long one waits for somebody of the wished sex; then whoever is free may have it."""
LET_GO = (End.PASSED, End.ACCEPTED)
"""Whoever passed an offer, or gave the consultation back, is not asked at once again."""

_TODAY: BindParameter[date] = bindparam("today")
_BOT: BindParameter[int] = bindparam("bot")
_HOME: BindParameter[int] = bindparam("home")
_WORKER: BindParameter[int] = bindparam("worker")
_ONE: BindParameter[int] = bindparam("one")
_MOST: BindParameter[int] = bindparam("most")
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_HOMES: BindParameter[Sequence[int]] = bindparam("homes", expanding=True)
_ABLE: BindParameter[Sequence[Profession]] = bindparam("able", expanding=True)
_SKILLS: BindParameter[Sequence[Skill]] = bindparam("skills", expanding=True)

_OFFERED = exists().where(Offer.consultation_id == Consultation.id, Offer.ended_at.is_(None))
_ASKED = exists().where(Offer.worker_id == Role.person_id, Offer.ended_at.is_(None))
_LOAD = (
    select(func.count())
    .where(
        Consultation.worker_id == Role.person_id,
        Consultation.status == Status.ACTIVE,
        Consultation.place.is_not(None),  # whoever has to answer a question first takes none
    )
    .correlate(Role)
    .scalar_subquery()
)
_IDLE_SINCE = func.coalesce(Role.took_at, Role.ready_at)


def on_duty(today: date | BindParameter[date]) -> list[ColumnElement[bool]]:
    """Give what holds of a role whose holder is on duty with a licence that holds on that day."""
    return [
        Role.ready_at.is_not(None),
        Role.kind == Kind.WORKER,
        Role.ended_at.is_(None),
        Role.verified_at.is_not(None),
        Role.sip_ends_on >= today,
    ]


def _reached(bot_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """A worker is written to in the bot of the consultation, where they have opened it."""
    return exists().where(
        Contact.person_id == Role.person_id,
        Contact.bot_id == bot_id,
        Contact.unreachable_at.is_(None),
    )


_FREE: Select[Any] = (
    select(
        Role.person_id,
        Role.facility_id,
        Role.profession,
        Role.sex,
        Role.ready_at,
        Role.took_at,
        Person.language,
        _LOAD.label("load"),
    )
    .join(Person, Person.id == Role.person_id)
    .where(*on_duty(_TODAY), Role.paused_until.is_(None), ~_ASKED, Role.places > _LOAD)
)
_FREE_FOR = (
    _FREE.where(Role.facility_id.in_(_HOMES), Role.profession.in_(_ABLE), _reached(_BOT))
    .order_by(_IDLE_SINCE)
    .limit(LOOK)
)
_FREE_ONE = _FREE.where(Role.person_id == _WORKER)
_IDLE = _FREE.where(Role.facility_id.in_(_HOMES)).order_by(_IDLE_SINCE)

_UNOFFERED = (
    Consultation.status == Status.WAITING,
    Consultation.danger_at.is_(None),
    ~_OFFERED,
)
_ANYTHING = select(Consultation.id).where(*_UNOFFERED).limit(1)
_WAITING = (
    select(Consultation.id, Consultation.asker_id, Consultation.by_sex)
    .where(
        *_UNOFFERED,
        Consultation.bot_id.in_(
            select(Contact.bot_id).where(
                Contact.person_id == _WORKER, Contact.unreachable_at.is_(None)
            )
        ),
        or_(Consultation.skill.is_(None), Consultation.skill.in_(_SKILLS)),
    )
    .order_by(Consultation.rank_at)
    .limit(_MOST)
)
_WAITING_AT_HOME = _WAITING.where(Consultation.facility_id == _HOME)
_WAITING_AROUND = _WAITING.where(
    or_(
        Consultation.facility_id == _HOME,
        and_(Consultation.shares.is_(True), Consultation.facility_id.in_(_HOMES)),
    )
)
_STANDS = select(Offer.id).where(Offer.consultation_id == _ONE, Offer.ended_at.is_(None)).limit(1)
_STATUS = select(Consultation.status).where(Consultation.id == _ONE).with_for_update()
_MADE = select(Offer.worker_id, Offer.consultation_id, Offer.end).join(
    Role, and_(Role.person_id == Offer.worker_id, Role.ready_at <= Offer.made_at)
)
_MADE_FOR = _MADE.where(Offer.consultation_id == _ONE)
_MADE_TO = _MADE.where(Offer.worker_id == _WORKER, Offer.consultation_id.in_(_IDS))


def away(
    session: Session, one: Consultation, homes: Sequence[int], *, at: datetime
) -> Sequence[Role]:
    """Give who of these facilities does not answer offers: danger calls them all the same."""
    off = Role.ready_at.is_(None)
    found = select(Role).join(Person, Person.id == Role.person_id)
    found = found.where(off, Person.away_at.is_not(None), *_crew(one, homes, at)[1:])
    return session.scalars(found).all()


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


def free(
    session: Session, one: Consultation, homes: Sequence[int], *, at: datetime
) -> Iterator[list[Hand]]:
    """Give who is free now for a consultation: of its own facility, then of the nearest, then of
    all whose workers may have it."""
    asked = {"today": credential.today(at), "bot": one.bot_id, "able": list(skill.able(one.skill))}
    for part in (homes[:1], homes[1:NEAR], homes[NEAR:]):
        if part:
            found = session.execute(_FREE_FOR, asked | {"homes": part})
            yield [_hand(row) for row in found]


def is_free(session: Session, worker_id: int, *, at: datetime) -> Hand | None:
    """Give a worker as the rule sees them, if they are free now."""
    asked = {"today": credential.today(at), "worker": worker_id}
    row = session.execute(_FREE_ONE, asked).first()
    return None if row is None else _hand(row)


def idle(session: Session, homes: Collection[int], *, at: datetime) -> list[Hand]:
    """Give everybody of these facilities who is free now, the longest idle first."""
    asked = {"today": credential.today(at), "homes": list(homes)}
    return [_hand(row) for row in session.execute(_IDLE, asked)]


def is_offered(session: Session, one: Consultation) -> bool:
    """Tell whether an offer of a consultation stands."""
    return session.execute(_STANDS, {"one": one.id}).first() is not None


def still_waits(session: Session, one: Consultation) -> bool:
    """Tell whether a consultation waits at this very moment, and keep it so until the end of this
    transaction: whoever accepts it beside us sees what we offer, or we see that they did."""
    session.flush()
    return session.scalar(_STATUS, {"one": one.id}) is Status.WAITING


def is_anything_waiting(session: Session) -> bool:
    """Tell whether anything waits that stands offered to nobody, anywhere."""
    return session.execute(_ANYTHING).first() is not None


def waiting_at(session: Session) -> set[int]:
    """Give the facilities whose workers may have something that waits unoffered."""
    places = select(Consultation.facility_id, Consultation.shares).where(*_UNOFFERED)
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


def waiting_for(session: Session, hand: Hand) -> Iterator[Case]:
    """Give what waits unoffered and a free worker may have, by its rank, without the danger: that
    is offered to everybody by itself."""
    seen = 0
    for most in (GLANCE, LOOK):
        found = _waiting_for(session, hand, most)
        yield from found[seen:]
        seen = len(found)
        if seen < most:
            break


def _waiting_for(session: Session, hand: Hand, most: int) -> list[Case]:
    partners = pool.partner_ids(session, hand.home)
    asked = {"worker": hand.id, "home": hand.home, "skills": list(hand.skills), "most": most}
    if partners:
        rows = session.execute(_WAITING_AROUND, asked | {"homes": partners}).all()
    else:
        rows = session.execute(_WAITING_AT_HOME, asked).all()
    ids = [row.id for row in rows]
    mine = {"worker": hand.id, "ids": ids}
    missed = _counts(session.execute(_MADE_TO, mine), "consultation_id") if ids else Counter()
    return [
        Case(
            row.id,
            None,
            {hand.home: 0},
            row.asker_id,
            missed={hand.id: missed[row.id]},
            by_sex=row.by_sex,
        )
        for row in rows
    ]


def seen(session: Session, one: Consultation, homes: Sequence[int]) -> Case:
    """Give a waiting consultation as the rule sees it."""
    missed = _counts(session.execute(_MADE_FOR, {"one": one.id}), "worker_id")
    return Case(
        one.id,
        one.skill,
        {home: near for near, home in enumerate(homes)},
        asker=one.asker_id,
        first=_former(session, one),
        missed=missed,
        by_sex=one.by_sex,
        language=_spoken(one.asker.language),
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


def release(session: Session, *, at: datetime) -> None:
    """Let everybody take what waits for somebody of one sex, where nobody of it can have it, or it
    has waited long enough."""
    wished = Consultation.by_sex.is_not(None), Consultation.status == Status.WAITING
    for one in session.scalars(select(Consultation).where(*wished)).all():
        if (one.arrived_at or at) <= at - HOLDS or not may_have(session, one, at=at):
            one.by_sex = None
    session.flush()


def may_have(session: Session, one: Consultation, *, at: datetime) -> bool:
    """Tell whether anybody on duty, free or not, may have a consultation by what it asks for."""
    homes = pool.home_ids(session, one)
    asked, hands = seen(session, one, homes), crew(session, one, homes, at=at)
    return any(
        role.paused_until is None and obstacle(asked, _hand_of(role)) is None for role in hands
    )


def professions(session: Session, homes: Sequence[int], *, at: datetime) -> set[Profession]:
    """Give the professions that are on duty at these facilities."""
    found = (
        select(Role.profession)
        .where(*on_duty(credential.today(at)), Role.facility_id.in_(homes))
        .distinct()
    )
    return {one for one in session.scalars(found) if one is not None}


def _former(session: Session, one: Consultation) -> int | None:
    """Who answered what this one follows is asked first, for one round: they know the patient."""
    offered = select(Offer.id).where(Offer.consultation_id == one.id).limit(1)
    if one.follows_id is None or session.scalar(offered) is not None:
        return None
    return session.get_one(Consultation, one.follows_id).worker_id


def _counts(made: Iterable[Row[Any]], by: str) -> Counter[int]:
    """Count the offers that were missed or let go since their worker came on duty."""
    counts: Counter[int] = Counter()
    for offer in made:
        counts[getattr(offer, by)] += _weight(offer.end)
    return counts


def _weight(end: End | None) -> int:
    return MISSES if end in LET_GO else int(end is End.EXPIRED)


def _crew(one: Consultation, homes: Sequence[int], at: datetime) -> list[ColumnElement[bool]]:
    return [
        *on_duty(credential.today(at)),
        Role.facility_id.in_(homes),
        Role.person_id != one.asker_id,
        _reached(one.bot_id),
    ]


def _nearness(homes: Sequence[int]) -> ColumnElement[int]:
    return case({home: near for near, home in enumerate(homes)}, value=Role.facility_id)


def _hand_of(role: Role) -> Hand:
    skills = scope.of_role(role).skills
    return Hand(role.person_id, role.facility_id or 0, skills, 0, role.ready_at, role.sex)


def _spoken(language: Language | None) -> str | None:
    return None if language is Language.INDONESIAN else language


def _hand(row: Row[Any]) -> Hand:
    since = max(row.took_at, row.ready_at) if row.took_at else row.ready_at
    skills, language = scope.of(row.profession).skills, _spoken(row.language)
    return Hand(row.person_id, row.facility_id, skills, row.load, since, row.sex, language)
