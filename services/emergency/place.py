"""Where somebody in danger probably is: the village whose card they asked for."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from models.emergency import EmergencyCard
from models.person import Person
from models.region import Region


class Spot(NamedTuple):
    """A region, and a point in it."""

    code: str
    latitude: float
    longitude: float


def code_of(session: Session, bot_id: int, person: Person) -> str | None:
    """Give the village whose card the person last asked for here."""
    kept = session.get(EmergencyCard, (bot_id, person.id))
    return kept.region_code if kept is not None else None


def spot(session: Session, code: str) -> Spot | None:
    """Give a region's middle, or that of the next larger one whose middle is known."""
    row = session.get(Region, code)
    while row is not None:
        if row.latitude is not None and row.longitude is not None:
            return Spot(code, row.latitude, row.longitude)
        row = session.get(Region, row.parent_code) if row.parent_code else None
    return None


def spot_of(session: Session, bot_id: int, person: Person) -> Spot | None:
    """Give the middle of the village that is known of a person, if one is."""
    code = code_of(session, bot_id, person)
    return spot(session, code) if code is not None else None
