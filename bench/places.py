"""Finding places by misspelt names in the whole national list, beside RapidFuzz by itself.

The list is the operator's own: BENCH_DATA names the folder that has it.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bench.misspelling import RULES, Said, said
from bench.table import Table
from services.region import Regions, listing
from services.region.gazetteer import Row
from services.region.search import find

TYPED = Path(__file__).parent.parent / "tests" / "data" / "dev_places.jsonl"
SEED = 20261126
Finder = Callable[[str], Sequence[str]]
"""Gives the codes of the five best."""


@dataclass
class Hits:
    """How often the right place came first, or among five, and how long each took."""

    first: int = 0
    five: int = 0
    seconds: list[float] = field(default_factory=list)

    def take(self, find_codes: Finder, one: Said) -> None:
        """Look for one."""
        began = time.process_time()
        codes = find_codes(one.text)[:5]
        self.seconds.append(time.process_time() - began)
        self.first += bool(codes) and codes[0] in one.codes
        self.five += not one.codes.isdisjoint(codes)

    @property
    def row(self) -> tuple[int, float, float, float, float]:
        """Give count, percentages, and the middle and 99th of a hundred times in ms."""
        count, times = len(self.seconds), sorted(self.seconds)
        worst = times[min(count - 1, count * 99 // 100)]
        return (
            count,
            100 * self.first / count,
            100 * self.five / count,
            1000 * statistics.median(times),
            1000 * worst,
        )


def tables(*, full: bool) -> Iterator[Table]:
    """Look for what people typed and for what rules misspelt; the full profile does it oftener."""
    path = str(Path(os.environ.get("BENCH_DATA", "")) / "regions.csv.gz")
    if not Path(path).exists():
        yield Table(
            title="Misspelt places: skipped",
            columns=("finder",),
            rows=(),
            notes=("set BENCH_DATA to a folder with regions.csv.gz",),
        )
        return
    rows = _rows(Path(path))
    regions = Regions(rows)
    yield _peers(rows, regions, 150 if full else 50)
    yield _rules(regions, 11_000 if full else 2_200)
    yield _cost(path, 5 if full else 3)


def _rows(path: Path) -> list[Row]:
    return [
        (one.code, one.name, _degrees(one.latitude), _degrees(one.longitude))
        for one in listing.read(path)
    ]


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def _peers(rows: Sequence[Row], regions: Regions, count: int) -> Table:
    lines = [json.loads(line) for line in TYPED.read_text(encoding="utf-8").splitlines()]
    typed = [Said(one["text"], "", frozenset(one["codes"])) for one in lines]
    ours = partial(_ours, regions)
    plain = {code: name.lower() for code, name, *_ in rows}
    whole = {code: _whole(plain, code) for code in plain}
    finders: dict[str, Finder] = {
        "services/region": ours,
        "RapidFuzz, letters (OSA), names": partial(_extract, plain, OSA.normalized_similarity),
        "RapidFuzz, WRatio, names": partial(_extract, plain, fuzz.WRatio),
        "RapidFuzz, token set, whole paths": partial(_extract, whole, fuzz.token_set_ratio),
    }
    all_of_it = Hits()
    for one in typed:
        all_of_it.take(ours, one)
    some = typed[:: len(typed) // count]
    results = {f"services/region, all {len(typed)}": all_of_it}
    for name, finder in finders.items():
        results[name] = Hits()
        for one in some:
            results[name].take(finder, one)
    base = results["services/region"].row[3]
    return Table(
        title=f"Places that people mistyped, among {len(rows):,} regions",
        columns=("finder", "typed", "first %", "in five %", "median ms", "p99 ms", "ratio"),
        rows=[(name, *hits.row, hits.row[3] / base) for name, hits in results.items()],
        notes=(
            "CPU time of one query; ratio: of the medians; goals: in five 95 %, p99 50 ms",
            "whole paths: «kluwut bulakamba kabupaten brebes jawa tengah»",
        ),
    )


def _ours(regions: Regions, text: str) -> list[str]:
    return [match.place.code for match in find(regions, text)]


def _extract(names: dict[str, str], scorer: Callable[..., float], text: str) -> list[str]:
    found = process.extract(text.lower(), names, scorer=scorer, limit=5)
    return [code for _, _, code in found]


def _whole(names: dict[str, str], code: str) -> str:
    parts = code.split(".")
    codes = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return " ".join(names[one] for one in codes if one in names)


def _rules(regions: Regions, count: int) -> Table:
    by_rule = {name: Hits() for name in ("all", *RULES)}
    for one in islice(said(regions, SEED), count):
        hits = Hits()
        hits.take(partial(_ours, regions), one)
        for name in ("all", one.rule):
            by_rule[name].first += hits.first
            by_rule[name].five += hits.five
            by_rule[name].seconds += hits.seconds
    return Table(
        title="Names misspelt by rule, most with a place around",
        columns=("rule", "typed", "first %", "in five %", "median ms", "p99 ms"),
        rows=[(name, *hits.row) for name, hits in by_rule.items()],
        notes=("drawn anew for every seed; bench/misspelling.py has the rules",),
    )


def _cost(path: str, repetitions: int) -> Table:
    """Build in processes of their own: memory that Python once had is not given back."""
    code = f"from bench.places import cost; cost({path!r})"
    runs = [
        json.loads(
            subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout
        )
        for _ in range(repetitions)
    ]
    return Table(
        title="What it costs to keep all regions in memory",
        columns=("", "CPU s", "MB"),
        rows=[("services/region", *(statistics.median(run[at] for run in runs) for at in (0, 1)))],
        notes=(f"medians of {repetitions}; rows read before; goals: 1.5 s, 35 MB",),
    )


def cost(path: str) -> None:
    """Print the seconds and megabytes that one building takes."""
    rows = _rows(Path(path))
    before, began = _resident(), time.process_time()
    regions = Regions(iter(rows))
    print(json.dumps((time.process_time() - began, _resident() - before, len(regions))))


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
