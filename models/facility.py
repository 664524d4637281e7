"""A primary-care facility (FKTP) that answers for its workers' advice."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record


class Facility(Record, Base):
    """One facility. `code` is BPJS's eight characters, never validated further."""

    __tablename__ = "facility"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    responsible: Mapped[str | None]
    """Who answers for the service and its data, as the consent text names them."""
    contact: Mapped[str | None]
    """Where that person is reached, as the facility wants it shown."""
    last_number: Mapped[int] = mapped_column(default=0)
    """The newest consultation number given out."""
