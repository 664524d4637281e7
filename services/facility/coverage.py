"""How well a region is served, and how much is known there: for people who plan."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.facility import Accuracy, Facility, Fact, Has, Kind
from models.region import Level, Region
from services.atlas import atlas
from services.facility.memory import Facilities

FAR = (5, 10, 25)
"""Kilometres in a straight line within which a village should have a facility."""


@dataclass(frozen=True, slots=True)
class Village:
    """A village, and the facility nearest to its middle."""

    code: str
    name: str
    metres: float
    """Infinite where the directory has none at all."""
    facility_id: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """Of how many facilities of a region something is known."""

    facilities: int
    hours: int
    igd: int
    """Confirmed to have one."""
    no_igd: int
    """Confirmed to have none."""
    phone: int
    approximate: int
    """Those whose point is the middle of a village, district or regency."""
    without_point: int
    checked_first: date | None
    checked_last: date | None
    unchecked: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a region has, and how far its villages are from it."""

    kinds: dict[Kind | None, int]
    villages: int
    without_middle: int
    """Villages of which nobody knows where they are; they are in no figure below."""
    none_within: dict[int, int]
    """Villages without a facility within so many kilometres."""
    farthest: list[Village]
    known: Known
    without_region: int
    """Facilities of the whole directory of which nobody knows the region: counted nowhere above."""


def coverage(
    session: Session, code: str, *, kinds: Collection[Kind] = (), farthest: int = 5
) -> Coverage:
    """Tell how a region (the beginning of its parts' codes) is served, by the kinds where some are
    named. A village's nearest facility may lie in another region."""
    places = _facilities(session, code, kinds)
    villages, without_middle = _villages(session, code, kinds)
    nowhere = select(func.count()).where(Facility.region_code.is_(None), *_there(kinds))
    return Coverage(
        kinds=dict(Counter(one.kind for one in places).most_common()),
        villages=len(villages) + without_middle,
        without_middle=without_middle,
        none_within={km: sum(one.metres > km * 1000 for one in villages) for km in FAR},
        farthest=sorted(villages, key=lambda one: -one.metres)[:farthest],
        known=_known(session, places),
        without_region=session.scalar(nowhere) or 0,
    )


def _facilities(session: Session, code: str, kinds: Collection[Kind]) -> Sequence[Any]:
    columns = (
        Facility.id, Facility.kind, Facility.hours, Facility.phone, Facility.accuracy,
        Facility.latitude, Facility.checked_on,
    )  # fmt: skip
    inside = select(*columns).where(_within(Facility.region_code, code), *_there(kinds))
    return session.execute(inside).all()


def _villages(session: Session, code: str, kinds: Collection[Kind]) -> tuple[list[Village], int]:
    """Give the villages with their nearest facility, and how many are nobody knows where."""
    inside = select(Region.code, Region.name, Region.latitude, Region.longitude).where(
        Region.level == Level.VILLAGE, _within(Region.code, code)
    )
    kept = atlas(session, Facilities)
    wanted, villages, without_middle = kept.of(kinds, ()), [], 0
    for village, name, latitude, longitude in session.execute(inside):
        if latitude is None or longitude is None:
            without_middle += 1
            continue
        found = kept.points.nearest(latitude, longitude, 1, wanted=wanted)
        metres, facility = (found[0][1], kept.ids[found[0][0]]) if found else (math.inf, None)
        villages.append(Village(village, name, metres, facility))
    return villages, without_middle


def _known(session: Session, places: Sequence[Any]) -> Known:
    told = session.execute(select(Fact.facility_id, Fact.holds).where(Fact.what == Has.IGD))
    igd, days = dict(told.all()), [one.checked_on for one in places if one.checked_on]
    return Known(
        facilities=len(places),
        hours=sum(one.hours is not None for one in places),
        igd=sum(igd.get(one.id) is True for one in places),
        no_igd=sum(igd.get(one.id) is False for one in places),
        phone=sum(one.phone is not None for one in places),
        approximate=sum(one.accuracy not in (None, Accuracy.POINT) for one in places),
        without_point=sum(one.latitude is None for one in places),
        checked_first=min(days, default=None),
        checked_last=max(days, default=None),
        unchecked=len(places) - len(days),
    )


def _there(kinds: Collection[Kind]) -> list[ColumnElement[bool]]:
    of_kinds = [Facility.kind.in_(kinds)] if kinds else []
    return [Facility.ended_on.is_(None), *of_kinds]


def _within(column: InstrumentedAttribute[Any], code: str) -> ColumnElement[bool]:
    return or_(column == code, column.startswith(f"{code}.", autoescape=True))
