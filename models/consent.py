"""Who agreed to what, when: the ledger that UU 27/2022 asks for."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record


class ConsentText(Base):
    """One text that somebody agreed to, as they saw it. Rows are added, never changed or removed:
    both databases refuse UPDATE and DELETE by trigger."""

    __tablename__ = "consent_text"

    version: Mapped[str] = mapped_column(primary_key=True)
    """The first letters of the text's hash."""
    text: Mapped[str]
    """As Telegram got it, with the facility, its responsible person and their contact."""
    at: Mapped[datetime]
    """When somebody first agreed to it."""


class Consent(Record, Base):
    """One person's yes to one version of the text; withdrawing closes the row, never removes it."""

    __tablename__ = "consent"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[str]
    """Which text it was: the row of `consent_text`."""
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
