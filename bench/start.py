"""From the command to the first poll, and how much memory that takes, then and after work."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.process import DISK, Process
from bench.table import Table
from bench.throughput import BOTS, REPETITIONS, Contender, begin, counters, far_side, handle

READY = 3.0
MEMORY = 200
"""Goals: seconds and megabytes."""

SERVICE = Contender("Telekonsul", ["bot", "run"])


@dataclass(frozen=True)
class Start:
    """One start of one bot."""

    polled: float
    ready: float | None
    resident_mb: float


def tables(*, full: bool) -> Iterator[Table]:
    """Start each bot on an empty folder, then let it answer or relay thousands of texts."""
    texts = 10_000 if full else 4_000
    rows = []
    for bot in BOTS:
        starts = [start(SERVICE if bot.metric else bot) for _ in range(REPETITIONS)]
        after = handle(bot, texts)
        rows.append((bot.name, *_middle(starts), after.resident_mb))
        print(f"  {bot.name}: {after.resident_mb:.0f} MB", file=sys.stderr, flush=True)
    yield Table(
        title="Start and memory, one CPU",
        columns=("bot", "first poll s", "ready s", "RSS MB", f"RSS MB after {texts:,}"),
        rows=rows,
        notes=(
            f"medians of {REPETITIONS} starts; ready: /readyz says so; RSS: the highest so far",
            f"goals: ready in {READY:.0f} s, at most {MEMORY} MB",
        ),
    )


def start(bot: Contender) -> Start:
    """Start a bot on an empty folder until it polls and, where it says so, is ready."""
    with tempfile.TemporaryDirectory(dir=DISK) as folder, far_side(0) as telegram:
        telegram.wait_for("/counters")
        began = time.monotonic()
        with begin(bot, telegram, folder, {}) as process:
            ready = _ready(process, began) if bot is SERVICE else None
            while (polled_at := counters(process, telegram)["polled_at"]) is None:
                time.sleep(0.02)
            return Start(polled_at - began, ready, process.resident_mb())


def _ready(process: Process, began: float) -> float:
    process.wait_for("/readyz")
    return time.monotonic() - began


def _middle(starts: Sequence[Start]) -> tuple[float, float | None, float]:
    ready = [one.ready for one in starts if one.ready is not None]
    return (
        statistics.median(one.polled for one in starts),
        statistics.median(ready) if ready else None,
        statistics.median(one.resident_mb for one in starts),
    )
