"""What a person may do here, and until when. Only a worker's role lets anyone give advice."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Record
from models.facility import Facility
from models.person import Person
from models.seal import Sealed


class Kind(StrEnum):
    """The kinds of role."""

    ADMIN = "admin"
    WORKER = "worker"
    VOLUNTEER = "volunteer"
    OFFICER = "officer"
    """Knows how JKN works (petugas JKN); holds no licence, sees nothing of what ails anybody."""


class Profession(StrEnum):
    """Health professions that may hold a SIP (UU 17/2023)."""

    DOCTOR = "dokter"
    DENTIST = "dokter_gigi"
    MIDWIFE = "bidan"
    NURSE = "perawat"


class Sex(StrEnum):
    """As a KTP has it: laki-laki, perempuan."""

    MAN = "L"
    WOMAN = "P"


class Skill(StrEnum):
    """What a consultation may need somebody for; content/scope.toml says who has it. What is named
    first is asked for first."""

    DENTAL = "gigi"
    MATERNAL = "kia"
    MEDICINE = "dokter"
    GENERAL = "umum"


PLACES = 3  # patients one worker keeps apart on one phone without losing the thread


class Role(Record, Sealed, Base):
    """One role of one person. A worker's document holds the licence: {name, str, sip}."""

    __tablename__ = "role"
    __table_args__ = (
        Index("ix_role_on_duty", "facility_id", "ready_at"),
        Index("ix_role_person_id", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"))
    kind: Mapped[Kind]
    profession: Mapped[Profession | None]
    sex: Mapped[Sex | None]
    """As the worker says: only for askers who wish for somebody of the same sex."""
    sip_ends_on: Mapped[date | None]
    verified_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    """Since when the worker is on duty; empty when not."""
    paused_until: Mapped[datetime | None]
    """Until when the worker is on a break: called to danger, and offered nothing else."""
    roster: Mapped[str | None]
    """The hours of the worker's week, as services/hours.py writes them; in the facility's time."""
    on_shift: Mapped[bool] = mapped_column(default=False)
    """What the roster said when the clock last looked: only where that changes it switches duty."""
    warned: Mapped[int | None]
    """How many days before the end of the SIP the worker was last warned."""
    places: Mapped[int] = mapped_column(default=PLACES)
    took_at: Mapped[datetime | None]
    """When the worker last took a consultation: of equals the one is asked who waits longest."""
    reminded_at: Mapped[datetime | None]
    """When an admin was last asked to enter or try the emergency numbers."""

    person: Mapped[Person] = relationship()
    facility: Mapped[Facility | None] = relationship()

    def may_advise(self, on: date) -> bool:
        """Tell whether this role lets its holder answer patients on that day.

        Needs a verified licence whose SIP has not ended (UU 17/2023 art. 260, 264).
        """
        return (
            self.kind is Kind.WORKER
            and self.verified_at is not None
            and self.ended_at is None
            and self.sip_ends_on is not None
            and on <= self.sip_ends_on
        )
