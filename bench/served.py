"""The same people before the services: rows in SQLite, offers, acceptances, in simulated time.

The four skills of health workers only: questions about procedures go another way.
"""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from heapq import heappush
from itertools import combinations

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench.bare import OURS, Outcome, Run
from bench.crowd import DISTRICTS, EACH, Asker, Worker, place
from models.bot import Bot, Contact
from models.consultation import Consultation, Status
from models.facility import Facility
from models.offer import ROUND, Offer
from models.pool import Agreement
from models.role import Profession, Role, Skill
from services import consultation, credential, dispatch, facility, person, step
from services.person import Caller

BOT = 1
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
ANSWER, MISSED = 20.0, 0.15
"""Seconds until somebody who is asked presses «Terima», and the share of offers that are missed."""


def serves(one: Worker | Asker) -> bool:
    """Tell whether somebody works or asks within the four skills of health workers."""
    if isinstance(one, Worker):
        return one.profession in list(Profession)
    return one.skill in list(Skill)


def furnish(session: Session, crew: Sequence[Worker]) -> tuple[list[Facility], list[Role]]:
    """Write the facilities, all of one pool, and the workers, nobody on duty yet."""
    session.add(Bot(id=BOT, username="telekonsul_contoh_bot"))
    homes = []
    for number in range(DISTRICTS * EACH):
        home = facility.add(
            session, f"9999{number:04}", f"Puskesmas Contoh {number}", "dr. X", "contoh"
        )
        home.latitude, home.longitude = place(number)
        homes.append(home)
    session.flush()
    pairs = [tuple(sorted((one.id, other.id))) for one, other in combinations(homes, 2)]
    session.execute(
        insert(Agreement),
        [
            {"facility_id": a, "partner_id": b, "document": "CONTOH", "agreed_on": date(2026, 1, 1)}
            for a, b in pairs
        ],
    )
    return homes, [_worker(session, one, homes[one.home]) for one in crew]


def _worker(session: Session, one: Worker, home: Facility) -> Role:
    role = credential.verify(
        session,
        5_000 + one.id,
        home,
        name=f"Contoh {one.id}",
        profession=Profession(one.profession),
        str_number="CONTOH-STR",
        sip_number="CONTOH-SIP",
        sip_ends_on=date(2099, 1, 1),
        at=MIDNIGHT,
    )
    role.places = one.chats
    session.flush()
    session.add(Contact(bot_id=BOT, person_id=role.person_id, opened_at=MIDNIGHT))
    return role


class Served(Run):
    """Every event is what people do with the services; offers are accepted at once."""

    def __init__(self, session: Session, crew: Sequence[Worker], people: Sequence[Asker]) -> None:
        super().__init__(OURS, crew, people)
        self.session = session
        self.homes, self.roles = furnish(session, crew)
        self.number = {role.person_id: one.id for role, one in zip(self.roles, crew, strict=True)}
        self.cases: dict[int, Consultation] = {}
        self.asker: dict[int, int] = {}

    def _shift(self, now: float, worker: int, until: float) -> None:
        self.roles[worker].ready_at = _at(now)
        self.session.flush()
        heappush(self.events, (until, next(self.order), "leaves", worker, 0.0))
        self._fed(worker, now)

    def _leaves(self, now: float, worker: int, _: float) -> None:
        role = self.roles[worker]
        role.ready_at = None
        for left in dispatch.release(self.session, role.person, at=_at(now)):
            self.session.flush()
            dispatch.place(self.session, left, at=_at(now))
        self._asked(now)

    def _comes(self, now: float, asker: int, _: float) -> None:
        one, at = self.people[asker], _at(now)
        caller = person.whoever(self.session, BOT, 1_000_000 + asker, "Sari", at=at)
        case = consultation.draft(self.session, caller, at=at)
        case.facility_id, case.number = self.homes[one.home].id, asker + 1
        case.shares, case.skill = True, Skill(one.skill)
        case.move(Status.WAITING, by=caller.person, at=at)
        case.rank_at = _at(one.rank)
        self.session.flush()
        self.cases[asker], self.asker[case.id] = case, asker
        dispatch.place(self.session, case, at=at)
        self._asked(now)
        if case.status is Status.WAITING:
            heappush(self.events, (now + one.patience, next(self.order), "tires", asker, 0.0))

    def _tires(self, now: float, asker: int, _: float) -> None:
        case = self.cases[asker]
        if case.status is Status.WAITING:
            self.outcome.gone[asker] = now
            caller = Caller(BOT, case.asker, None, is_new=False)
            step.withdraw(self.session, caller, case.id, at=_at(now))

    def _ends(self, now: float, asker: int, _: float) -> None:
        case = self.cases[asker]
        worker = self.number[case.worker_id or 0]
        case.move(Status.CLOSED, by=case.worker, at=_at(now))
        self.session.flush()
        self._fed(worker, now)

    def _fed(self, worker: int, now: float) -> None:
        dispatch.feed(self.session, self.roles[worker].person, at=_at(now))
        self._asked(now)

    def _asked(self, now: float) -> None:
        """Who is asked first accepts at once."""
        while (offer := self.session.scalar(_STANDING)) is not None:
            self._accept(offer, now)

    def _accept(self, offer: Offer, now: float) -> None:
        case, worker = offer.consultation, self.number[offer.worker_id]
        caller = Caller(BOT, offer.worker, None, is_new=False)
        asker = self.asker[case.id]
        self.outcome.taken[asker] = (now, worker)
        end = now + self.people[asker].takes
        heappush(self.events, (end, next(self.order), "ends", asker, 0.0))
        step.accept(self.session, caller, case.id, at=_at(now))


class Human(Served):
    """The same, but who is asked answers after a while, or not at all."""

    def __init__(self, session: Session, crew: Sequence[Worker], people: Sequence[Asker]) -> None:
        super().__init__(session, crew, people)
        self.chance = random.Random(1)
        self.seen: dict[int, Offer] = {}

    def _asked(self, now: float) -> None:
        for offer in self.session.scalars(_STANDING.limit(None)).all():
            if offer.id not in self.seen:
                self.seen[offer.id] = offer
                missed = self.chance.random() < MISSED
                what, after = ("lapses", ROUND.total_seconds()) if missed else ("presses", ANSWER)
                heappush(self.events, (now + after, next(self.order), what, offer.id, 0.0))

    def _presses(self, now: float, offer: int, _: float) -> None:
        if self.seen[offer].ended_at is None:
            self._accept(self.seen[offer], now)
            self._asked(now)

    def _lapses(self, now: float, offer: int, _: float) -> None:
        if self.seen[offer].ended_at is None:
            dispatch.sweep(self.session, at=_at(now))
            self._asked(now)


_STANDING = select(Offer).where(Offer.ended_at.is_(None)).order_by(Offer.id).limit(1)


def same(one: Outcome, other: Outcome) -> int:
    """Count the decisions, from the first on, that are the same in both."""
    pairs = zip(one.decisions, other.decisions, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), len(one.decisions))


def _at(seconds: float) -> datetime:
    return MIDNIGHT + timedelta(seconds=round(seconds, 6))
