"""The audit trail: who opened or changed whose data. Rows are added, never changed or removed.

Both databases refuse UPDATE and DELETE by trigger (the migration makes them), and each minute a
seal signs all rows since the last one, so that a row changed behind the database's back shows.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import SEQUENCE, Base


class Audit(Base):
    """One act of one person on one record; ids only, never words."""

    __tablename__ = "audit"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it once

    seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The person; empty for somebody at the server's own keyboard."""
    act: Mapped[str]
    record: Mapped[str] = mapped_column(index=True)
    """`noun:id` of what was opened or changed."""

    def line(self) -> bytes:
        """Give the row as the seal signs it."""
        return f"{self.seq}|{self.at.isoformat()}|{self.by_id}|{self.act}|{self.record}".encode()


class AuditSeal(Base):
    """A signature over every row after the previous seal, chained to that seal."""

    __tablename__ = "audit_seal"

    upto_seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    count: Mapped[int]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
