"""The national directory for benches: real points, regions and names, made-up hours and facts."""

import csv
import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import insert

from bot.database import Database
from models.base import new_id
from models.facility import Facility, Fact, Has, Kind, Zone
from models.region import Region
from models.seal import KeyRing

RING = KeyRing([b"b" * 32])
PLACEHOLDER = (-2.4185588, 108.4919086)
"""Where one list puts what it knows no point of: open sea."""
WORDS = {
    "puskesmas": Kind.PUSKESMAS, "rumah sakit": Kind.HOSPITAL, "rs": Kind.HOSPITAL,
    "klinik utama": Kind.MAIN_CLINIC, "klinik": Kind.CLINIC, "apotek": Kind.PHARMACY,
    "bidan": Kind.MIDWIFE, "praktek": Kind.DOCTOR, "dokter": Kind.DOCTOR,
}  # fmt: skip
"""How words for kinds begin; enough for a bench."""
RARE = 60
"""Facilities that a made-up admin confirmed to have an IGD."""


@dataclass(frozen=True)
class Lists:
    """What the files hold: points inside Indonesia with their kinds, and middles of villages."""

    points: list[tuple[float, float]]
    kinds: list[Kind]
    names: list[str]
    addresses: list[str]
    """District and regency, where a list says them."""
    regencies: list[str]
    regions: list[dict[str, str]]

    @property
    def villages(self) -> list[tuple[float, float]]:
        """The middles of the villages that have one."""
        return [
            (float(one["latitude"]), float(one["longitude"]))
            for one in self.regions
            if one["level"] == "4" and one["latitude"]
        ]


def read(folder: Path) -> Lists:
    """Read the two lists; points that cannot be are left out."""
    points, kinds, names, addresses, regencies = [], [], [], [], []
    for row in _rows(folder / "facilities_real.csv.gz"):
        try:
            point = float(row["latitude"]), float(row["longitude"])
        except ValueError:
            continue
        inside = -11.1 <= point[0] <= 6.1 and 94.9 <= point[1] <= 141.1
        if inside and point != PLACEHOLDER:
            word = row["kind"].lower()
            points.append(point)
            names.append(row["name"])
            addresses.append(", ".join(filter(None, (row["district"], row["regency"]))))
            regencies.append(row["regency"])
            kinds.append(next((WORDS[w] for w in WORDS if word.startswith(w)), Kind.OTHER))
    return Lists(points, kinds, names, addresses, regencies, list(_rows(folder / "regions.csv.gz")))


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def code(number: int) -> str:
    """Give the code under which the benches enter a facility."""
    return f"B{number:07}"


def fill(url: str, lists: Lists) -> None:
    """Make a database with the whole directory; hours and confirmed IGDs are made up."""
    database, chance = Database(url, RING), random.Random(5)
    database.migrate()
    facilities = []
    for number, ((latitude, longitude), kind) in enumerate(
        zip(lists.points, lists.kinds, strict=True)
    ):
        opens, closes = chance.choice((7, 8)), chance.choice((12, 13, 14, 15, 16, 20, 21))
        half = chance.choice(("00", "15", "30", "45"))
        hours = f"Senin–Sabtu {opens:02}.{half}–{closes:02}.{half}"
        facilities.append(
            {
                "id": new_id(), "code": code(number), "name": lists.names[number],
                "address": lists.addresses[number] or None,
                "is_ours": False, "kind": kind, "hours": hours, "zone": Zone.WIB, "last_number": 0,
                "latitude": latitude, "longitude": longitude,
            }
        )  # fmt: skip
    facts = [
        {"facility_id": one["id"], "what": what, "holds": True, "checked_on": date(2026, 5, 1),
         "by": "bench"}
        for what in (Has.IGD, Has.ALL_DAY)
        for one in chance.sample(facilities, RARE)
    ]  # fmt: skip
    regions = [
        {
            "code": one["code"], "level": int(one["level"]), "name": one["name"],
            "parent_code": one["parent_code"] or None,
            "latitude": float(one["latitude"]) if one["latitude"] else None,
            "longitude": float(one["longitude"]) if one["longitude"] else None,
        }
        for one in lists.regions
    ]  # fmt: skip
    with database.session() as session, session.begin():
        session.execute(insert(Facility), facilities)
        session.execute(insert(Fact), facts)
        session.execute(insert(Region), regions)
    database.close()
