"""Who agreed to what, when: the ledger that UU 27/2022 asks for."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record


class Consent(Record, Base):
    """One person's yes to one version of the text; withdrawing closes the row, never removes it."""

    __tablename__ = "consent"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[str]
    """Names the text as it stood: its date and the first letters of its hash."""
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
