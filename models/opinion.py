"""A second opinion: a colleague who is asked about one consultation, sees it, and leaves."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Record
from models.consultation import Consultation
from models.person import Person

_STANDS = text("ended_at IS NULL")


class Opinion(Record, Base):
    """One invitation to one colleague; nothing of the patient is seen before they join."""

    __tablename__ = "opinion"
    __table_args__ = (
        Index(
            "ux_opinion_standing",
            "consultation_id",
            "worker_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who is asked."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Since when they see nothing of it any more."""

    consultation: Mapped[Consultation] = relationship()
    worker: Mapped[Person] = relationship(foreign_keys=[worker_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
