"""Made-up facilities around Labuan Bajo and elsewhere, for tests of the directory."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from models.facility import Facility, Fact, Has, Kind, Zone
from services import atlas

BAJO, KUPANG, JAKARTA = (-8.49, 119.88), (-10.178, 123.607), (-6.175, 106.827)
CHECKED = date(2026, 5, 12)

_codes = count(99991001)


def place(
    session: Session,
    name: str,
    latitude: float | None = BAJO[0],
    longitude: float | None = BAJO[1],
    *,
    has: tuple[Has, ...] = (),
    **columns: Any,
) -> Facility:
    """One facility of the directory, a puskesmas in WITA where nothing else is said."""
    known = {"code": str(next(_codes)), "kind": Kind.PUSKESMAS, "zone": Zone.WITA} | columns
    made = Facility(name=name, latitude=latitude, longitude=longitude, **known)
    made.facts = [Fact(what=one, holds=True, checked_on=CHECKED, by="admin") for one in has]
    session.add(made)
    session.flush()
    atlas.changed(session)
    return made
