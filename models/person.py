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
    facility they are registered at: {name, registered}.

    Erased on request it stays as an empty row, for the medical records that point at it.
    """

    __tablename__ = "person"

    telegram_id: Mapped[int] = mapped_column(unique=True)
    since_at: Mapped[datetime]
    restricted_at: Mapped[datetime | None]
    away_at: Mapped[datetime | None]
    """Since when a worker misses what is offered. It stands here because every update brings the
    person: whatever they do next ends it."""
    """Since when nothing new may be done with what is kept of them, on their word."""

    blocked_until: Mapped[datetime | None]
    """Until when they may not ask here, by an admin's word; danger is heard all the same."""

    def erase(self) -> None:
        """Forget which account this was; who writes from it again is somebody new."""
        self.telegram_id, self.sealed, self.restricted_at = -self.id, None, None

    @property
    def is_erased(self) -> bool:
        """Tell whether nobody can be written to here any more."""
        return self.telegram_id < 0

    language: Mapped[Language | None]
    """What they read best: guessed from their phone until they choose; empty before they wrote."""

    @property
    def reads(self) -> Language:
        """Give the language of what is said to them."""
        return self.language or Language.INDONESIAN
