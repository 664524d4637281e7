"""An offer: one waiting consultation shown to one worker for a short while."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Record
from models.consultation import Consultation
from models.person import Person

ROUND = timedelta(minutes=3)
"""How long a round stands before the next workers are asked."""
ROUND_SIZE = 3
"""How many workers a round asks at once."""


class End(StrEnum):
    """How an offer ended."""

    ACCEPTED = "accepted"
    TAKEN = "taken"  # by somebody else
    PASSED = "passed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    """Why a worker let an offer go; nobody has to say it."""

    SKILL = "skill"
    """It is not for their profession, or not for them."""
    BUSY = "busy"
    KNOWN = "known"
    """They know the one who asks too well to be neutral."""
    OTHER = "other"


_STANDS = text("ended_at IS NULL")


class Offer(Record, Base):
    """Stands until accepted, passed, expired, or over because somebody else was first."""

    __tablename__ = "offer"
    __table_args__ = (
        Index(
            "ux_offer_standing",
            "consultation_id",
            "worker_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_offer_ends_at", "ends_at", sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("ix_offer_worker_id", "worker_id", sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end: Mapped[End | None]
    why: Mapped[Reason | None]
    """Why it was passed, where the worker said so."""
    outbox_key: Mapped[str | None]
    """The message that carries it, so that it can be cut to one line when it ends."""

    consultation: Mapped[Consultation] = relationship()
    worker: Mapped[Person] = relationship()
