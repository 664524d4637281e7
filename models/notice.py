"""A notice: one thing that the clock told people about a consultation, so that it is told once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record


class What(StrEnum):
    """What was told, or tapped in answer to it."""

    CALLED = "called"
    """The admins: danger, and nobody has it."""
    UNREAD = "unread"
    """The asker in danger: nobody has read it yet."""
    NUDGED = "nudged"
    """The worker: the asker waits for an answer."""
    SILENT = "silent"
    """The asker: the worker does not answer."""
    HELD = "held"
    """The worker tapped «masih dengan pasien»."""
    NO_CONTACT = "no_contact"
    """The worker: the asker has not answered for a day."""
    MISSING = "missing"
    """The asker: the question that comes first is not answered."""
    PLACE = "place"
    """The asker: how it stands in the queue."""
    ENDING = "ending"
    """The asker: nobody has answered, and it will end."""
    POOL = "pool"
    """The asker: may another facility answer?"""
    KEPT = "kept"
    """The asker tapped «masih perlu»."""


class Notice(Record, Base):
    """Told at one moment, of what began at another: the same beginning has no second notice."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("consultation_id", "what", "since_at", "count"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    what: Mapped[What]
    since_at: Mapped[datetime]
    """When what it is about began: the wait, the silence."""
    count: Mapped[int]
    """Which one it is, where the same is told several times."""
    at: Mapped[datetime]
