"""What somebody looks for: from where, which kind, with what.

It travels in the buttons of the answer itself, so that nothing of it has to be kept here: not even
where somebody was (`docs/decisions/whereabouts.md`).
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.facility import Facility, Has, Kind
from services import region, sphere
from services.content import Html, words
from services.facility.named import title

GROUPS: dict[str, tuple[Kind, ...]] = {
    "p": (Kind.PUSKESMAS, Kind.PUSTU),
    "r": (Kind.HOSPITAL, Kind.PRATAMA_HOSPITAL),
    "k": (Kind.CLINIC, Kind.DOCTOR, Kind.FORCES, Kind.MAIN_CLINIC),
    "g": (Kind.DENTIST,),
}
"""What people choose between, by the letter that travels."""
CARE = (*(kind for kinds in GROUPS.values() for kind in kinds), Kind.MIDWIFE)
"""Where somebody can be treated: a shop for medicine is nothing for who asks where to go."""
NEEDS: dict[str, Has] = {"i": Has.IGD, "a": Has.ALL_DAY, "o": Has.PONED, "q": Has.QUEUE}
ANY = "-"
PAGE = 5
"""Facilities in one answer."""
PATTERN = (
    r"(?:-?\d{1,6},-?\d{1,7}|r\d\d(?:\.\d{2,4}){0,3}|f[0-8]?\d{1,18})"
    rf":[{''.join(GROUPS)}{ANY}][{''.join(NEEDS)}{ANY}][b{ANY}]\d{{1,3}}"
)
"""What `packed` makes, at most 27 characters: a button carries 64 bytes."""
_FINE = 10_000
"""Parts of a degree that travel: ten metres are near enough for who asks where to go."""


class Where(NamedTuple):
    """A point to look from, and what it is called."""

    latitude: float
    longitude: float
    name: Html
    region_code: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """One question to the directory. `origin` is a point, a region (r…) or a facility (f…)."""

    origin: str
    group: str = ANY
    need: str = ANY
    open_now: bool = False
    skip: int = 0

    @classmethod
    def at_point(cls, latitude: float, longitude: float) -> "Wish":
        """Begin from a shared place, within ten metres."""
        return cls(f"{round(latitude * _FINE)},{round(longitude * _FINE)}")

    @classmethod
    def unpack(cls, packed: str) -> "Wish":
        """Read what `packed` made; it fits PATTERN."""
        origin, _, rest = packed.rpartition(":")
        return cls(origin, rest[0], rest[1], rest[2] == "b", int(rest[3:]))

    @property
    def packed(self) -> str:
        """Give it as a button carries it."""
        return f"{self.origin}:{self.group}{self.need}{'b' if self.open_now else ANY}{self.skip}"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Which kinds fit."""
        return GROUPS.get(self.group, CARE)

    @property
    def needs(self) -> tuple[Has, ...]:
        """What it must have, as somebody confirmed."""
        return (NEEDS[self.need],) if self.need in NEEDS else ()

    @property
    def is_plain(self) -> bool:
        """Whether nothing is left out."""
        return (self.group, self.need, self.open_now) == (ANY, ANY, False)

    def switched(self, group: str) -> "Wish":
        """Ask for one kind, or for all again; from the beginning."""
        return replace(self, group=ANY if self.group == group else group, skip=0)

    def needing(self, need: str) -> "Wish":
        """Ask for what has this, or for all again; from the beginning."""
        return replace(self, need=ANY if self.need == need else need, skip=0)

    def where(self, session: Session) -> Where | None:
        """Give the point to look from; None where nobody knows it."""
        if self.origin.startswith("f"):
            return _facility(session, int(self.origin[1:]))
        if self.origin.startswith("r"):
            return _region(session, self.origin[1:])
        latitude, longitude = (int(part) / _FINE for part in self.origin.split(","))
        if not sphere.is_point(latitude, longitude):
            return None  # a changed client can press anything
        nearby = region.around(session, latitude, longitude)
        return Where(latitude, longitude, words("place.yours"), nearby.code if nearby else None)


def _facility(session: Session, facility_id: int) -> Where | None:
    found = session.get(Facility, facility_id)
    if found is None:
        return None
    if found.latitude is not None and found.longitude is not None:
        return Where(found.latitude, found.longitude, Html(title(found)), found.region_code)
    nearby = _region(session, found.region_code) if found.region_code else None
    return nearby._replace(name=title(found)) if nearby else None


def _region(session: Session, code: str) -> Where | None:
    """Give a region's middle, or that of the next larger one whose middle is known."""
    for place in region.path(session, code):
        if place.latitude is not None and place.longitude is not None:
            name = words("place.middle", place=region.name(session, place.code))
            return Where(place.latitude, place.longitude, name, code)
    return None
