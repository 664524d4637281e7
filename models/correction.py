"""Somebody's word that the directory is wrong about a facility, until an admin dealt with it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Record
from models.facility import Facility
from models.person import Person
from models.seal import Sealed


class Correction(Record, Sealed, Base):
    """One report. The document holds what was said: {what, words}."""

    __tablename__ = "correction"

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    facility: Mapped[Facility] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
