"""A pool: facilities whose heads have agreed that their workers may answer for one another."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Agreement(Base):
    """What two facilities agreed, on paper; it holds for both, so the lower id stands first."""

    __tablename__ = "pool_agreement"
    __table_args__ = (CheckConstraint("facility_id < partner_id", name="ck_pool_agreement_once"),)

    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), primary_key=True, index=True)
    document: Mapped[str]
    """The number of the paper that both heads signed."""
    agreed_on: Mapped[date]
    ended_on: Mapped[date | None]
    """Since when it no longer holds."""
