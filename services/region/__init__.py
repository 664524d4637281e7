"""Regions: entered from the official list, found by how people name them, told to people."""

from sqlalchemy.orm import Session

from services.atlas import atlas
from services.entered import Rejected, Report
from services.region.entering import enter
from services.region.gazetteer import Place, Regions, read
from services.region.naming import spoken
from services.region.sea import has_many_islands, is_across
from services.region.search import Match, is_ambiguous
from services.region.search import find as find_in
from services.region.zone import zone

__all__ = [
    "Match",
    "Place",
    "Regions",
    "Rejected",
    "Report",
    "around",
    "enter",
    "find",
    "get",
    "has_many_islands",
    "is_across",
    "is_ambiguous",
    "name",
    "path",
    "spoken",
    "zone",
]


def find(session: Session, text: str, *, limit: int = 5, hint: str | None = None) -> list[Match]:
    """Give the places a text may mean, the best first; «desa X kec. Y» and «X dekat Y» take Y as a
    hint, and `hint` is the code of where the person probably is."""
    return find_in(atlas(session, read), text, limit=limit, hint=hint)


def get(session: Session, code: str) -> Place | None:
    """Give a region by its Kemendagri code."""
    known = atlas(session, read)
    row = known.row(code)
    return None if row is None else known.place(row)


def path(session: Session, code: str) -> list[Place]:
    """Give a region and those around it: village, district, regency, province; empty where the
    code is not known."""
    known = atlas(session, read)
    row = known.row(code)
    return [] if row is None else [known.place(one) for one in reversed(known.above(row))]


def name(session: Session, code: str) -> str:
    """Give a region's name for people: «Desa Golo Pongkor, Kec. Komodo, Kab. Manggarai Barat»;
    the code itself where it is not known."""
    return spoken(path(session, code)) or code


def around(session: Session, latitude: float, longitude: float) -> Place | None:
    """Give the village whose middle is nearest, None where no village is known."""
    known = atlas(session, read)
    row = known.nearest_village(latitude, longitude)
    return None if row is None else known.place(row)
