"""The two tables around everything: what came in, and what has to go out.

An update is stored before Telegram hears that we have it, and handled in one transaction with what
it changes and what it makes us say. What we say is stored as a row and sent afterwards.
"""

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import SEQUENCE, Base
from models.seal import Sealed

TRIES = 3
RETRY = (timedelta(seconds=1), timedelta(seconds=4))
"""Waits after the first and the second failure: all three tries lie within ten seconds."""


class Ending(StrEnum):
    """How an update ended."""

    DONE = "done"
    REFUSED = "refused"
    ASIDE = "aside"


class Lane(IntEnum):
    """What goes first, also inside one chat's own queue."""

    EMERGENCY = 0
    ANSWER = 1
    OFFER = 2
    REMINDER = 3
    BROADCAST = 4


class Fate(StrEnum):
    """What became of something that had to go out."""

    SENT = "sent"
    DEAD = "dead"


_UNFINISHED = text("ended_at IS NULL")
_UNSETTLED = text("settled_at IS NULL")


class Incoming(Sealed, Base):
    """One update. The document holds {update}: Telegram's own JSON, or {raw} if it was none."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        Index(
            "ix_inbox_unfinished",
            "bot_id",
            "chat_id",
            "seq",
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index(
            "ix_inbox_order",
            "bot_id",
            "seq",
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        {"sqlite_autoincrement": True},
    )

    # The order is our own: Telegram's ids restart at random after a quiet week.
    seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True)
    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"))
    update_id: Mapped[int]
    chat_id: Mapped[int]
    """The chat, or the account where an update has none: what stays in order."""
    received_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    """When it was last taken in hand; still set on an unfinished row after an unclean stop."""
    checked_at: Mapped[datetime | None]
    """When the danger net read it: a failing handler does not undo that."""
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    retry_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]
    error: Mapped[str | None]

    def _own_id(self) -> str:
        return f"{self.bot_id}:{self.update_id}"


class Outgoing(Sealed, Base):
    """One call we owe the outside. The document holds {params}, as the method takes them."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_unsettled",
            "bot_id",
            "lane",
            "chat_id",
            "seq",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
        Index(
            "ix_outbox_order",
            "bot_id",
            "lane",
            "seq",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """What caused it and its number there: the same update cannot say the same thing twice."""
    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"))
    target: Mapped[str] = mapped_column(default="telegram")
    method: Mapped[str]
    chat_id: Mapped[int]
    lane: Mapped[Lane] = mapped_column(SmallInteger)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    message_id: Mapped[int | None]
    """The message of the consultation that it carries to the other side."""
    ref_key: Mapped[str | None]
    """An earlier row whose message id this one needs; it waits for that row."""
    then: Mapped[str | None]
    """Who hears the answer: `noun.function` of services."""
    repeatable: Mapped[bool] = mapped_column(default=False)
    """Whether an unknown outcome is repeated once, marked as a repeat."""
    created_at: Mapped[datetime]
    not_before_at: Mapped[datetime | None]
    attempted_at: Mapped[datetime | None]
    """When the request left; without an answer after a crash, its outcome is unknown."""
    repeated_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    fate: Mapped[Fate | None]
    telegram_message_id: Mapped[int | None]
    error: Mapped[str | None]

    def _own_id(self) -> str:
        return self.key
