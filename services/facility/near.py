"""The facilities near a place, exactly and from memory."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.facility import Has, Kind
from services import sphere
from services.atlas import atlas
from services.facility.memory import Facilities
from services.facility.search import search

__all__ = ["Near", "nearest", "search"]


@dataclass(frozen=True, slots=True)
class Near:
    """One facility as seen from where a person is."""

    facility_id: int
    metres: float
    """Along the great circle: a straight line, whatever lies between."""
    bearing: float
    """Degrees clockwise from north, from the person to the facility."""


def nearest(
    session: Session,
    latitude: float,
    longitude: float,
    *,
    at: datetime,
    limit: int = 5,
    skip: int = 0,
    kinds: Collection[Kind] = (),
    needs: Collection[Has] = (),
    open_now: bool = False,
    within: float | None = None,
) -> list[Near]:
    """Give the nearest facilities, after `skip` nearer ones and within so many metres.

    Of the kinds only where some are named; with every need confirmed; with `open_now` those of
    which it is known that they are open. Ended ones and those without a point are never among
    them. Raises ValueError for a place where nobody can be, 0, 0 among them.
    """
    if not sphere.is_point(latitude, longitude):
        raise ValueError(f"{latitude}, {longitude} is no place")
    kept = atlas(session, Facilities)
    wanted = kept.of(kinds, needs)
    if open_now:
        wanted &= kept.open_at(at)
    reach = math.inf if within is None else within
    found = kept.points.nearest(latitude, longitude, skip + limit, wanted=wanted, within=reach)
    return [
        Near(
            kept.ids[row],
            metres,
            sphere.bearing(latitude, longitude, kept.latitudes[row], kept.longitudes[row]),
        )
        for row, metres in found[skip:]
    ]
