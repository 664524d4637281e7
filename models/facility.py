"""A facility of the directory: where it is, what it has, when it is open, and who said so.

Most come from imported lists. The few that answer for advice given here (FKTP whose workers use
this installation) are `is_ours`. What nobody has told us stays empty, and people are told that it
is not known.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class Kind(StrEnum):
    """What a facility is, in the words of JKN; the FKTP first."""

    PUSKESMAS = "puskesmas"
    PUSTU = "pustu"
    CLINIC = "klinik_pratama"
    DOCTOR = "dokter"
    DENTIST = "dokter_gigi"
    FORCES = "klinik_tni_polri"
    PRATAMA_HOSPITAL = "rs_d_pratama"
    HOSPITAL = "rumah_sakit"
    MAIN_CLINIC = "klinik_utama"
    MIDWIFE = "bidan"
    PHARMACY = "apotek"
    OTHER = "lainnya"


class Accuracy(StrEnum):
    """What a facility's point stands for."""

    POINT = "titik"
    """The place itself, as the source or the facility gives it."""
    VILLAGE = "desa"
    DISTRICT = "kecamatan"
    REGENCY = "kabupaten"
    """The middle of that region: the source's own point was missing or wrong."""


class Has(StrEnum):
    """What only the facility itself or an admin can confirm, because no public list knows it."""

    IGD = "igd"
    ALL_DAY = "24_jam"
    PONED = "poned"
    QUEUE = "antrean_online"


class Facility(Record, Base):
    """One facility. `code` is BPJS's eight characters, or a list's own code; never validated."""

    __tablename__ = "facility"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_ours: Mapped[bool] = mapped_column(default=False)
    """Whether its own workers answer through this installation."""
    responsible: Mapped[str | None]
    """Who answers for the service and its data, as the consent text names them."""
    contact: Mapped[str | None]
    """Where that person is reached, as the facility wants it shown."""
    registered: Mapped[int | None]
    """How many participants are registered there, as its admin says."""
    last_number: Mapped[int] = mapped_column(default=0)
    """The newest consultation number given out."""

    kind: Mapped[Kind | None]
    hospital_class: Mapped[str | None]
    """A, B, C or D, for hospitals."""
    owner: Mapped[str | None]
    is_partner: Mapped[bool | None]
    """Whether it works with BPJS Kesehatan; empty where the list does not say."""
    partner_until: Mapped[date | None]

    address: Mapped[str | None]
    region_code: Mapped[str | None] = mapped_column(index=True)
    """The smallest region that is known for it (`models/region.py`), as stated or by its point."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy: Mapped[Accuracy | None]

    phone: Mapped[str | None]
    """With the country's code and digits only: +62…"""
    whatsapp: Mapped[str | None]
    hours: Mapped[str | None]
    """When it is open, as services/hours.py writes it; in local time."""
    zone: Mapped[Zone | None]
    services: Mapped[str | None]
    """What it offers, as the source lists it, parts separated by «; »."""
    doctors: Mapped[int | None]
    dentists: Mapped[int | None]

    source: Mapped[str | None]
    """Whose word most of this is: a list's name, or the facility's own."""
    checked_on: Mapped[date | None]
    """The day that source speaks of."""
    mended: Mapped[str] = mapped_column(default="")
    """What an admin put right in the chat (hours, polis, phone, place, end), by name, with spaces
    between: no list says otherwise after that."""
    ended_on: Mapped[date | None]
    """Since when it is closed or out of the list; it is never deleted."""

    facts: Mapped[list["Fact"]] = relationship(cascade="all, delete-orphan")
    polis: Mapped[list["Poli"]] = relationship(cascade="all, delete-orphan", order_by="Poli.name")

    @property
    def open_hours(self) -> str | None:
        """Give when it is open and by which time, where that is known."""
        return f"{self.hours} {self.zone or ''}".strip() if self.hours else None

    def day(self, at: datetime) -> date:
        """Give the day that people there have at a moment (WIB's where the zone is not known)."""
        return (at + (self.zone or Zone.WIB).ahead).date()


class Fact(Base):
    """One thing that somebody confirmed of a facility: that it has it, or that it has not."""

    __tablename__ = "facility_fact"

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), primary_key=True)
    what: Mapped[Has] = mapped_column(primary_key=True)
    holds: Mapped[bool]
    checked_on: Mapped[date]
    by: Mapped[str]
    """Who confirmed it, as people read it: «admin», «fasilitas»."""


class Poli(Record, Base):
    """One poli of a facility that has hours of its own."""

    __tablename__ = "facility_poli"
    __table_args__ = (UniqueConstraint("facility_id", "name"),)

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    name: Mapped[str]
    hours: Mapped[str]
    """As services/hours.py writes it; in the facility's local time."""


class Holiday(Record, Base):
    """A day on which a facility is closed although its week says otherwise; none names: all."""

    __tablename__ = "facility_holiday"
    __table_args__ = (UniqueConstraint("facility_id", "on"),)

    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"))
    on: Mapped[date]
    name: Mapped[str]


class Listing(Record, Base):
    """A facility's line in one imported list: several lists may name the same facility."""

    __tablename__ = "facility_listing"
    __table_args__ = (UniqueConstraint("source", "code"),)

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    source: Mapped[str]
    code: Mapped[str]
    """The line's own code in that list."""
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the line as it was read: an equal line changes nothing."""
    imported_at: Mapped[datetime]
    gone_on: Mapped[date | None]
    """Since when the list no longer has it."""


class Directory(Base):
    """One row (none before the first change) that names the newest change of facilities or regions
    by an id of its own: who keeps them in memory looks here whether they are still true."""

    __tablename__ = "directory"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
