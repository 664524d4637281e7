"""What comes in: stored once, taken in order, set aside when it cannot be handled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from models.bot import Bot
from models.mail import RETRY, Ending, Incoming


class NotOwner(Exception):
    """Another process owns this bot now: this one must stop working for it."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One update as it came: not yet understood, only addressed."""

    update_id: int
    chat_id: int
    body: dict[str, Any] = field(repr=False)
    """{update: Telegram's JSON}, or {raw: …} where it is none."""
    readable: bool = True


def store(session: Session, bot_id: int, arrived: Sequence[Arrived], *, at: datetime) -> None:
    """Keep updates, each once however often it comes."""
    rows = []
    for one in arrived:
        row = Incoming(bot_id=bot_id, update_id=one.update_id)
        row.write(session, **one.body)
        rows.append(
            {
                "bot_id": bot_id,
                "update_id": one.update_id,
                "chat_id": one.chat_id,
                "received_at": at,
                "sealed": row.sealed,
                "attempts": 0,
                "ended_at": None if one.readable else at,
                "ending": None if one.readable else Ending.ASIDE,
                "error": None if one.readable else "not an update",
            }
        )
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    # Through the table: a mapped insert would look for records to bring up to date.
    session.connection().execute(insert(Incoming.__table__).on_conflict_do_nothing(), rows)


_elder = aliased(Incoming)
# Asked for every batch, so they are built once.
_UNFINISHED = (
    select(Incoming.seq)
    .where(
        Incoming.bot_id == bindparam("bot"),
        Incoming.ended_at.is_(None),
        or_(
            Incoming.retry_at.is_(None),
            Incoming.retry_at <= bindparam("at"),
            Incoming.retry_at > bindparam("never"),
        ),
        ~exists().where(
            _elder.bot_id == Incoming.bot_id,
            _elder.chat_id == Incoming.chat_id,
            _elder.ended_at.is_(None),
            _elder.seq < Incoming.seq,
        ),
    )
    .order_by(Incoming.seq)
    .limit(bindparam("limit"))
)
_RETRY = select(func.min(Incoming.retry_at)).where(
    Incoming.bot_id == bindparam("bot"), Incoming.ended_at.is_(None)
)
_OWNER = select(Bot.owner).where(Bot.id == bindparam("bot")).with_for_update(read=True)
_CLAIM = (
    update(Incoming)
    .where(Incoming.seq.in_(bindparam("seqs", expanding=True)))
    .values(claimed_at=bindparam("at"))
)


def unfinished(
    session: Session, bot_id: int, *, at: datetime, limit: int, suspects: bool = False
) -> list[int]:
    """Give the oldest unfinished update of each chat, oldest first; `suspects` are those that were
    in hand when a process stopped without a word.

    A retry further ahead than any can be was set before the clock was put back: it is due.
    """
    ready = _UNFINISHED.where(Incoming.claimed_at.is_not(None)) if suspects else _UNFINISHED
    now = {"bot": bot_id, "at": at, "never": at + RETRY[-1], "limit": limit}
    return list(session.scalars(ready, now))


def next_retry(session: Session, bot_id: int) -> datetime | None:
    """Tell when the next failed update is to be tried again."""
    return session.connection().scalar(_RETRY, {"bot": bot_id})


def claim(
    session: Session, bot_id: int, owner: str, seqs: Sequence[int], *, at: datetime | None
) -> None:
    """Stamp updates as taken in hand, or let go of them (`at` None).

    Raises NotOwner when another process took the bot.
    """
    check_owner(session, bot_id, owner)
    session.connection().execute(_CLAIM, {"seqs": seqs, "at": at})


def waits_for(session: Session, bot_id: int, chat_ids: Iterable[int], *, seq: int) -> bool:
    """Tell whether earlier words from these chats are stored and not yet handled.

    A press travels in another queue than the words before it, so what was received together with
    update `seq` counts as earlier: but not in its own chat, which is in order, and not where it
    was put off itself, or two presses would wait for each other for ever.
    """
    mine = select(Incoming.received_at, Incoming.chat_id).where(Incoming.seq == seq).subquery()
    together = and_(
        Incoming.received_at <= mine.c.received_at,
        Incoming.chat_id != mine.c.chat_id,
        Incoming.retry_at.is_(None),
    )
    earlier = select(Incoming.seq).where(
        Incoming.bot_id == bot_id,
        Incoming.chat_id.in_(list(chat_ids)),
        Incoming.ended_at.is_(None),
        or_(Incoming.seq < seq, and_(Incoming.seq > seq, together)),
    )
    return session.scalar(earlier.limit(1)) is not None


def is_behind(session: Session, bot_id: int, chat_id: int) -> bool:
    """Tell whether anything from this chat is stored and not yet handled."""
    stored = select(Incoming.seq).where(
        Incoming.bot_id == bot_id, Incoming.chat_id == chat_id, Incoming.ended_at.is_(None)
    )
    return session.scalar(stored.limit(1)) is not None


def check_owner(session: Session, bot_id: int, owner: str) -> None:
    """Make sure that this process still owns the bot, until the transaction ends."""
    if session.connection().scalar(_OWNER, {"bot": bot_id}) != owner:
        raise NotOwner(bot_id)


def oldest_age(session: Session, at: datetime) -> timedelta | None:
    """Tell how long the oldest unfinished update has waited."""
    received = session.scalar(
        select(func.min(Incoming.received_at)).where(Incoming.ended_at.is_(None))
    )
    return None if received is None else at - received


def aside(session: Session) -> Sequence[Incoming]:
    """Give the updates that were set aside, oldest first."""
    return session.scalars(
        select(Incoming).where(Incoming.ending == Ending.ASIDE).order_by(Incoming.seq)
    ).all()


def replay(session: Session, seqs: Sequence[int]) -> list[int]:
    """Put updates that were set aside back to be handled; give those that were found.

    What is no update at all stays aside: no handler could read it.
    """
    found = session.scalars(
        select(Incoming).where(
            Incoming.seq.in_(seqs), Incoming.ending == Ending.ASIDE, Incoming.update_id >= 0
        )
    ).all()
    for row in found:
        row.ended_at = row.ending = row.error = row.retry_at = row.claimed_at = None
        row.attempts = 0
    return [row.seq for row in found]
