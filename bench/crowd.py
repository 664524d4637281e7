"""The people of a simulated district service: who works when and where, who asks for what and when.

The population is that of a province in small: what is not in a published figure was chosen here
and is written down here. Seconds are counted from midnight UTC of the first day.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log, sqrt

from services.sphere import distance

DAY, HOUR = 86_400.0, 3_600.0
GOLDEN = (sqrt(5) - 1) / 2

DISTRICTS, EACH = 12, 5
"""Districts, and facilities (FKTP) in each."""
AHEAD = (7,) * 6 + (8,) * 4 + (9,) * 2
"""Hours that each district's clocks are ahead of UTC: six in WIB, four in WITA, two in WIT."""
SHIFTS = ((0.50, 7, 14), (0.36, 14, 21), (0.14, 21, 7))
"""The share of workers on each shift, and its hours on the local clock."""
CHATS = (1, 2, 3)
"""Chats that a worker keeps at a time: a third of the workers each, two on average."""

PROFESSIONS = {"perawat": 56, "bidan": 56, "dokter": 50, "dokter_gigi": 10, "petugas_jkn": 28}
SKILLS = {
    "perawat": ("umum",),
    "bidan": ("umum", "kia"),
    "dokter": ("umum", "kia", "dokter"),
    "dokter_gigi": ("gigi",),
    "petugas_jkn": ("jkn",),
}
"""The skill matrix; content/scope.toml says the same of the four professions."""
DEMAND = {"umum": 0.62, "kia": 0.14, "gigi": 0.04, "dokter": 0.08, "jkn": 0.12}
CLASSES = {"emergency": 0.03, "urgent": 0.12, "ordinary": 0.60, "low": 0.25}
HEAD_START = {"emergency": DAY, "urgent": 1_200.0, "ordinary": 600.0, "low": 0.0}
"""Seconds by which a class stands before who came with it: static, so nobody waits for ever."""

HOURLY = (
    0.8, 0.6, 0.5, 0.5, 0.7, 1.1,
    1.6, 6.4, 7.6, 8.0, 8.0, 7.6,
    7.2, 6.8, 5.8, 5.4, 5.3, 5.4,
    5.6, 5.6, 5.2, 2.0, 1.3, 1.0,
)  # fmt: skip
"""Shares of the day's demand by local hour, in percent: a morning's peak and an evening's."""
SERVICE, SPREAD = 720.0, 0.8
"""Mean seconds of an answer, lognormal, and its coefficient of variation."""
PATIENCE = 1_800.0
"""Mean seconds until somebody who waits gives up, exponential."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who answers: for which facility, what, how many at a time, and on which shift."""

    id: int
    home: int
    profession: str
    chats: int
    begins: float
    """Seconds after midnight UTC at which the daily shift begins."""
    lasts: float

    def shifts(self, until: float) -> Iterator[tuple[float, float]]:
        """Give from when until when they are on duty, from the day before the first."""
        begin = self.begins - DAY
        while begin < until:
            yield begin, begin + self.lasts
            begin += DAY


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks: when, from where, for what, how long the answer takes, how long they
    have patience."""

    id: int
    at: float
    home: int
    skill: str
    urgency: str
    takes: float
    patience: float

    @property
    def rank(self) -> float:
        """Give the place in the queue: arrival less the head start of the class."""
        return self.at - HEAD_START[self.urgency]


def place(home: int) -> tuple[float, float]:
    """Give where a facility is: those of a district lie around its middle, districts far apart."""
    district, number = divmod(home, EACH)
    return -8.0 + 0.02 * number, 110.0 + 1.5 * district + 0.013 * (number * number % 7)


def district(home: int) -> int:
    """Give the district of a facility."""
    return home // EACH


def nearness() -> list[dict[int, int]]:
    """Give for each facility how near each other is: 0 itself, 1 the nearest, …"""
    count = DISTRICTS * EACH
    return [
        {
            other: near
            for near, other in enumerate(
                sorted(range(count), key=lambda one: (_apart(home, one), one))
            )
        }
        for home in range(count)
    ]


def workers(seed: int) -> list[Worker]:
    """Give everybody who works: facilities filled one after the other, each profession spread
    evenly over the shifts (by the golden ratio) and over one to three chats."""
    bounds = list(accumulate(share for share, _, _ in SHIFTS))
    made: list[Worker] = []
    for profession, count in PROFESSIONS.items():
        for number in range(count):
            home = len(made) % (DISTRICTS * EACH)
            mark = ((number + 0.5) * GOLDEN + seed * 0.37) % 1
            _, begins, ends = SHIFTS[min(bisect(bounds, mark), len(SHIFTS) - 1)]
            begin = ((begins - AHEAD[district(home)]) * HOUR) % DAY
            chats = CHATS[number % len(CHATS)]
            lasts = ((ends - begins) % 24) * HOUR
            made.append(Worker(len(made), home, profession, chats, begin, lasts))
    return made


def askers(seed: int, per_day: int, begin: float, end: float) -> list[Asker]:
    """Give everybody who asks between two moments, in order: a Poisson stream that follows the
    hours of each facility's clock."""
    chance = random.Random(seed)
    count, most = DISTRICTS * EACH, max(HOURLY) / 100 / HOUR * per_day
    at = begin
    made: list[Asker] = []
    while (at := at + chance.expovariate(most)) < end:
        home = chance.randrange(count)
        local = int((at / HOUR + AHEAD[district(home)]) % 24)
        if chance.random() * max(HOURLY) > HOURLY[local] * 100 / sum(HOURLY):
            continue
        made.append(
            Asker(
                len(made),
                at=round(at, 3),
                home=home,
                skill=_one(chance, DEMAND),
                urgency=_one(chance, CLASSES),
                takes=_takes(chance),
                patience=round(chance.expovariate(1 / PATIENCE), 3),
            )
        )
    return made


def steady(seed: int, count: int, places: int, load: float) -> list[Asker]:
    """Give so many people of one skill and one facility, with endless patience, who come at an even
    pace that keeps so many places busy for this share of the time."""
    chance, at, made = random.Random(seed), 0.0, list[Asker]()
    for number in range(count):
        at += chance.expovariate(load * places / SERVICE)
        made.append(Asker(number, at, 0, "umum", "low", _takes(chance), 1e9))
    return made


def _takes(chance: random.Random) -> float:
    sigma = sqrt(log(1 + SPREAD**2))
    return round(exp(chance.gauss(log(SERVICE) - sigma**2 / 2, sigma)), 3)


def peak_load(crew: list[Worker], per_day: int) -> float:
    """Give the busiest hour's work in shares of what everybody on duty can hold then."""
    loads = []
    for hour in range(24):
        moment = (hour + 0.5) * HOUR
        chats = sum(one.chats for one in crew if (moment - one.begins) % DAY < one.lasts)
        share = sum(HOURLY[(hour + ahead) % 24] for ahead in AHEAD) / len(AHEAD) / sum(HOURLY)
        loads.append(share * per_day * SERVICE / HOUR / chats)
    return max(loads)


def _one(chance: random.Random, shares: dict[str, float]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def _apart(home: int, other: int) -> float:
    return distance(*place(home), *place(other))
