"""A small piece of the map for stories: places and facilities that are visibly made up."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from models.facility import Accuracy, Facility, Fact, Has, Kind, Zone
from models.region import Level, Region
from services import atlas, hours
from tests.town import Town

Row = tuple[str, Level, str, float | None, float | None]
REGIONS: tuple[Row, ...] = (
    ("53", Level.PROVINCE, "Nusa Tenggara Timur", -9.5, 124.0),
    ("53.01", Level.REGENCY, "Kabupaten Kupang", -9.95, 124.0),
    ("53.01.01", Level.DISTRICT, "Contoh Barat", -10.10, 123.70),
    ("53.01.01.2001", Level.VILLAGE, "Golo Contoh", -10.10, 123.70),
    ("53.01.01.2002", Level.VILLAGE, "Sidomulyo", -10.20, 123.80),
    ("53.01.02", Level.DISTRICT, "Contoh Timur", -10.10, 124.30),
    ("53.01.02.2001", Level.VILLAGE, "Mekar Contoh", -10.10, 124.30),
    ("53.01.02.2002", Level.VILLAGE, "Sidomulyo", -10.00, 124.35),
    ("53.01.02.2003", Level.VILLAGE, "Tanpa Titik", None, None),
)
POINTS: dict[str, tuple[Kind, float, float]] = {
    "Puskesmas Golo Contoh": (Kind.PUSKESMAS, -10.105, 123.702),
    "RSUD Contoh": (Kind.HOSPITAL, -10.16, 123.60),
    "Klinik Mekar Contoh": (Kind.CLINIC, -10.11, 123.72),
    "drg. Contoh Gigi": (Kind.DENTIST, -10.12, 123.71),
    "Pustu Contoh": (Kind.PUSTU, -10.13, 123.75),
    "Puskesmas Timur Contoh": (Kind.PUSKESMAS, -10.10, 124.28),
    "Apotek Contoh": (Kind.PHARMACY, -10.10, 123.70),
}
HERE = (-10.10, 123.70)
"""In the middle of Golo Contoh."""


async def drawn(town: Town) -> dict[str, int]:
    """Put the map into the town's database and give the facilities' ids by name."""

    def draw(session: Session) -> dict[str, int]:
        _regions(session, REGIONS)
        made = {
            name: Facility(code=f"9999{number:04}", name=name, kind=kind, latitude=latitude,
                           longitude=longitude, accuracy=Accuracy.POINT, zone=Zone.WITA,
                           region_code="53.01.01.2001", source="daftar contoh",
                           checked_on=date(2024, 3, 1))
            for number, (name, (kind, latitude, longitude)) in enumerate(POINTS.items(), start=100)
        }  # fmt: skip
        session.add_all(made.values())
        hours.enter(made["Puskesmas Golo Contoh"], "Senin-Sabtu 08-14", Zone.WITA)
        session.flush()
        atlas.changed(session)
        return {name: one.id for name, one in made.items()}

    return await town.write(draw)


async def repeated(town: Town, name: str) -> None:
    """Let eight districts have a village of the same name."""
    counted = ("Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan")
    rows: list[Row] = []
    for number, word in enumerate(counted, start=10):
        code, latitude = f"53.01.{number}", -9.5 - number / 100
        rows.append((code, Level.DISTRICT, f"Banyak {word}", latitude, 124.0))
        rows.append((f"{code}.2001", Level.VILLAGE, name, latitude, 124.0))
    await town.write(lambda session: _regions(session, rows))


def _regions(session: Session, rows: Sequence[Row]) -> None:
    for code, level, name, latitude, longitude in rows:
        parent = code.rpartition(".")[0] or None
        session.add(Region(code=code, level=level, name=name, parent_code=parent,
                           latitude=latitude, longitude=longitude))  # fmt: skip
    session.flush()
    atlas.changed(session)


async def changed(town: Town, facility_id: int, change: Callable[[Facility], object]) -> None:
    """Change a facility behind the service's back."""

    def do(session: Session) -> None:
        change(session.get_one(Facility, facility_id))
        session.flush()
        atlas.changed(session)

    await town.write(do)


async def looked_up(town: Town, facility_id: int) -> Facility:
    """A facility as the database has it now, with its facts."""

    def look(session: Session) -> Facility:
        found = session.get_one(Facility, facility_id)
        assert found.facts is not None
        return found

    return await town.read(look)


def has(what: Has, *, holds: bool = True) -> Fact:
    """Something that was confirmed, on a day long ago."""
    return Fact(what=what, holds=holds, checked_on=date(2026, 5, 12), by="admin")
