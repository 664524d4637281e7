"""A task: one thing that somebody of a facility has to do by a moment, until somebody did it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Record
from models.facility import Facility
from models.person import Person
from models.role import Kind
from models.seal import Sealed


class What(StrEnum):
    """What is to be done."""

    PIN = "pin"
    """Somebody has forgotten the PIN of their shared phone and will come to the facility."""
    EXPLAIN = "explain"
    """An asker did not understand the advice, or never said so."""
    SEE = "see"
    """Somebody wants to see what is kept of them, and who read it."""
    CORRECT = "correct"
    """Somebody says what is wrong in it."""
    RESTRICT = "restrict"
    """Somebody wants nothing new to be done with it."""
    WITHDRAW = "withdraw"
    """Somebody took the consent back."""
    SCAM = "scam"
    """Somebody was asked for money or a code in our name."""
    TEACH = "teach"
    """Somebody wants to be shown how to get a queue number with the phone."""
    INQUIRY = "inquiry"
    """Somebody asks how something is done in JKN."""
    ABUSE = "abuse"
    """A worker reports an asker."""
    REVIEW = "review"
    """Consultations of a worker look as if they had not taken place."""
    ERASE = "erase"
    """Somebody's account was erased on their word."""


_IS_OPEN = text("done_at IS NULL")


class Task(Record, Sealed, Base):
    """One task. The document holds {note}, and when it is done perhaps {answer}: what was done."""

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "ux_task_open",
            "what",
            "about",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_task_due", "due_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    what: Mapped[What]
    about: Mapped[str]
    """`noun:id` of what it is about."""
    number: Mapped[int | None]
    """The number that people were told: of the consultation, or of the request itself."""
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    whose: Mapped[Kind]
    """Who has to do it: an admin, or a worker of the facility."""
    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who asked for it and is told through that bot what was done; empty where nobody did."""
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    """When they were last reminded that it is late, or will soon be."""
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    facility: Mapped[Facility] = relationship()
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
