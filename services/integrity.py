"""Patterns of consultations that perhaps never took place: shown to an admin for review, never
counted against anybody by themselves. No screen sets a volume to reach."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome, Status
from models.message import Message, Part
from models.person import Person
from models.seal import Unreadable
from models.task import What
from services import credential, task
from services.content import plain

DAY = timedelta(days=1)
BURST, WITHIN = 6, timedelta(minutes=15)
"""So many ends of one worker in so short a time."""
ALIKE = 4
"""So often the same advice, word for word, in a day."""
SILENT = 4
"""So many ends in a day without a word of the asker after somebody took it."""
CROWD = 6
"""So many patients of one account in a day."""
TERM = timedelta(days=7)


class Pattern(StrEnum):
    """What looks odd."""

    BURST = "burst"
    ALIKE = "alike"
    SILENT = "silent"
    CROWD = "crowd"


class Ended(NamedTuple):
    """What is looked at of one consultation that ended: ids, moments, a mark of the advice."""

    asker_id: int
    patient_id: int
    ended_at: datetime
    was_answered: bool
    """Whether the asker said anything after somebody took it."""
    mark: str


def patterns(ended: Iterable[Ended]) -> list[tuple[Pattern, int]]:
    """Give what looks odd in one worker's day, and how often."""
    day = sorted(ended, key=lambda one: one.ended_at)
    bursts = max((sum(one.ended_at <= other.ended_at < one.ended_at + WITHIN for other in day)
                  for one in day), default=0)  # fmt: skip
    alike = max(Counter(one.mark for one in day if one.mark).values(), default=0)
    silent = sum(not one.was_answered for one in day)
    patients = defaultdict(set)
    for one in day:
        patients[one.asker_id].add(one.patient_id)
    crowd = max((len(found) for found in patients.values()), default=0)
    counts = {
        Pattern.BURST: (bursts, BURST),
        Pattern.ALIKE: (alike, ALIKE),
        Pattern.SILENT: (silent, SILENT),
        Pattern.CROWD: (crowd, CROWD),
    }
    return [(pattern, count) for pattern, (count, odd) in counts.items() if count >= odd]


def sweep(session: Session, *, at: datetime) -> None:
    """Look at what ended in the last day, worker by worker, and give the admins to review what
    looks odd: each worker once, until it was reviewed."""
    days: dict[int, list[Consultation]] = defaultdict(list)
    closed = session.scalars(
        select(Consultation).where(
            Consultation.status == Status.CLOSED,
            Consultation.ended_at > at - DAY,
            Consultation.outcome != Outcome.NO_CONTACT,
            Consultation.worker_id.is_not(None),
        )
    )
    for one in closed:
        days[one.worker_id or 0].append(one)
    for worker_id, day in days.items():
        if len(day) >= min(BURST, ALIKE, SILENT, CROWD):
            _review(session, session.get_one(Person, worker_id), day, at=at)


def _review(session: Session, worker: Person, day: Sequence[Consultation], *, at: datetime) -> None:
    before = task.last(session, What.REVIEW, worker)
    home = day[0].facility
    if home is None or (before is not None and before.made_at > at - DAY):
        return
    found = patterns([_ended(session, one) for one in day])
    if not found:
        return
    lines = [plain(f"integrity.{pattern}", count=count) for pattern, count in found]
    note = plain("integrity.note", worker=credential.known_as(session, worker),
                 lines="; ".join(lines))  # fmt: skip
    task.add(session, What.REVIEW, worker, home=home, bot_id=day[0].bot_id, at=at,
             due_at=at + TERM, note=note)  # fmt: skip


def _ended(session: Session, one: Consultation) -> Ended:
    said = select(func.count()).where(
        Message.consultation_id == one.id,
        Message.author_id == one.asker_id,
        Message.at >= one.accepted_at,
    )
    return Ended(
        one.asker_id,
        one.patient_id,
        one.ended_at or one.opened_at,
        was_answered=bool(session.scalar(said)),
        mark=_mark(session, one),
    )


def _mark(session: Session, one: Consultation) -> str:
    """Give a mark of the advice, equal for equal words; nothing where there is none to read."""
    advice = session.scalar(
        select(Message)
        .where(Message.consultation_id == one.id, Message.part == Part.ADVICE)
        .order_by(Message.id.desc())
        .limit(1)
    )
    try:
        text = advice.newest(session) if advice is not None and advice.sealed else ""
    except Unreadable:
        return ""
    plain_words = " ".join(text.casefold().split())
    return sha256(plain_words.encode()).hexdigest() if plain_words else ""
