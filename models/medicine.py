"""A medicine that workers of a facility may name in advice: on the list that a doctor or a
pharmacist with a name and a licence has signed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Record
from models.facility import Facility


class Signer(StrEnum):
    """Who may sign the list."""

    DOCTOR = "dokter"
    DENTIST = "dokter_gigi"
    PHARMACIST = "apoteker"
    """Of the facility: has no account here, and signs on paper."""


_STANDS = text("ended_at IS NULL")


class Medicine(Record, Base):
    """One line of a facility's list. What was signed is never changed: it ends, and another one
    begins."""

    __tablename__ = "medicine"
    __table_args__ = (
        Index(
            "ux_medicine_listed",
            "facility_id",
            "name",
            "form",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    name: Mapped[str]
    """As people read it: «Parasetamol»."""
    form: Mapped[str]
    """Strength and form, as text: «tablet 500 mg»."""
    added_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    """Since when it may be named; empty while nobody has signed it."""
    signed_by: Mapped[str | None]
    """The name, as it stands on the licence."""
    signed_as: Mapped[Signer | None]
    licence: Mapped[str | None]
    """The number of the signer's SIP."""
    ended_at: Mapped[datetime | None]
    """Since when it may no longer be named."""

    facility: Mapped[Facility] = relationship()

    @property
    def label(self) -> str:
        """Give it as people read it: «Parasetamol, tablet 500 mg»."""
        return f"{self.name}, {self.form}"

    @property
    def is_allowed(self) -> bool:
        """Tell whether it may be named in advice now."""
        return self.signed_at is not None and self.ended_at is None
