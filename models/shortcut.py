"""A quick reply of a facility: words that its workers send with a tap."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record


class Shortcut(Record, Base):
    """One text with placeholders; it tells of no patient."""

    __tablename__ = "shortcut"

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
