"""What years of service do to the next update: its cost beside more and more old consultations."""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack

from bench.process import DISK
from bench.table import Table
from bench.throughput import BOTS, REPETITIONS, Contender, Handled, begin, far_side, handle

GOAL = 1.2
"""A hundred times the past may cost a fifth more."""


def tables(*, full: bool) -> Iterator[Table]:
    """Relay the same texts beside a short and a long past; the full profile has 100,000."""
    pasts, updates = ((1_000, 100_000), 1_500) if full else ((1_000, 10_000), 1_000)
    runs: dict[int, list[Handled]] = {old: [] for old in pasts}
    with ExitStack() as stack:
        folders = {old: stack.enter_context(tempfile.TemporaryDirectory(dir=DISK)) for old in pasts}
        for old, folder in folders.items():
            _live_through(old, folder)
        for repetition in range(REPETITIONS):
            for old, folder in folders.items():
                runs[old].append(handle(BOTS[-1], updates, folder))
                rate = runs[old][-1].per_second
                print(f"  {repetition + 1}: {old} old: {rate:.0f} updates/s", file=sys.stderr)
    first = statistics.median(run.cpu_ms for run in runs[pasts[0]])
    yield Table(
        title=f"Cost of a relayed text beside old consultations, {updates} updates",
        columns=("old consultations", "updates/s", "CPU ms/update", "ratio"),
        rows=[
            (
                f"{old:,}",
                statistics.median(run.per_second for run in each),
                cost := statistics.median(run.cpu_ms for run in each),
                cost / first,
            )
            for old, each in runs.items()
        ],
        notes=(
            f"medians of {REPETITIONS} interleaved runs; goal: a ratio of at most {GOAL}",
            "each has 4 messages with copies and 3 steps, and was answered by one of those on duty",
        ),
    )


def _live_through(old: int, folder: str) -> None:
    """Write a past into a folder, once for all the runs that begin with it."""
    print(f"  writing {old} old consultations", file=sys.stderr)
    past = Contender("the past", ["bench.ours", "--old", str(old), "--prepare"])
    with far_side(0) as telegram, begin(past, telegram, folder, {}) as process:
        process.output()
