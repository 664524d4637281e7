"""Two owners on one PostgreSQL accept what waits, for the same few workers, at the same moments.

Each owner has a bot of its own, as in the service; now and then one presses for what lives on the
other's bot, as after a take-over. Nobody may have one consultation twice, no worker more than they
have places, and nothing that waits may be forgotten.
"""

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.database import Database
from models.bot import Bot, Contact
from models.consultation import Consultation, Status, Step
from models.errors import Refusal
from models.offer import Offer
from models.person import Person
from models.role import Profession, Role, Skill
from models.seal import KeyRing
from services import consultation, credential, dispatch, facility, person, step
from services.person import Caller

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
BOTS = (1, 2)
STALE = (IntegrityError, StaleDataError, OperationalError)
"""What the database says to the second of two; the inbox tries such an update again."""
OTHERS = 0.2
"""The share of presses for what lives on the other owner's bot."""
TRIES = 20

Press = tuple[int, int]
"""Which worker presses for which consultation, by their place in the lists."""


@dataclass
class Report:
    """What became of a rush."""

    accepted: int = 0
    conflicts: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Rush:
    """A database with two bots, some workers and consultations that wait on both bots."""

    def __init__(self, url: str, workers: int, count: int, *, places: int = 3) -> None:
        self.url, self.places = url, places
        self.report = Report()
        with self._database() as database, database.session(cause="rush") as session:
            with session.begin():
                self.workers = _workers(session, workers, places)
            with session.begin():
                self.cases = [_waiting(session, number) for number in range(count)]

    def _database(self) -> "_Owner":
        return _Owner(self.url)

    def play(self, first: Sequence[Press], second: Sequence[Press]) -> None:
        """Let both owners press at the same moments, one press after the other."""
        together = Barrier(2)
        pairs = max(len(first), len(second))
        with ThreadPoolExecutor(2) as threads:
            runs = [
                threads.submit(self._follow, [*presses, *[None] * (pairs - len(presses))], together)
                for presses in (first, second)
            ]
            for run in runs:
                run.result()

    def _follow(self, presses: Sequence[Press | None], together: Barrier) -> None:
        with self._database() as database:
            for press in presses:
                together.wait()
                if press is not None:
                    worker, case = press
                    self._press(database, self.workers[worker], self.cases[case])

    def empty(self, seed: int) -> None:
        """Let both owners go on until nothing waits; who is full closes what they have."""
        with ThreadPoolExecutor(2) as threads:
            for run in [threads.submit(self._empty, owner, seed) for owner in BOTS]:
                run.result()

    def _empty(self, owner: int, seed: int) -> None:
        chance = random.Random(seed + owner)
        with self._database() as database:
            left = self.cases[owner - 1 :: 2]
            others = self.cases[2 - owner :: 2]
            chance.shuffle(left)
            while left:
                case = chance.choice(others) if chance.random() < OTHERS else left[-1]
                worker = chance.choice(self.workers)
                how = self._press(database, worker, case)
                if how == "refusal.full":
                    self._try(database, partial(_close_one, worker=worker))
                elif case == left[-1]:
                    left.pop()

    def _press(self, database: Database, worker: int, case: int) -> str:
        try:
            self._try(database, partial(_accept, worker=worker, case=case))
        except Refusal as refusal:
            self.report.refused[refusal.key] += 1
            return refusal.key
        return ""

    def _try(self, database: Database, work: "partial[None]") -> None:
        for _ in range(TRIES):
            try:
                cause = f"rush:{random.getrandbits(60)}"
                with database.session(cause=cause) as session, session.begin():
                    return work(session)
            except STALE:
                self.report.conflicts += 1
        raise AssertionError("never comes through")

    def judge(self, *, all_taken: bool) -> Report:
        """Look what is true in the end."""
        self.report.accepted, faults = 0, self.report.faults
        with self._database() as database, database.session(cause="rush") as session:
            taken = select(Step.consultation_id, func.count()).where(Step.after == Status.ACTIVE)
            for case, times in session.execute(taken.group_by(Step.consultation_id)):
                self.report.accepted += 1
                if times != 1:
                    faults.append(f"{case} was taken {times} times")
            active = select(Consultation.worker_id, func.count()).where(
                Consultation.status == Status.ACTIVE
            )
            for worker, held in session.execute(active.group_by(Consultation.worker_id)):
                if held > self.places:
                    faults.append(f"{worker} has {held}")
            if all_taken and self.report.accepted != len(self.cases):
                faults.append(f"forgotten: {len(self.cases) - self.report.accepted}")
            open_offers = select(func.count()).select_from(Offer).join(Consultation).where(
                Offer.ended_at.is_(None), Consultation.status != Status.WAITING
            )  # fmt: skip
            if stale := session.scalar(open_offers):
                faults.append(f"{stale} offers stand for what no longer waits")
        return self.report


class _Owner(Database):
    """A database that is closed where its owner leaves."""

    def __init__(self, url: str) -> None:
        super().__init__(url, KeyRing([b"r" * 32]))

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _accept(session: Session, worker: int, case: int) -> None:
    wanted = session.get_one(Consultation, case)
    caller = Caller(wanted.bot_id, session.get_one(Person, worker), None, is_new=False)
    step.accept(session, caller, case, at=AT)


def _close_one(session: Session, worker: int) -> None:
    mine = select(Consultation).where(
        Consultation.worker_id == worker, Consultation.status == Status.ACTIVE
    )
    found = session.scalars(mine.order_by(Consultation.id).limit(1)).first()
    if found is not None:
        found.move(Status.CLOSED, by=found.worker, at=AT)
        session.flush()
        dispatch.feed(session, session.get_one(Person, worker), at=AT)


def _workers(session: Session, count: int, places: int) -> list[int]:
    for bot in BOTS:
        session.add(Bot(id=bot, username=f"telekonsul_contoh_{bot}_bot"))
    home = facility.add(session, "99990001", "Puskesmas Contoh", "dr. Contoh", "contoh")
    session.flush()
    made = []
    for number in range(count):
        role = credential.verify(
            session, 5_000 + number, home, name=f"Contoh {number}", profession=Profession.NURSE,
            str_number="CONTOH-STR", sip_number="CONTOH-SIP", sip_ends_on=date(2099, 1, 1), at=AT,
        )  # fmt: skip
        role.places, role.ready_at = places, AT - timedelta(seconds=number)
        made.append(_opened(session, role))
    return made


def _opened(session: Session, role: Role) -> int:
    session.flush()
    for bot in BOTS:
        session.add(Contact(bot_id=bot, person_id=role.person_id, opened_at=AT))
    return role.person_id


def _waiting(session: Session, number: int) -> int:
    bot = BOTS[number % 2]
    who = person.whoever(session, bot, 1_000_000 + number, "Sari", at=AT)
    case = consultation.draft(session, who, at=AT)
    case.facility_id, case.number = facility.home(session, bot).id, number + 1
    case.skill = Skill.GENERAL
    case.move(Status.WAITING, by=who.person, at=AT)
    return case.id
