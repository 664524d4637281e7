"""What years of service do to the next update: its cost beside more and more old consultations."""

import statistics
import sys
from collections.abc import Iterator

from bench.table import Table
from bench.throughput import REPETITIONS, Contender, Handled, handle

GOAL = 1.2
"""A hundred times the past may cost a fifth more."""


def tables(*, full: bool) -> Iterator[Table]:
    """Relay the same texts beside a short and a long past; the full profile has 100,000."""
    pasts, updates = ((1_000, 100_000), 1_500) if full else ((1_000, 10_000), 1_000)
    runs: dict[int, list[Handled]] = {old: [] for old in pasts}
    for repetition in range(REPETITIONS):
        for old in pasts:
            service = Contender(
                f"{old} old", ["bench.ours", "--old", str(old)], "telekonsul_updates_handled_total"
            )
            runs[old].append(handle(service, updates))
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
