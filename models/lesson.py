"""A lesson: how far somebody has come in learning the online queue, and their queue number."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.person import Person
from models.seal import Sealed

_IS_DUE = text("due_at IS NOT NULL")


class Lesson(Sealed, Base):
    """Where somebody stands in a lesson, so that they can go on tomorrow. The document holds
    {number}: the queue number of which they want to be reminded."""

    __tablename__ = "lesson"
    __table_args__ = (
        Index("ix_lesson_due_at", "due_at", sqlite_where=_IS_DUE, postgresql_where=_IS_DUE),
    )

    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str]
    """Which lesson, as content/guidance/lesson.toml calls it."""
    step: Mapped[int]
    """The step that was shown last, from 0."""
    at: Mapped[datetime]
    """When it was shown."""
    ended_at: Mapped[datetime | None]
    turn_on: Mapped[date | None]
    """The day of their queue number."""
    due_at: Mapped[datetime | None]
    """When they are to be reminded of it next; empty where there is nothing (more) to remind of."""

    person: Mapped[Person] = relationship()

    def _own_id(self) -> str:
        return f"{self.bot_id}:{self.person_id}"
