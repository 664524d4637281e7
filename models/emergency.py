"""Whom to call in an emergency: numbers entered by people who tried them, and the cards that show
them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record


class EmergencyNumber(Record, Base):
    """One number of a facility's neighbourhood: «PSC 119 kabupaten», «IGD RSUD»."""

    __tablename__ = "emergency_number"
    __table_args__ = (UniqueConstraint("facility_id", "label"),)

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    label: Mapped[str]
    """Whom it reaches, as people read it."""
    number: Mapped[str]
    """As people dial it: digits, with spaces or hyphens between, perhaps a + before."""
    checked_on: Mapped[date]
    """The day on which somebody last found that it is answered."""
    ended_on: Mapped[date | None]
    """Since when it is shown to nobody. It is kept, or the district's file would bring it back."""


class EmergencyCard(Base):
    """The emergency card of a village that stands in somebody's chat, to be kept current."""

    __tablename__ = "emergency_card"

    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    region_code: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of what the card last said, less the days: another one is sent anew."""
    outbox_key: Mapped[str]
    """The row that carried it, which knows its message id."""
    telegram_message_id: Mapped[int | None]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime]
    looked_at: Mapped[datetime] = mapped_column(index=True)
    """When it was last held against what is true."""
