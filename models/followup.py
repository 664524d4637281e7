"""What is still asked of an asker after the end: was it understood, how is it now, how was it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Record
from models.consultation import Consultation
from models.seal import KeyRing, PatientKey, Sealed, ring_of


class Ask(StrEnum):
    """What is asked, each once for a consultation."""

    UNDERSTOOD = "understood"
    """Was the advice understood? Asked with the advice itself."""
    STATE = "state"
    """How is it now? Asked on the day that the worker set."""
    RATING = "rating"
    """How helpful was it? Asked behind another answer, never by the clock."""
    REAL = "real"
    """Did it take place? Asked of a few, days later."""


_IS_DUE = text("due_at IS NOT NULL")


class Followup(Record, Sealed, Base):
    """One question. The document, under the patient's key, holds what was added in {words}."""

    __tablename__ = "followup"
    __table_args__ = (
        UniqueConstraint("consultation_id", "ask"),
        Index("ix_followup_due_at", "due_at", sqlite_where=_IS_DUE, postgresql_where=_IS_DUE),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    ask: Mapped[Ask]
    due_at: Mapped[datetime | None]
    """When the clock has to do something about it; empty where it has nothing (more) to do."""
    asked_at: Mapped[datetime | None]
    repeated_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    """What was tapped; kept outside the document, because it is counted."""

    consultation: Mapped[Consultation] = relationship()

    def _lock(self, session: Session | KeyRing) -> PatientKey:
        return self.consultation.patient.key(ring_of(session))

    def take(self, answer: str, *, at: datetime) -> bool:
        """Take an answer, also another one than before; tell whether it says anything new."""
        if self.answer == answer:
            return False
        self.answer, self.answered_at, self.due_at = answer, at, None
        return True
