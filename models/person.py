"""A person with a Telegram account: asker, worker, volunteer, admin, or several of these."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Record
from models.seal import Sealed


class Person(Record, Sealed, Base):
    """One Telegram account. The document holds the name it shows, and where the person said so the
    facility they are registered at: {name, registered}."""

    __tablename__ = "person"

    telegram_id: Mapped[int] = mapped_column(unique=True)
    since_at: Mapped[datetime]
