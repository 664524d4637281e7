"""A diagnosis of the list that the facility imported (ICD-10): a code and how it is called."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Diagnosis(Base):
    """One code, as `telekonsul icd10 import` entered it; the text belongs to the list's owner."""

    __tablename__ = "diagnosis"

    code: Mapped[str] = mapped_column(primary_key=True)
    """Capital letter, two digits, and behind a point up to two more: J06.9."""
    name: Mapped[str]
    """In Indonesian where the list has that, else in English."""
    other_name: Mapped[str | None]
    """In English, where the name is not."""
