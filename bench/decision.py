"""How long one decision takes beside 2,000 workers on duty and 10,000 who wait.

Ten pools of sixty facilities each; everybody's chats are full but for those that a decision is
about. CPU time is what the decision costs; the clock on the wall also counts the neighbours.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import combinations
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.base import Base, new_id
from models.bot import Bot, Contact
from models.consultation import Consultation, Status
from models.facility import Facility
from models.offer import Offer
from models.patient import Patient
from models.person import Person
from models.pool import Agreement
from models.role import Kind, Profession, Role, Skill
from services import dispatch

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BOT, POOLS, EACH = 1, 10, 60
WORKERS, WAITING = 2_000, 10_000
PROFESSIONS = list(Profession)
SKILLS = [None, *Skill]


@dataclass
class Times:
    """Milliseconds of one kind of decision: of the processor, and on the wall."""

    name: str
    is_decision: bool = True
    """Whether nothing is written."""
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], object]) -> None:
        """Take the time of one decision."""
        wall, cpu = time.perf_counter(), time.thread_time()
        work()
        self.cpu.append((time.thread_time() - cpu) * 1_000)
        self.wall.append((time.perf_counter() - wall) * 1_000)


def measure(session: Session, count: int) -> Iterator[Times]:
    """Measure so many decisions of each kind, each undone."""
    build(session)
    chance = random.Random(1)
    crew = session.scalars(select(Role).order_by(Role.id)).all()
    found = select(Consultation).where(Consultation.status == Status.WAITING)
    waiting = session.scalars(found.order_by(Consultation.rank_at)).all()
    nobody = Times("one comes, nobody of the 200 in the pool is free")
    for one in chance.sample(waiting, count):
        nobody.measure(partial(dispatch.decide, session, one, at=AT))
    some, feed = Times("one comes, 20 of the 200 are free"), Times("a worker becomes free")
    both, fed = (
        Times("the same, and three are asked", False),
        Times("the same, and it is offered", False),
    )
    for _ in range(count):
        one, role = chance.choice(waiting), chance.choice(crew)
        pool = [each for each in crew if _same_pool(each.facility, one.facility)]
        with _free(session, chance.sample(pool, 20)):
            some.measure(partial(dispatch.decide, session, one, at=AT))
            both.measure(partial(dispatch.place, session, one, at=AT))
        with _free(session, [role]):
            feed.measure(partial(dispatch.decide_for, session, role.person, at=AT))
            fed.measure(partial(dispatch.feed, session, role.person, at=AT))
    yield from (nobody, some, feed, both, fed)


@contextmanager
def _free(session: Session, roles: Sequence[Role]) -> Iterator[None]:
    """Give these workers room for one more; what they were asked is forgotten afterwards."""
    for role in roles:
        role.places += 1
    session.flush()
    yield
    session.execute(delete(Offer))
    for role in roles:
        role.places -= 1
    session.flush()


def _same_pool(one: Facility | None, other: Facility | None) -> bool:
    return one is not None and other is not None and one.code[:5] == other.code[:5]


def build(session: Session) -> None:
    """Write everybody, in bulk."""
    session.add(Bot(id=BOT, username="telekonsul_contoh_bot"))
    session.flush()
    homes = [[_facility(pool, number) for number in range(EACH)] for pool in range(POOLS)]
    rows: dict[type[Base], list[dict[str, Any]]] = {Facility: [row for one in homes for row in one]}
    rows[Agreement] = [
        {"facility_id": a["id"], "partner_id": b["id"], "document": "CONTOH",
         "agreed_on": date(2026, 1, 1)}
        for one in homes for a, b in combinations(one, 2)
    ]  # fmt: skip
    flat = rows[Facility]
    workers = [_person(number) for number in range(WORKERS)]
    asker = _person(WORKERS)
    rows[Person] = [*workers, asker]
    rows[Contact] = [{"bot_id": BOT, "person_id": one["id"], "opened_at": AT} for one in workers]
    rows[Role] = [_role(n, one["id"], flat[n % len(flat)]["id"]) for n, one in enumerate(workers)]
    rows[Patient], rows[Consultation] = [], []
    for number in range(WAITING + 2 * WORKERS):
        patient = {"id": new_id(), "asker_id": asker["id"]}
        rows[Patient].append(patient)
        case = {
            "id": new_id(), "bot_id": BOT, "facility_id": flat[number % len(flat)]["id"],
            "number": number, "asker_id": asker["id"], "patient_id": patient["id"],
            "opened_at": AT, "arrived_at": AT, "rank_at": AT - (WAITING - number) * SECOND,
            "version": 1, "shares": True, "status": Status.WAITING,
            "skill": SKILLS[number % len(SKILLS)], "worker_id": None, "place": None,
        }  # fmt: skip
        if number >= WAITING:
            worker = workers[(number - WAITING) // 2]["id"]
            case |= {"status": Status.ACTIVE, "worker_id": worker, "place": number % 2 + 1}
        rows[Consultation].append(case)
    for model, values in rows.items():
        session.execute(insert(model), values)


def _facility(pool: int, number: int) -> dict[str, Any]:
    code = f"99{pool:03}{number:03}"
    return {
        "id": new_id(), "code": code, "name": f"Puskesmas Contoh {code}", "is_ours": True,
        "last_number": 0, "mended": "", "latitude": -8.0 + number / 50, "longitude": 110.0 + pool,
    }  # fmt: skip


def _person(number: int) -> dict[str, Any]:
    return {"id": new_id(), "telegram_id": 5_000 + number, "since_at": AT}


def _role(number: int, person_id: int, home_id: int) -> dict[str, Any]:
    return {
        "id": new_id(), "person_id": person_id, "facility_id": home_id, "kind": Kind.WORKER,
        "profession": PROFESSIONS[number % len(PROFESSIONS)], "sip_ends_on": date(2099, 1, 1),
        "verified_at": AT, "ready_at": AT - timedelta(minutes=number % 240), "places": 2,
    }  # fmt: skip
