"""Why something waits and who was asked: one line for staff, one for the asker.

Staff read names of staff and numbers, never a patient's words; the asker reads neither.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.facility import Facility
from models.offer import Offer
from models.person import Person
from services import credential, day, pool, skill
from services.content import Html, plain, words
from services.dispatch import offering, row
from services.facility.times import clock_of

NAMED = 3
"""So many names stand in a line."""
SHOWN = 10
"""So many of what waits are explained at once."""


class Why(StrEnum):
    """Why one waits, the first that holds."""

    OFFERED = "offered"
    """it is offered to somebody now"""
    NOBODY = "nobody"
    """nobody is on duty"""
    SKILL = "skill"
    """those on duty who can do what it needs are not free"""
    SEX = "sex"
    """those on duty who are of the wished sex are not free"""
    BUSY = "busy"
    """nobody on duty is free"""
    PASSED = "passed"
    """who is free let it go, or missed it too often"""


def why(session: Session, one: Consultation, *, at: datetime) -> Why:
    """Give why a consultation waits."""
    homes = pool.home_ids(session, one)
    if offering.standing(session, Offer.consultation_id == one.id):
        return Why.OFFERED
    if not row.crew_size(session, one, homes, at=at):
        return Why.NOBODY
    if one.by_sex is not None:
        return Why.SEX
    if any(row.free(session, one, homes, at=at)):
        return Why.PASSED
    others = row.professions(session, homes, at=at) - skill.able(one.skill)
    return Why.SKILL if others and one.skill is not None else Why.BUSY


def line(session: Session, one: Consultation, *, at: datetime) -> Html:
    """Say for staff why one waits, for how long, who is asked now and who was asked before."""
    asked = session.scalars(
        select(Offer).where(Offer.consultation_id == one.id).order_by(Offer.id)
    ).all()
    now = [each for each in asked if each.ended_at is None]
    before = {each.worker_id for each in asked} - {each.worker_id for each in now}
    found = why(session, one, at=at)
    zone = one.facility.zone if one.facility else None
    return words(
        f"why_staff.{found}",
        number=one.number,
        span=day.span(at - (one.arrived_at or at)),
        names=_names(session, [each.worker for each in now]),
        until=f"{clock_of(zone, max(each.ends_at for each in now)):%H.%M}" if now else "",
        skill=plain(f"skill.{one.skill}") if one.skill else "",
        whom=plain(f"likeness.{one.by_sex}") if one.by_sex else "",
        before=words("why_staff.before", count=len(before)) if before else "",
    )


def told(session: Session, one: Consultation, *, at: datetime) -> Html:
    """Say for the asker why it waits."""
    return words(
        f"why_asker.{why(session, one, at=at)}",
        count=row.crew_size(session, one, pool.home_ids(session, one), at=at),
        skill=plain(f"skill.{one.skill}") if one.skill else "",
        whom=plain(f"likeness.{one.by_sex}") if one.by_sex else "",
    )


def lines(session: Session, home: Facility, *, at: datetime) -> list[Html]:
    """Say for staff why each waits at a facility, the first in the queue first, danger marked."""
    found = (
        select(Consultation)
        .where(Consultation.status == Status.WAITING, Consultation.facility_id == home.id)
        .order_by(Consultation.rank_at)
        .limit(SHOWN)
    )
    return [line(session, one, at=at) for one in session.scalars(found).all()]


def _names(session: Session, asked: Sequence[Person]) -> str:
    titles = [credential.known_as(session, one) for one in asked[:NAMED]]
    more = len(asked) - NAMED
    return ", ".join([*titles, plain("why_staff.more", count=more)] if more > 0 else titles)
