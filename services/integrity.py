"""Patterns of consultations that perhaps never took place: shown to an admin for review, never
counted against anybody by themselves. A few askers, taken at random, are asked days later whether
theirs took place. No screen sets a volume to reach."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Outcome, Status
from models.errors import NotFound
from models.followup import Ask
from models.mail import Lane
from models.message import Message, Part
from models.person import Person
from models.seal import KeyRing, Unreadable, ring_of
from models.task import What
from services import credential, day, followup, task
from services.content import plain
from services.mail import Button, say
from services.person import Caller

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
ONE_OF, LATER = 20, timedelta(days=3)
"""Of so many askers one is asked, so long after the end: often enough that a worker who makes up
ten a day hears of it within a week, seldom enough to trouble nobody."""


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
    one_day = sorted(ended, key=lambda one: one.ended_at)
    bursts = max((sum(one.ended_at <= other.ended_at < one.ended_at + WITHIN for other in one_day)
                  for one in one_day), default=0)  # fmt: skip
    alike = max(Counter(one.mark for one in one_day if one.mark).values(), default=0)
    silent = sum(not one.was_answered for one in one_day)
    patients = defaultdict(set)
    for one in one_day:
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
    looks odd: each worker once, until it was reviewed; ask the few askers whose day has come."""
    for row in followup.due(session, Ask.REAL, at=at):
        if followup.may_ask(session, row, at=at):
            row.asked_at = at
            _ask(session, row.consultation, at=at)
        row.due_at = None
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
        if is_drawn(ring_of(session), one.id) and followup.find(session, one, Ask.REAL) is None:
            followup.begin(session, one, Ask.REAL, due_at=(one.ended_at or at) + LATER)
    for worker_id, ended in days.items():
        if len(ended) >= min(BURST, ALIKE, SILENT, CROWD):
            _review(session, session.get_one(Person, worker_id), ended, at=at)


def is_drawn(ring: KeyRing, consultation_id: int) -> bool:
    """Tell whether the asker of a consultation is among the few: by a key, so that no worker can
    know it before."""
    return int.from_bytes(ring.index("integrity", str(consultation_id))) % ONE_OF == 0


def answer(
    session: Session, caller: Caller, consultation_id: int, *, is_real: bool, at: datetime
) -> None:
    """Take an asker's word on whether it took place; a No is the admins' to look at, about the
    consultation, and nobody else reads it."""
    closed = followup.of_asker(session, caller, consultation_id)
    row = followup.find(session, closed, Ask.REAL)
    if row is None or row.asked_at is None:
        raise NotFound("refusal.expired_button")
    if row.take("yes" if is_real else "no", at=at):
        said = "integrity.thanks" if is_real else "integrity.unreal"
        say(session, caller.bot_id, caller.person, said, at=at)
    worker, home = closed.worker, closed.facility
    if is_real or worker is None or home is None:
        return
    line = plain("integrity.denied", number=closed.number, day=_day(closed))
    note = plain("integrity.note", worker=credential.known_as(session, worker), lines=line)
    task.add(session, What.REVIEW, closed, home=home, bot_id=closed.bot_id, at=at,
             due_at=at + TERM, note=note, number=closed.number)  # fmt: skip


def _ask(session: Session, closed: Consultation, *, at: datetime) -> None:
    choices = [Button("button.real", f"real:{closed.id}:1"),
               Button("button.unreal", f"real:{closed.id}:0")]  # fmt: skip
    say(session, closed.bot_id, closed.asker, "integrity.question", at=at, lane=Lane.REMINDER,
        repeatable=False, day=_day(closed), buttons=[choices])  # fmt: skip


def _day(closed: Consultation) -> str:
    return day.text(day.of(followup.zone(closed), closed.ended_at or closed.opened_at))


def _review(
    session: Session, worker: Person, ended: Sequence[Consultation], *, at: datetime
) -> None:
    before = task.last(session, What.REVIEW, worker)
    home = ended[0].facility
    if home is None or (before is not None and before.made_at > at - DAY):
        return
    found = patterns([_ended(session, one) for one in ended])
    if not found:
        return
    lines = [plain(f"integrity.{pattern}", count=count) for pattern, count in found]
    note = plain("integrity.note", worker=credential.known_as(session, worker),
                 lines="; ".join(lines))  # fmt: skip
    task.add(session, What.REVIEW, worker, home=home, bot_id=ended[0].bot_id, at=at,
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
