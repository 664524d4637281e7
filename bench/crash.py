"""Kill after kill while people talk: nothing may be lost, doubled or turned around.

The town, its people and the account are those of the tests; here it lives longer.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.process import DISK
from bench.table import Cell, Table
from tests.engine.crash import Report, run

SEED = 1
EACH = 10
"""Kills at each named point that the full profile must reach."""
ANSWER = 5.0
"""Goal: seconds from a kill to the first thing that anybody hears."""


def tables(*, full: bool) -> Iterator[Table]:
    """Kill the service 30 times, in full 1,000 times, on SQLite."""
    kills = 1_000 if full else 30
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        url = f"sqlite+pysqlite:///{folder}/telekonsul.db"
        report = asyncio.run(run(kills, SEED, url, Path(folder)))
    for fault in report.faults:
        print(f"  {fault}", file=sys.stderr)
    yield Table(
        title=f"{kills} kills (SIGKILL) while people talk, SQLite",
        columns=("", "figure", "goal"),
        rows=_rows(report, kills, EACH if full else None),
        notes=(
            "marked repeats: at most as many as there were outcomes that a kill made unknown",
            ", ".join(f"{count} × {point}" for point, count in sorted(report.kills.items())),
        ),
    )


def _rows(report: Report, kills: int, each: int | None) -> list[list[Cell]]:
    return [
        ["kills", report.kills.total(), kills],
        ["fewest at one named point", min(report.kills.values(), default=0), each],
        ["texts said", report.said, None],
        ["consultations", report.consultations, None],
        ["lost, doubled, turned around, unmarked", len(report.faults), 0],
        ["marked repeats", report.repeats, report.in_doubt],
        ["slowest first answer, s", report.slowest_answer, ANSWER],
    ]
