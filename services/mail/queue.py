"""The queue of what goes out: what is next, what it points at, what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.bot import Contact
from models.mail import Ending, Fate, Incoming, Outgoing
from models.person import Person

LONGEST_WAIT = timedelta(hours=1)
"""No row waits longer for its moment; what is due later is made later."""
KEPT = timedelta(days=3)
"""Telegram repeats an update for at most 24 hours; its row must outlive that."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the outside said to an outgoing row: a result, or the reason why there is none."""

    result: Any = field(default=None, repr=False)
    error: str | None = None
    unreachable: bool = False
    unknown: bool = False
    """It may have happened all the same."""


class Earlier(NamedTuple):
    """What became of the row that another one points at."""

    fate: Fate | None
    telegram_message_id: int | None


_elder, _awaited = aliased(Outgoing), aliased(Outgoing)
# Asked before every send, so they are built once. Walking the queue in its order finds the first
# row that may go after a few steps, however long the queue is.
_NEXT = (
    select(Outgoing)
    .where(
        Outgoing.bot_id == bindparam("bot"),
        Outgoing.settled_at.is_(None),
        Outgoing.chat_id.not_in(bindparam("busy", expanding=True)),
        or_(
            Outgoing.not_before_at.is_(None),
            Outgoing.not_before_at <= bindparam("at"),
            Outgoing.not_before_at > bindparam("longest"),
        ),
        ~exists().where(
            _elder.bot_id == Outgoing.bot_id,
            _elder.lane == Outgoing.lane,
            _elder.chat_id == Outgoing.chat_id,
            _elder.settled_at.is_(None),
            _elder.seq < Outgoing.seq,
        ),
        ~exists().where(_awaited.key == Outgoing.ref_key, _awaited.settled_at.is_(None)),
    )
    .order_by(Outgoing.lane, Outgoing.seq)
    .limit(1)
)
_SOONEST = select(func.min(Outgoing.not_before_at)).where(
    Outgoing.bot_id == bindparam("bot"),
    Outgoing.settled_at.is_(None),
    Outgoing.not_before_at > bindparam("at"),
)


def next_out(
    session: Session, bot_id: int, busy: Iterable[int], *, at: datetime
) -> tuple[Outgoing | None, datetime | None]:
    """Give the row that goes next, and when nothing goes now the moment at which one may.

    In lane order, then oldest first; within one lane of one chat nothing overtakes; chats in
    `busy` have to pause. A row that would have to wait longer than any may was written before the
    clock was put back: it may go.
    """
    now = {"bot": bot_id, "busy": list(busy), "at": at, "longest": at + LONGEST_WAIT}
    row = session.scalar(_NEXT, now)
    if row is not None:
        return row, None
    return None, session.scalar(_SOONEST, now)


def owes(session: Session, bot_id: int) -> bool:
    """Tell whether a bot still has anything to send."""
    unsettled = select(Outgoing.seq).where(Outgoing.bot_id == bot_id, Outgoing.settled_at.is_(None))
    return session.scalar(unsettled.limit(1)) is not None


def owed_since(session: Session, bot_id: int, chat_id: int, moment: datetime) -> bool:
    """Tell whether a chat still has to get what we owed it at a moment."""
    unsettled = select(Outgoing.seq).where(
        Outgoing.bot_id == bot_id,
        Outgoing.chat_id == chat_id,
        Outgoing.settled_at.is_(None),
        Outgoing.created_at <= moment,
    )
    return session.scalar(unsettled.limit(1)) is not None


def earlier_row(session: Session, row: Outgoing) -> Earlier | None:
    """Give fate and message id of the row that this one points at; None if it was trimmed."""
    found = session.execute(
        select(Outgoing.fate, Outgoing.telegram_message_id).where(Outgoing.key == row.ref_key)
    ).one_or_none()
    return Earlier(*found) if found else None


def mark_unreachable(session: Session, bot_id: int, chat_id: int, *, at: datetime) -> None:
    """Remember that Telegram refuses our messages to this person."""
    person = select(Person.id).where(Person.telegram_id == chat_id).scalar_subquery()
    session.execute(
        update(Contact)
        .where(Contact.bot_id == bot_id, Contact.person_id == person)
        .values(unreachable_at=at)
    )


def trim(session: Session, *, at: datetime) -> None:
    """Forget handled updates and settled rows that nobody can need again; never one set aside."""
    old = at - KEPT
    handled = Incoming.ended_at < old, Incoming.ending != Ending.ASIDE
    session.execute(delete(Incoming).where(*handled))
    session.execute(delete(Outgoing).where(Outgoing.settled_at < old))
