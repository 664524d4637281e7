"""A primary-care facility (FKTP) that answers for its workers' advice."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record


class Zone(StrEnum):
    """Indonesia's three times; none has a summer time."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"

    @property
    def ahead(self) -> timedelta:
        """Give how far its clocks are ahead of UTC."""
        return timedelta(hours={Zone.WIB: 7, Zone.WITA: 8, Zone.WIT: 9}[self])


class Facility(Record, Base):
    """One facility. `code` is BPJS's eight characters, never validated further."""

    __tablename__ = "facility"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    responsible: Mapped[str | None]
    """Who answers for the service and its data, as the consent text names them."""
    contact: Mapped[str | None]
    """Where that person is reached, as the facility wants it shown."""
    last_number: Mapped[int] = mapped_column(default=0)
    """The newest consultation number given out."""
    hours: Mapped[str | None]
    """When it is open, as services/hours.py writes it; in local time."""
    zone: Mapped[Zone | None]

    @property
    def open_hours(self) -> str | None:
        """Give when it is open and by which time, where that is known."""
        return f"{self.hours} {self.zone or ''}".strip() if self.hours else None

    def day(self, at: datetime) -> date:
        """Give the day that people there have at a moment (WIB's where the zone is not known)."""
        return (at + (self.zone or Zone.WIB).ahead).date()
