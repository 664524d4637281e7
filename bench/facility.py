"""The nearest five of 30,643 facilities, asked from 83,403 villages, beside named peers.

The lists are not ours to hand on: BENCH_DATA names a folder with `facilities_real.csv.gz` and
`regions.csv.gz` (columns kind, latitude, longitude; code, level, name, latitude, longitude).
"""

import csv
import gzip
import json
import math
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from sqlalchemy import insert

from bench.process import CONTENDERS, DISK, Process
from bench.start import MEMORY as RESIDENT
from bench.start import READY
from bench.table import Table
from bench.throughput import BOTS, begin, far_side
from bot.database import Database
from models.base import new_id
from models.facility import Facility, Fact, Has, Kind, Zone
from models.region import Region
from models.seal import KeyRing
from services.atlas import atlas, refresh
from services.facility.memory import Facilities
from services.facility.near import nearest
from services.sphere import RADIUS, Points

PLACEHOLDER = (-2.4185588, 108.4919086)
"""Where one list puts what it knows no point of: open sea."""
WORDS = {
    "puskesmas": Kind.PUSKESMAS, "rumah sakit": Kind.HOSPITAL, "rs": Kind.HOSPITAL,
    "klinik utama": Kind.MAIN_CLINIC, "klinik": Kind.CLINIC, "apotek": Kind.PHARMACY,
    "bidan": Kind.MIDWIFE, "praktek": Kind.DOCTOR, "dokter": Kind.DOCTOR,
}  # fmt: skip
"""How words for kinds begin; enough for a bench."""
COUNT = 5
RARE = 60
"""Facilities that a made-up admin confirmed to have an IGD."""
LOAD, MEMORY, SLOW, SLOWER = 2.0, 60, 1.0, 5.0
"""Goals: seconds and megabytes of the directory, milliseconds of a search and of a picky one."""

Found = list[tuple[int, int]]
"""Whole metres and the number of each point, ordered."""


@dataclass(frozen=True)
class Lists:
    """What the files hold: points inside Indonesia with their kinds, and middles of villages."""

    points: list[tuple[float, float]]
    kinds: list[Kind]
    regions: list[dict[str, str]]

    @property
    def villages(self) -> list[tuple[float, float]]:
        """The middles of the villages that have one."""
        return [
            (float(one["latitude"]), float(one["longitude"]))
            for one in self.regions
            if one["level"] == "4" and one["latitude"]
        ]


def tables(*, full: bool) -> Iterator[Table]:
    """Compare searches and their answers, then the service's own; then what loading takes."""
    folder = os.environ.get("BENCH_DATA", "")
    if not folder or not (Path(folder) / "facilities_real.csv.gz").exists():
        yield Table(
            title="Nearest facilities: skipped",
            columns=("contender",),
            rows=(),
            notes=("set BENCH_DATA to a folder with facilities_real.csv.gz and regions.csv.gz",),
        )
        return
    lists = read(Path(folder))
    villages = lists.villages
    some = villages if full else random.Random(4).sample(villages, 2_000)
    yield _peers(lists, some)
    with tempfile.TemporaryDirectory(dir=DISK) as home:
        url = f"sqlite+pysqlite:///{home}/telekonsul.db"
        fill(url, lists)
        yield _searches(url, some)
        yield _start(home, url)


def read(folder: Path) -> Lists:
    """Read the two lists; points that cannot be are left out."""
    points, kinds = [], []
    for row in _rows(folder / "facilities_real.csv.gz"):
        try:
            point = float(row["latitude"]), float(row["longitude"])
        except ValueError:
            continue
        inside = -11.1 <= point[0] <= 6.1 and 94.9 <= point[1] <= 141.1
        if inside and point != PLACEHOLDER:
            word = row["kind"].lower()
            points.append(point)
            kinds.append(next((WORDS[w] for w in WORDS if word.startswith(w)), Kind.OTHER))
    return Lists(points, kinds, list(_rows(folder / "regions.csv.gz")))


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


# ── beside the peers ────────────────────────────────────────────────────────────────────────────


class Ours:
    """The service's own tree."""

    name = "Telekonsul, pure Python"

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._points = Points([one[0] for one in points], [one[1] for one in points])

    def nearest(self, latitude: float, longitude: float) -> Found:
        """Give the nearest."""
        found = self._points.nearest(latitude, longitude, COUNT)
        return [(round(metres), row) for row, metres in found]


class Brute:
    """Every point, every time."""

    name = "NumPy, every point"

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._vectors = np.array([_vector(*one) for one in points])

    def nearest(self, latitude: float, longitude: float) -> Found:
        """Give the nearest."""
        apart = ((self._vectors - _vector(latitude, longitude)) ** 2).sum(axis=1)
        close = np.argpartition(apart, COUNT)[: COUNT * 4]
        return _metres((float(math.sqrt(apart[row])), int(row)) for row in close)


class Tree:
    """SciPy's tree, in C++."""

    name = "SciPy cKDTree"

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._tree = cKDTree(np.array([_vector(*one) for one in points]))

    def nearest(self, latitude: float, longitude: float) -> Found:
        """Give the nearest."""
        lines, rows = self._tree.query(_vector(latitude, longitude), k=COUNT)
        return _metres(zip(map(float, lines), map(int, rows), strict=True))


class Boxes:
    """SQLite's R*Tree of boxes, in a window that grows until it holds the nearest for certain."""

    name = "SQLite R*Tree, growing window"

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._points = points
        self._vectors = [_vector(*one) for one in points]
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE box USING rtree(id, s, n, w, e)")
        self._connection.executemany(
            "INSERT INTO box VALUES (?, ?, ?, ?, ?)",
            ((row, a, a, o, o) for row, (a, o) in enumerate(points)),
        )

    def nearest(self, latitude: float, longitude: float) -> Found:
        """Give the nearest."""
        here, degrees = _vector(latitude, longitude), 0.1
        while True:
            wide = degrees / math.cos(math.radians(min(89, abs(latitude) + degrees)))
            # The boxes are 32-bit floats, rounded outwards: the window is asked for a bit wider.
            window = latitude - degrees, latitude + degrees, longitude - wide, longitude + wide
            rows = self._connection.execute(
                "SELECT id FROM box WHERE n >= ? AND s <= ? AND e >= ? AND w <= ?", window
            ).fetchall()
            found = _metres((math.dist(here, self._vectors[row]), row) for (row,) in rows)
            reach = math.radians(degrees) * RADIUS
            if len(found) == COUNT and found[-1][0] < reach * 0.999:
                return found
            degrees *= 2


def _peers(lists: Lists, queries: Sequence[tuple[float, float]]) -> Table:
    contenders = []
    for kind in (Brute, Ours, Tree, Boxes):
        began = time.thread_time()
        contenders.append((kind(lists.points), 1000 * (time.thread_time() - began)))
    taken: dict[str, list[float]] = {one.name: [] for one, _ in contenders}
    equal = dict.fromkeys(taken, 0)
    for number, query in enumerate(queries):
        answers = {}
        for one, _ in contenders:
            began = time.thread_time()
            answers[one.name] = one.nearest(*query)
            taken[one.name].append(1e6 * (time.thread_time() - began))
        right = [metres for metres, _ in answers[Brute.name]]
        for name, found in answers.items():
            equal[name] += [metres for metres, _ in found] == right
        if number % 10_000 == 9_999:
            print(f"  {number + 1:,} villages", file=sys.stderr, flush=True)
    base = statistics.median(taken[Brute.name])
    return Table(
        title=f"Nearest {COUNT} of {len(lists.points):,} facilities from {len(queries):,} villages",
        columns=("contender", "build ms", "p50 µs", "p99 µs", "× NumPy", "same metres"),
        rows=[
            (one.name, build, *_percentiles(taken[one.name]),
             statistics.median(taken[one.name]) / base, f"{equal[one.name]:,}")
            for one, build in contenders
        ],
        notes=(
            "same metres: villages with the same five whole metres as NumPy over every point",
            "processor time, also below: what else the machine does distorts nothing",
        ),
    )  # fmt: skip


def _vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = math.radians(latitude), math.radians(longitude)
    return (
        math.cos(north) * math.cos(east),
        math.cos(north) * math.sin(east),
        math.sin(north),
    )


def _metres(lines: Any) -> Found:
    found = sorted((2 * RADIUS * math.asin(min(1.0, line / 2)), row) for line, row in lines)
    return [(round(metres), row) for metres, row in found[:COUNT]]


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return statistics.median(ordered), ordered[math.ceil(0.99 * len(ordered)) - 1]


# ── the service ─────────────────────────────────────────────────────────────────────────────────

MONDAY, SUNDAY = datetime(2026, 11, 23, 3, tzinfo=UTC), datetime(2026, 11, 21, 20, tzinfo=UTC)
"""Monday, 10.00 in Jakarta; Sunday, 03.00."""


def fill(url: str, lists: Lists) -> None:
    """Make a database with the whole directory; hours and confirmed IGDs are made up."""
    database, chance = Database(url, KeyRing([b"b" * 32])), random.Random(5)
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
                "id": new_id(), "code": f"B{number:07}", "name": f"Faskes Contoh {number}",
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


def _searches(url: str, queries: Sequence[tuple[float, float]]) -> Table:
    ways: dict[str, dict[str, Any]] = {
        "nearest five": {},
        "puskesmas": {"kinds": [Kind.PUSKESMAS]},
        "bidan": {"kinds": [Kind.MIDWIFE]},
        "open now, Monday 10.00": {"open_now": True},
        f"open now, Sunday 03.00: {RARE} are": {"open_now": True, "at": SUNDAY},
        f"IGD confirmed: {RARE} are": {"needs": [Has.IGD]},
        "puskesmas with IGD, open Sunday 03.00": {
            "kinds": [Kind.PUSKESMAS], "needs": [Has.IGD], "open_now": True, "at": SUNDAY,
        },
    }  # fmt: skip
    database = Database(url, KeyRing([b"b" * 32]))
    database.atlas.is_refreshed = True  # as in the service
    rows = []
    with closing(database), database.reading() as session:
        points = atlas(session, Facilities).points
        far = sum(points.nearest(*one, 1)[0][1] > 25_000 for one in queries)
        for name, how in ways.items():
            taken = []
            for query in queries:
                began = time.thread_time()
                nearest(session, *query, **({"at": MONDAY} | how))
                taken.append(1e3 * (time.thread_time() - began))
            goal = SLOW if set(how) <= {"kinds"} else SLOWER
            rows.append((name, *_percentiles(taken), max(taken), goal))
    return Table(
        title="The service's nearest(), the whole directory in memory",
        columns=("search", "p50 ms", "p99 ms", "max ms", "goal p99 ms"),
        rows=rows,
        notes=(
            f"of {len(queries):,} villages {far:,} have none within 25 km; all were answered",
            "hours, IGD and 24 jam are made up: public lists have none",
        ),
    )


def _start(home: str, url: str) -> Table:
    with Process("bench.facility", url, cpu=CONTENDERS) as reading:
        read_in = json.loads(reading.output())
    with tempfile.TemporaryDirectory(dir=DISK) as bare:
        empty = _started(bare, f"sqlite+pysqlite:///{bare}/telekonsul.db")
    whole = _started(home, url)
    return Table(
        title="Starting with the whole directory, one CPU",
        columns=("what", "measured", "empty directory", "goal"),
        rows=(
            ("facilities read into memory, CPU s", read_in["seconds"], None, LOAD),
            ("memory they take, MB", read_in["megabytes"], None, MEMORY),
            ("ready after the start, s", whole.ready, empty.ready, READY),
            ("CPU s until then", whole.worked, empty.worked, None),
            ("RSS of the service then, MB", whole.resident_mb, empty.resident_mb, RESIDENT),
        ),
        notes=("the goals of reading and of memory are for facilities and regions together",),
    )


@dataclass(frozen=True)
class Started:
    """One start of the service."""

    ready: float
    worked: float
    resident_mb: float


def _started(home: str, url: str) -> Started:
    service = next(bot for bot in BOTS if bot.metric)
    with far_side(0) as telegram:
        telegram.wait_for("/counters")
        settings = {"DATABASE_URL": url, "DATA_KEY": KeyRing.fresh_key()}
        with begin(service, telegram, home, settings) as process:
            began = time.monotonic()
            process.wait_for("/readyz")
            ready, worked = time.monotonic() - began, process.cpu_seconds()
            time.sleep(3 * LOAD)  # the directory is read after that
            return Started(ready, worked, process.resident_mb())


def main() -> None:
    """Read the directory of a database in a process of its own, and tell what it took."""
    database = Database(sys.argv[1], KeyRing([b"b" * 32]))
    with closing(database), database.reading() as session:
        before, began = _resident_mb(), time.thread_time()
        refresh(session, [Facilities])
        seconds = time.thread_time() - began
        print(json.dumps({"seconds": seconds, "megabytes": _resident_mb() - before}))


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
