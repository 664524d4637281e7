"""The dispatcher: our rule beside others on the same arrivals, and the services beside the rule.

Everybody comes from `bench/crowd.py`, where the population is written down.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from bench import bare, crowd, decision, served
from bench.crowd import CLASSES, DAY, DEMAND, HOUR, Asker, Worker
from bench.process import DISK
from bench.table import Cell, Table
from bot.database import Database
from models.seal import KeyRing
from tests import schema
from tests.engine.rush import Rush
from tests.postgres import Postgres

Someone = TypeVar("Someone", Worker, Asker)

SEED = 1
DAYS = {9_000: "a quiet day", 11_000: "the reference day", 13_000: "a surge"}
PLACES = (40, 200)
"""Equal places before which one skill is compared with Kiefer–Wolfowitz, at 90 % load."""
SURGE = 16_000
"""A day's arrivals at whose pace the services are tried in the quick profile."""


@dataclass(frozen=True)
class Figures:
    """What an outcome comes to."""

    outcome: bare.Outcome
    crew: Sequence[Worker]
    people: Sequence[Asker]

    def waits(self, *, skill: str | None = None, urgency: str | None = None) -> list[float]:
        """Give the seconds that each of these waited, until taken or gone, in order."""
        wanted = [
            one
            for one in self.people
            if skill in (None, one.skill) and urgency in (None, one.urgency)
        ]
        return sorted(self._end(one) - one.at for one in wanted)

    def _end(self, one: Asker) -> float:
        taken = self.outcome.taken.get(one.id)
        return taken[0] if taken else self.outcome.gone.get(one.id, one.at + one.patience)

    @property
    def abandoned(self) -> float:
        """Give the percentage that gave up."""
        return 100 * len(self.outcome.gone) / len(self.people)

    def near(self, size: int) -> float:
        """Give the percentage answered by the own facility (1) or its district (EACH)."""
        pairs = [(self.people[one].home, self.crew[by].home) for one, by in self.outcome.decisions]
        return 100 * statistics.mean(one // size == by // size for one, by in pairs)

    @property
    def spread(self) -> float:
        """Give the coefficient of variation of the workers' work by chat and hour on duty."""
        work = dict.fromkeys(range(len(self.crew)), 0.0)
        for one, by in self.outcome.decisions:
            work[by] += self.people[one].takes
        shares = [work[one.id] / one.chats / one.lasts for one in self.crew]
        return statistics.pstdev(shares) / statistics.mean(shares)

    def row(self, name: str) -> list[Cell]:
        """Give a line of the table of policies."""
        every, emergency = self.waits(), self.waits(urgency="emergency")
        return [
            name,
            statistics.mean(every),
            _p(every, 95),
            self.abandoned,
            statistics.mean(emergency),
            _p(emergency, 95),
            _p(self.waits(urgency="low"), 95),
            self.near(1),
            self.near(crowd.EACH),
            self.spread,
        ]


COLUMNS = (
    "policy", "mean s", "p95 s", "gone %", "emergency mean", "p95", "lowest p95", "own %",
    "district %", "spread",
)  # fmt: skip


def tables(*, full: bool) -> Iterator[Table]:
    """Compare on one day (in full on five), then let the services run an hour (in full a day)."""
    yield _one_skill()
    crew, days = crowd.workers(SEED), 5 if full else 1
    ours: dict[int, Figures] = {}
    for per_day in DAYS if full else list(DAYS)[1:]:
        people = crowd.askers(SEED, per_day, 0.0, days * DAY)
        others = bare.OTHERS if full or per_day == 11_000 else bare.OTHERS[:1]
        found = {
            policy: Figures(bare.run(policy, crew, people), crew, people)
            for policy in (bare.OURS, *others, bare.IDEAL)
        }
        ours[per_day] = found[bare.OURS]
        turns = Figures(bare.round_robin(crew, people), crew, people)
        yield Table(
            title=f"{DAYS[per_day].capitalize()}: {len(people):,} people, {len(crew)} workers, "
            f"peak load {100 * crowd.peak_load(crew, per_day):.0f} %",
            columns=COLUMNS,
            rows=[
                *(one.row(policy.name) for policy, one in found.items()),
                turns.row("round robin, bound at arrival"),
            ],
        )
        yield _goals(per_day, found[bare.OURS], found[bare.OTHERS[0]])
    yield _by_skill(ours[11_000])
    yield from _services(full=full)
    yield _decisions(1_000 if full else 100)
    yield _owners(10_000 if full else 100)


def _one_skill() -> Table:
    rows: list[list[Cell]] = []
    for places in PLACES:
        people = crowd.steady(SEED, 10_000, places, load=0.9)
        apart, mean = against_the_recursion(places, people)
        rows.append([f"{places} places", len(people), mean, apart, 0])
    return Table(
        title="One skill, instant accepts, 90 % load: beside the recursion of Kiefer and Wolfowitz",
        columns=("", "people", "mean wait s", "largest difference s", "goal"),
        rows=rows,
    )


def against_the_recursion(places: int, people: Sequence[Asker]) -> tuple[float, float]:
    """Give the largest difference of anybody's wait, and the mean wait."""
    crew = [Worker(number, 0, "perawat", 1, 0.0, DAY) for number in range(places)]
    outcome = bare.run(bare.OURS, crew, people)
    waits = [outcome.taken[one.id][0] - one.at for one in people]
    exact = bare.kiefer_wolfowitz(places, people)
    apart = max(abs(a - b) for a, b in zip(waits, exact, strict=True))
    return apart, statistics.mean(exact)


def _goals(per_day: int, ours: Figures, fifo: Figures) -> Table:
    """The goals P9 and P10 of the reference, of which each says what it is measured against."""
    emergency, low = ours.waits(urgency="emergency"), ours.waits(urgency="low")
    mean = statistics.mean(ours.waits()) / statistics.mean(fifo.waits())
    rows: list[list[Cell]] = [["mean wait by that of first come, first served", mean, "≤ 1.05"]]
    if per_day == 11_000:
        rows += [
            ["emergency mean s", statistics.mean(emergency), "≤ 2.5"],
            ["abandoned %", ours.abandoned, "≤ 0.4"],
            ["lowest class p95 s", _p(low, 95), "≤ 30"],
            ["own facility %", ours.near(1), "≥ 25"],
            ["district %", ours.near(crowd.EACH), "≥ 60"],
            ["spread of work", ours.spread, "≤ 0.17"],
        ]
    else:
        other = _p(fifo.waits(urgency="emergency"), 95)
        rows += [
            ["emergency p95 s", _p(emergency, 95), "≤ 25"],
            ["the same, first come, first served", other, None],
        ]
    return Table(
        title=f"{DAYS[per_day].capitalize()} beside the reference's population",
        columns=("ours", "figure", "reference"),
        rows=rows,
        notes=(
            "the reference drew its own matrix and hours: its figures bind no other population",
        ),
    )


def _by_skill(ours: Figures) -> Table:
    every = sum(ours.waits())
    return Table(
        title="The reference day by skill and class, ours",
        columns=("", "people", "mean s", "p95 s", "share of all waiting %"),
        rows=[
            [name, len(waits), statistics.mean(waits), _p(waits, 95), 100 * sum(waits) / every]
            for name, waits in (
                *((one, ours.waits(skill=one)) for one in DEMAND),
                *((one, ours.waits(urgency=one)) for one in CLASSES),
            )
        ],
    )


def _services(*, full: bool) -> Iterator[Table]:
    per_day, begin, end = (11_000, 0.0, DAY) if full else (SURGE, 2 * HOUR, 2.5 * HOUR)
    crew = numbered(one for one in crowd.workers(SEED) if served.serves(one))
    people = numbered(one for one in crowd.askers(SEED, per_day, begin, end) if served.serves(one))
    rule = bare.run(bare.OURS, crew, people)
    at_once = _run(served.Served, crew, people)
    human = _run(served.Human, crew, people)
    decided = len(rule.decisions)
    bare_, once, late = (Figures(one, crew, people) for one in (rule, at_once, human))
    yield Table(
        title=f"The services beside the bare rule: {len(people):,} people in "
        f"{(end - begin) / HOUR:.1f} h at {per_day:,} a day, SQLite",
        columns=COLUMNS,
        rows=[
            bare_.row("the bare rule"),
            once.row("the services, accepted at once"),
            late.row(f"the services, {served.ANSWER:.0f} s, {100 * served.MISSED:.0f} % missed"),
        ],
        notes=(
            f"same decisions from the first on: {served.same(rule, at_once):,} of {decided:,}",
            "questions about procedures (jkn) are left out: they go another way",
        ),
    )
    ratios: list[list[Cell]] = [
        ["answered", len(at_once.taken) / len(rule.taken), 0.95],
        ["own facility", once.near(1) / bare_.near(1), 0.95],
        ["district", once.near(crowd.EACH) / bare_.near(crowd.EACH), 0.95],
        ["mean wait, bare by services", _by(bare_.waits(), once.waits()), 0.95],
        ["emergency, bare by services", _by(bare_.waits(urgency="emergency"),
                                            once.waits(urgency="emergency")), 0.95],
    ]  # fmt: skip
    yield Table(
        title="What the services reach of the bare rule",
        columns=("", "ratio", "goal ≥"),
        rows=ratios,
    )


def _run(
    kind: type[served.Served], crew: Sequence[Worker], people: Sequence[Asker]
) -> bare.Outcome:
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        database = Database(schema.sqlite(Path(folder) / "telekonsul.db"), KeyRing([b"b" * 32]))
        try:
            with database.session(cause="bench") as session:
                return kind(session, crew, people).run()
        finally:
            database.close()


def _decisions(count: int) -> Table:
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        database = Database(schema.sqlite(Path(folder) / "telekonsul.db"), KeyRing([b"b" * 32]))
        with database.session(cause="bench") as session:
            found = list(decision.measure(session, count))
        database.close()
    rows: list[list[Cell]] = [
        [one.name, _p(sorted(one.cpu), 50), _p(sorted(one.cpu), 99), _p(sorted(one.wall), 99),
         5.0 if one.is_decision else None]
        for one in found
    ]  # fmt: skip
    return Table(
        title=f"One decision beside {decision.WORKERS:,} workers and {decision.WAITING:,} who wait",
        columns=("", "CPU p50 ms", "CPU p99 ms", "wall p99 ms", "goal p99"),
        rows=rows,
        notes=("writing three sealed offers is what the last two add",),
    )


def _owners(count: int) -> Table:
    server = Postgres()
    server.start()
    try:
        rush = Rush(schema.migrated(server.database()), workers=12, count=count)
        begun = time.perf_counter()
        rush.empty(SEED)
        took = time.perf_counter() - begun
        report = rush.judge(all_taken=True)
    finally:
        server.stop()
    for fault in report.faults:
        print(f"  {fault}", file=sys.stderr)
    return Table(
        title=f"Two owners accept {count:,} consultations for the same 12 workers, PostgreSQL",
        columns=("", "figure", "goal"),
        rows=[
            ["accepted", report.accepted, count],
            ["taken twice, too many at once, or forgotten", len(report.faults), 0],
            ["met at the same row and tried again", report.conflicts, None],
            ["accepted a second", count / took, None],
        ],
    )


def numbered(found: Iterable[Someone]) -> list[Someone]:
    """Give some of the workers or askers with ids that count from nothing."""
    return [replace(one, id=number) for number, one in enumerate(found)]


def _by(one: Sequence[float], other: Sequence[float]) -> float:
    """Give the ratio of two means; of two that are nothing, one."""
    mean = statistics.mean(other)
    return statistics.mean(one) / mean if mean else 1.0


def _p(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]
