"""Two workers press «Terima» in the same instant: exactly one has it, the other reads who.

The town is that of the tests; here it is raced for more often.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.process import DISK
from bench.table import Table
from bot import logs
from tests import schema
from tests.engine.race import run

SEED = 1


def tables(*, full: bool) -> Iterator[Table]:
    """Race 100 times, in full 1,000 times, on SQLite."""
    races = 1_000 if full else 100
    logs.set_up("ERROR", "text")
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        url = schema.sqlite(Path(folder) / "telekonsul.db")
        report = asyncio.run(run(races, SEED, url, Path(folder)))
    for fault in report.faults:
        print(f"  {fault}", file=sys.stderr)
    yield Table(
        title=f"{races} races of two workers for one patient, SQLite",
        columns=("", "figure", "goal"),
        rows=[
            ["races with one winner", report.won.total(), races],
            ["taken twice or by nobody, or the other not told who", len(report.faults), 0],
            ["presses answered", report.answered, 2 * races],
            *([f"won by {name}", count, None] for name, count in sorted(report.won.items())),
        ],
    )
