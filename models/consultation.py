"""A consultation: one complaint of one patient, from the first word to its end.

`MOVES` is its whole life; `move` is the only way through it and leaves a Step each time.
docs/consultation.md draws the same table.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, WriteOnlyMapped, mapped_column, relationship

from models.base import Base, Record
from models.errors import WrongMove
from models.facility import Facility
from models.patient import Patient
from models.person import Person
from models.role import Sex, Skill
from models.seal import KeyRing, PatientKey, Sealed, ring_of


class Status(StrEnum):
    """Where a consultation stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    ACTIVE = "active"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Outcome(StrEnum):
    """How a closed consultation ended."""

    ADVISED = "advised"
    VISIT_FKTP = "visit_fktp"
    REFERRED = "referred"
    EMERGENCY = "emergency"
    NOT_SUITABLE = "not_suitable"
    NO_CONTACT = "no_contact"


MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.WAITING, Status.WITHDRAWN, Status.EXPIRED}),
    Status.WAITING: frozenset({Status.ACTIVE, Status.WITHDRAWN, Status.EXPIRED}),
    Status.ACTIVE: frozenset({Status.WAITING, Status.CLOSED}),
    Status.EXPIRED: frozenset({Status.WAITING}),
    Status.CLOSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
OPEN = (Status.DRAFT, Status.WAITING, Status.ACTIVE)

DANGER_START = timedelta(days=365)
"""The head start of danger: before everybody who has waited less than a year."""


_IS_OPEN = text("status IN ('draft', 'waiting', 'active')")
_IS_WAITING = text("status = 'waiting'")
_IS_ENDANGERED = text("status = 'waiting' AND danger_at IS NOT NULL")
_IS_ACTIVE = text("status = 'active'")


class Consultation(Record, Sealed, Base):
    """One complaint. The document, under the patient's key, holds {danger: [reason, …]}."""

    __tablename__ = "consultation"
    __table_args__ = (
        UniqueConstraint("facility_id", "number"),
        Index(
            "ux_consultation_one_open",
            "patient_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "ux_consultation_place",
            "worker_id",
            "place",
            unique=True,
            sqlite_where=_IS_ACTIVE,
            postgresql_where=_IS_ACTIVE,
        ),
        Index(
            "ix_consultation_waiting",
            "facility_id",
            "rank_at",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
        Index(
            "ix_consultation_endangered",
            "facility_id",
            sqlite_where=_IS_ENDANGERED,
            postgresql_where=_IS_ENDANGERED,
        ),
        Index("ix_consultation_asker", "asker_id", "bot_id", "status"),
    )

    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"))
    """The bot its asker wrote to: everything about it goes through that bot."""
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"))
    number: Mapped[int | None]
    """The short number people see, one series per facility; a draft has none yet."""
    asker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    outcome: Mapped[Outcome | None]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    place: Mapped[int | None]
    """Which of the worker's places it takes; unique while active, so two takers cannot both fit."""
    shares: Mapped[bool | None]
    """Whether its asker agreed that another facility of the pool may answer; empty until then."""
    skill: Mapped[Skill | None]
    """What it needs somebody for; empty: everybody who may advise can take it."""
    by_sex: Mapped[Sex | None]
    """Of which sex who answers shall be, where its asker wished so; danger does not look at it."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    opened_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    rank_at: Mapped[datetime | None]
    """Arrival less the head start of its class: a static key, so nobody waits for ever."""
    danger_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    """By when the asker was told that an answer is likely; empty where we could not tell."""
    accepted_at: Mapped[datetime | None]
    resumes_at: Mapped[datetime | None]
    """Until when its worker has put it off; the asker knows."""
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once

    patient: Mapped[Patient] = relationship()
    facility: Mapped[Facility | None] = relationship()
    asker: Mapped[Person] = relationship(foreign_keys=asker_id)
    worker: Mapped[Person | None] = relationship(foreign_keys=worker_id)
    steps: WriteOnlyMapped["Step"] = relationship(order_by="Step.id")

    def _lock(self, session: Session | KeyRing) -> PatientKey:
        return self.patient.key(ring_of(session))

    def move(self, to: Status, *, by: Person | None, at: datetime, why: str | None = None) -> None:
        """Take one step of that life, and remember who took it and when (nobody: the clock)."""
        if to not in MOVES[self.status]:
            raise WrongMove
        self.steps.add(Step(before=self.status, after=to, by_id=by and by.id, at=at, why=why))
        self.status = to
        if to is Status.WAITING:
            # The record may outlive this update: the one it points at goes with the id.
            self.worker = self.worker_id = self.place = self.ended_at = self.resumes_at = None
            self.arrived_at = self.arrived_at or at
            self.rank()
        elif to is not Status.ACTIVE:
            self.ended_at = at

    def rank(self) -> None:
        """Set the place in the queue from arrival and class."""
        if self.arrived_at is not None:
            head_start = DANGER_START if self.danger_at else timedelta()
            self.rank_at = self.arrived_at - head_start

    @property
    def is_open(self) -> bool:
        """Tell whether it still needs somebody."""
        return self.status in OPEN


class Step(Record, Base):
    """One move: from where to where, by whom, when; never changed."""

    __tablename__ = "step"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    before: Mapped[Status]
    after: Mapped[Status]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    why: Mapped[str | None]
