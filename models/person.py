"""A person with a Telegram account: asker, worker, volunteer, admin, or several of these."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record
from models.seal import Sealed


class Language(StrEnum):
    """What we can speak with people; each has its file in content/words."""

    INDONESIAN = "id"
    JAVANESE = "jv"
    ENGLISH = "en"


class Person(Record, Sealed, Base):
    """One Telegram account. The document holds the name it shows, and where the person said so the
    facility they are registered at: {name, registered}."""

    __tablename__ = "person"

    telegram_id: Mapped[int] = mapped_column(unique=True)
    since_at: Mapped[datetime]
    language: Mapped[Language | None]
    """What they read best: guessed from their phone until they choose; empty before they wrote."""

    @property
    def reads(self) -> Language:
        """Give the language of what is said to them."""
        return self.language or Language.INDONESIAN
