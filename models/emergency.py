"""A number to call in an emergency near one facility, entered by people who have tried it."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
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
