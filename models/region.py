"""A region of Indonesia: province, regency or city, district (kecamatan), village."""

from enum import IntEnum

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Level(IntEnum):
    """How large a region is, as the official list counts."""

    PROVINCE = 1
    REGENCY = 2
    DISTRICT = 3
    VILLAGE = 4


class Region(Base):
    """One region by its Kemendagri code: dotted, each parent's code the beginning of its own."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, index=True)
    name: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(index=True)
    latitude: Mapped[float | None]
    """The middle of its area, not its office; it may lie outside a crescent."""
    longitude: Mapped[float | None]
