"""Where a facility lies, as an admin says: by sharing the place, or by the name of its village."""

from sqlalchemy.orm import Session

from models.facility import Accuracy, Facility
from models.message import Words
from models.region import Level
from services import region
from services.facility.lookup import CLEAR, LIKELY, OFFERED
from services.facility.show import INDONESIA
from services.mail import Button, Buttons
from services.text import shorten

LONGEST = 200
"""Characters that are read."""
_MIDDLES = {Level.VILLAGE: Accuracy.VILLAGE, Level.DISTRICT: Accuracy.DISTRICT}


def read(session: Session, found: Facility, said: Words) -> bool:
    """Take a shared place, or a name that leaves no doubt; False where it is neither."""
    if said.place is not None:
        return _put(session, found, *said.place)
    named = _named(session, found, said)
    if not named or region.is_ambiguous(named) or named[0].score < CLEAR:
        return False
    return lie(session, found, named[0].place.code)


def offered(session: Session, found: Facility, said: Words) -> Buttons:
    """Give the villages and districts that a name may mean, to choose from."""
    named = _named(session, found, said)
    return [
        [Button("button.choice", f"lies:{found.id}:{one.place.code}",
                {"label": shorten(region.name(session, one.place.code), 60)})]
        for one in (region.is_ambiguous(named) or named)[:OFFERED]
    ]  # fmt: skip


def lie(session: Session, found: Facility, code: str) -> bool:
    """Let a facility lie in a village or district: its middle stands for it, marked as approximate,
    unless a point is known that lies there. False for a region that is not known, or too wide."""
    place = region.get(session, code)
    if place is None or place.level not in _MIDDLES:
        return False
    if not _is_there(session, found, code):
        found.latitude, found.longitude = place.latitude, place.longitude
        found.accuracy = _MIDDLES[Level(place.level)] if place.latitude is not None else None
    found.region_code = code
    return True


def _put(session: Session, found: Facility, latitude: float, longitude: float) -> bool:
    south, north, west, east = INDONESIA
    if not (south <= latitude <= north and west <= longitude <= east):
        return False
    village = region.around(session, latitude, longitude)
    found.latitude, found.longitude, found.accuracy = latitude, longitude, Accuracy.POINT
    found.region_code = village.code if village else found.region_code
    return True


def _named(session: Session, found: Facility, said: Words) -> list[region.Match]:
    if said.kind != "text":
        return []
    matches = region.find(session, said.text[:LONGEST], limit=OFFERED + 1, hint=found.region_code)
    return [one for one in matches if one.score >= LIKELY and one.place.level in _MIDDLES]


def _is_there(session: Session, found: Facility, code: str) -> bool:
    if found.latitude is None or found.longitude is None or found.accuracy is not Accuracy.POINT:
        return False
    village = region.around(session, found.latitude, found.longitude)
    return village is not None and village.code.startswith(code)
