"""The rule without a service: events and nothing else, beside other rules on the same arrivals.

Whoever is asked accepts at once. Ours is `services/dispatch/rule.py` itself.
"""

from bisect import insort
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count

from bench.crowd import DISTRICTS, EACH, HOUR, SKILLS, Asker, Worker, district, nearness
from services.dispatch.rule import Case, Hand, best, first

Near = dict[int, int]
EVERYBODY = dict.fromkeys(range(DISTRICTS * EACH), 0)


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule beside ours: in which order, and who may have one that has waited so long."""

    name: str
    homes: Callable[[Asker, float], Near]
    by_class: bool = True
    opens: tuple[float, ...] = ()
    """After how many seconds more facilities may have it."""
    all_skills: bool = False


_NEAR = nearness()


def _soft(one: Asker, waited: float) -> Near:
    return _NEAR[one.home]


def _anybody(one: Asker, waited: float) -> Near:
    return EVERYBODY


def _own(one: Asker, waited: float) -> Near:
    return {one.home: 0}


_DISTRICT = [
    {other: int(other != home) for other in EVERYBODY if district(other) == district(home)}
    for home in EVERYBODY
]
_ALL = [dict.fromkeys(EVERYBODY, 2) | near for near in _DISTRICT]


def _held(one: Asker, waited: float) -> Near:
    if waited < 120:
        return {one.home: 0}
    return _DISTRICT[one.home] if waited < 240 else _ALL[one.home]


OURS = Policy("ours: class, then the nearest who is free", _soft)
OTHERS = (
    Policy("first come, first served", _anybody, by_class=False),
    Policy("held 2 min own, 4 min district, then all", _held, opens=(120.0, 240.0)),
    Policy("own facility only", _own),
)
IDEAL = Policy("everybody can do everything (no rule)", _anybody, by_class=False, all_skills=True)


@dataclass
class Outcome:
    """What became of everybody: who took whom, when, in which order; who gave up."""

    taken: dict[int, tuple[float, int]] = field(default_factory=dict)
    gone: dict[int, float] = field(default_factory=dict)

    @property
    def decisions(self) -> list[tuple[int, int]]:
        """Give who took whom, in the order in which it was decided."""
        return [(asker, worker) for asker, (_, worker) in self.taken.items()]


@dataclass
class _Place:
    """A worker in the simulation."""

    worker: Worker
    skills: frozenset[str]
    until: float = 0.0
    since: float = 0.0
    load: int = 0

    def hand(self, now: float) -> Hand | None:
        if now >= self.until or self.load >= self.worker.chats:
            return None
        return Hand(self.worker.id, self.worker.home, self.skills, self.load, self.since)


def run(policy: Policy, crew: Sequence[Worker], people: Sequence[Asker]) -> Outcome:
    """Let everybody come, be answered at once by who is asked, or give up."""
    return Run(policy, crew, people).run()


class Run:
    """Events in their order; what a subclass does with them is its own."""

    def __init__(self, policy: Policy, crew: Sequence[Worker], people: Sequence[Asker]) -> None:
        self.policy, self.outcome = policy, Outcome()
        every = frozenset(skill for skills in SKILLS.values() for skill in skills)
        self.places = [
            _Place(
                one, every if policy.all_skills else frozenset(SKILLS.get(one.profession, every))
            )
            for one in crew
        ]
        self.by_home: dict[int, list[_Place]] = defaultdict(list)
        for place in self.places:
            self.by_home[place.worker.home].append(place)
        self.people = people
        self.waiting: list[tuple[float, int]] = []
        self.order = count()
        end = people[-1].at + 4 * HOUR if people else 0.0
        self.events = list(self._known(crew, people, end))
        heapify(self.events)

    def _known(
        self, crew: Sequence[Worker], people: Sequence[Asker], end: float
    ) -> Iterator[tuple[float, int, str, int, float]]:
        for place in crew:
            for begin, until in place.shifts(end):
                if until > people[0].at:
                    yield begin, next(self.order), "shift", place.id, until
        for one in people:
            yield one.at, next(self.order), "comes", one.id, 0.0
            for waited in self.policy.opens:
                yield one.at + waited, next(self.order), "opens", one.id, 0.0

    def run(self) -> Outcome:
        """Let everything happen, and give what became of everybody."""
        while self.events:
            now, _, what, whom, until = heappop(self.events)
            getattr(self, f"_{what}")(now, whom, until)
        return self.outcome

    def _shift(self, now: float, worker: int, until: float) -> None:
        place = self.places[worker]
        place.until, place.since = until, max(now, place.since)
        self._feed(place, now)

    def _comes(self, now: float, asker: int, _: float) -> None:
        one = self.people[asker]
        if not self._offer(one, now):
            insort(self.waiting, (self._rank(one), asker))
            heappush(self.events, (now + one.patience, next(self.order), "tires", asker, 0.0))

    def _opens(self, now: float, asker: int, _: float) -> None:
        entry = (self._rank(self.people[asker]), asker)
        stands = asker not in self.outcome.taken and asker not in self.outcome.gone
        if stands and self._offer(self.people[asker], now):
            self.waiting.remove(entry)

    def _tires(self, now: float, asker: int, _: float) -> None:
        if asker not in self.outcome.taken:
            self.outcome.gone[asker] = now
            self.waiting.remove((self._rank(self.people[asker]), asker))

    def _ends(self, now: float, worker: int, _: float) -> None:
        self.places[worker].load -= 1
        self._feed(self.places[worker], now)

    def _feed(self, place: _Place, now: float) -> None:
        while (hand := place.hand(now)) is not None:
            found = first(hand, (self._case(self.people[one], now) for _, one in self.waiting))
            if found is None:
                return
            self.waiting.remove((self._rank(self.people[found.id]), found.id))
            assert self._offer(self.people[found.id], now), "this worker may have it"

    def _offer(self, one: Asker, now: float) -> bool:
        """Let the best who is free take it: looked for from the nearest facility on."""
        case = self._case(one, now)
        nearest = min(case.homes.values())
        if max(case.homes.values()) == nearest or len(case.homes) == 1:
            groups: Iterable[Iterable[int]] = (case.homes,)
        else:
            groups = ((home,) for home in sorted(case.homes, key=case.homes.__getitem__))
        for homes in groups:
            hands = [place.hand(now) for home in homes for place in self.by_home[home]]
            asked = best(case, [hand for hand in hands if hand is not None], 1)
            if asked:
                self._take(one, self.places[asked[0].id], now)
                return True
        return False

    def _take(self, one: Asker, place: _Place, now: float) -> None:
        place.load, place.since = place.load + 1, now
        self.outcome.taken[one.id] = (now, place.worker.id)
        heappush(self.events, (now + one.takes, next(self.order), "ends", place.worker.id, 0.0))

    def _case(self, one: Asker, now: float) -> Case:
        return Case(one.id, one.skill, self.policy.homes(one, now - one.at), asker=-1)

    def _rank(self, one: Asker) -> float:
        return one.rank if self.policy.by_class else one.at


def round_robin(crew: Sequence[Worker], people: Sequence[Asker]) -> Outcome:
    """Bind everybody at arrival to the next worker on duty who has the skill, by turns; a worker
    who goes off duty answers who is left."""
    outcome, end = Outcome(), people[-1].at
    shifts = {one.id: list(one.shifts(end)) for one in crew}
    free = {one.id: [0.0] * one.chats for one in crew}
    turns: dict[str, deque[Worker]] = {}
    for skills in SKILLS.values():
        for skill in skills:
            turns[skill] = deque(one for one in crew if skill in SKILLS[one.profession])
    for one in people:
        line = turns[one.skill]
        for _ in range(len(line)):
            line.rotate(-1)
            if any(begin <= one.at < until for begin, until in shifts[line[-1].id]):
                break
        chats = free[line[-1].id]
        begins = max(one.at, heappop(chats))
        if begins - one.at > one.patience:
            heappush(chats, begins if begins > one.at else one.at)
            outcome.gone[one.id] = one.at + one.patience
        else:
            heappush(chats, begins + one.takes)
            outcome.taken[one.id] = (begins, line[-1].id)
    return outcome


def kiefer_wolfowitz(places: int, people: Sequence[Asker]) -> list[float]:
    """Give everybody's wait before so many equal places, first come, first served: the recursion
    of Kiefer and Wolfowitz (1955), kept as the moments at which places become free."""
    free = [0.0] * places
    waits = []
    for one in people:
        begins = max(one.at, heappop(free))
        heappush(free, begins + one.takes)
        waits.append(begins - one.at)
    return waits
