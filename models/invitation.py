"""An invitation: a link that lets one person in, once, as worker, volunteer or admin."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Record
from models.errors import Refusal
from models.facility import Facility
from models.person import Person
from models.role import Kind
from models.seal import Sealed

LIFE = timedelta(days=7)
"""How long a link waits for somebody to open it."""


class Invitation(Record, Sealed, Base):
    """Belongs to the first who opens it. Of the token only a hash is kept.

    An invited worker becomes an applicant: the document holds what they enter about their licence
    ({profession, name, str, sip, sip_ends}), and an admin's decision ends it.
    """

    __tablename__ = "invitation"

    kind: Mapped[Kind]
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """SHA-256: the token is random enough to need no slower hash."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The inviter; empty for somebody at the server's own keyboard."""
    expires_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    """When an applicant asked the admins to decide; from then on the document stays as it is."""
    ended_at: Mapped[datetime | None]
    """When it was taken back, or the admins decided."""

    facility: Mapped[Facility] = relationship()
    made_by: Mapped[Person | None] = relationship(foreign_keys=[made_by_id])
    opened_by: Mapped[Person | None] = relationship(foreign_keys=[opened_by_id])

    def open(self, by: Person, *, at: datetime) -> bool:
        """Bind it to the first who opens it; tell whether this was the first time.

        Raises Refusal for anybody else, and for everybody when its time is over.
        """
        if self.opened_by_id is not None and self.opened_by_id != by.id:
            raise Refusal("invitation.used")
        if self.ended_at is not None:
            raise Refusal("invitation.over")
        if self.opened_by_id == by.id:
            return False
        if at >= self.expires_at:
            raise Refusal("invitation.expired")
        self.opened_by_id, self.opened_at = by.id, at
        return True

    def end(self, *, at: datetime) -> None:
        """End it and forget what was entered; raises Refusal where it had ended before."""
        if self.ended_at is not None:
            raise Refusal("invitation.over")
        self.ended_at, self.sealed = at, None
