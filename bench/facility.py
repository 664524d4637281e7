"""The nearest five of 30,643 facilities, asked from 83,403 villages; facilities found by misspelt
names; each beside named peers; and what the directory takes to load.

The lists are not ours to hand on: BENCH_DATA names a folder with `facilities_real.csv.gz` and
`regions.csv.gz` (columns name, kind, district, regency, latitude, longitude; code, level, name,
latitude, longitude).
"""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.directory import RARE, RING, fill, read
from bench.naming import named
from bench.nearest import beside, percentiles
from bench.process import CONTENDERS, DISK, Process
from bench.start import MEMORY as RESIDENT
from bench.start import READY
from bench.table import Table
from bench.throughput import BOTS, begin, far_side
from bot.database import Database
from models.facility import Has, Kind
from models.seal import KeyRing
from services.atlas import atlas, refresh
from services.facility.memory import Facilities
from services.facility.near import nearest
from services.facility.search import FacilityNames
from services.region.gazetteer import read as regions

LOAD, MEMORY, SLOW, SLOWER = 2.0, 60, 1.0, 5.0
"""Goals: seconds and megabytes of the directory, milliseconds of a search and of a picky one."""


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
    yield beside(lists, some)
    with tempfile.TemporaryDirectory(dir=DISK) as home:
        url = f"sqlite+pysqlite:///{home}/telekonsul.db"
        fill(url, lists)
        yield _searches(url, some)
        yield named(url, lists, 2_000 if full else 600)
        yield _start(home, url)


MONDAY, SUNDAY = datetime(2026, 11, 23, 3, tzinfo=UTC), datetime(2026, 11, 21, 20, tzinfo=UTC)
"""Monday, 10.00 in Jakarta; Sunday, 03.00."""


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
    database = Database(url, RING)
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
            rows.append((name, *percentiles(taken), max(taken), goal))
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
        read_in: list[dict[str, Any]] = json.loads(reading.output())
    seconds = sum(one["seconds"] for one in read_in)
    megabytes = sum(one["megabytes"] for one in read_in)
    with tempfile.TemporaryDirectory(dir=DISK) as bare:
        empty = _started(bare, f"sqlite+pysqlite:///{bare}/telekonsul.db")
    whole = _started(home, url)
    return Table(
        title="Starting with the whole directory, one CPU",
        columns=("what", "measured", "empty directory", "goal"),
        rows=(
            *((f"{one['part']} read, CPU s", one["seconds"], None, None) for one in read_in),
            *((f"{one['part']}, MB", one["megabytes"], None, None) for one in read_in),
            ("everything read, CPU s", seconds, None, LOAD),
            ("everything, MB", megabytes, None, MEMORY),
            ("ready after the start, s", whole.ready, empty.ready, READY),
            ("CPU s until then", whole.worked, empty.worked, None),
            ("RSS of the service then, MB", whole.resident_mb, empty.resident_mb, RESIDENT),
        ),
        notes=("the service reads beside its work, from the first second on",),
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
    """Read the directory of a database in a process of its own, and tell what each part took."""
    parts = {"points and times": Facilities, "regions": regions, "names": FacilityNames}
    database, took = Database(sys.argv[1], RING), []
    with closing(database), database.reading() as session:
        session.connection()
        for name, part in parts.items():
            before, began = _resident_mb(), time.thread_time()
            refresh(session, [part])
            seconds = time.thread_time() - began
            megabytes = _resident_mb() - before
            took.append({"part": name, "seconds": seconds, "megabytes": megabytes})
    print(json.dumps(took))


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
