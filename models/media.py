"""A sealed copy of a medium that somebody sent in a consultation, so that the record survives
Telegram.

The file lies under DATA_DIR/media by the message's id, sealed with a key of its own. That key
stands in the message's document, under the patient's key: who destroys the words or erases the
patient has destroyed the picture, also in backups, and a new key of the installation touches no
file.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.message import Message

LARGEST = 20 << 20
"""Bytes that a bot can download (Bot API, getFile)."""
RETRY = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 180, 360, 720, 1440))
"""Waits after each failure: more than two days of a bad line. Telegram keeps the file longer."""


class Loss(StrEnum):
    """Why there is no copy."""

    TOO_BIG = "too_big"
    REFUSED = "refused"
    """Telegram no longer gives it."""
    UNREACHED = "unreached"
    """It could not be had in all tries."""


_IS_WANTED = text("kept_at IS NULL AND loss IS NULL")


class Media(Base):
    """The copy of one message's medium: still wanted, kept, or lost."""

    __tablename__ = "media"
    __table_args__ = (
        Index(
            "ix_media_wanted",
            "bot_id",
            "due_at",
            sqlite_where=_IS_WANTED,
            postgresql_where=_IS_WANTED,
        ),
    )

    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id"), primary_key=True, autoincrement=False
    )
    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"))
    """Whose file ids they are."""
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime]
    """When it is tried next."""
    kept_at: Mapped[datetime | None]
    loss: Mapped[Loss | None]

    message: Mapped[Message] = relationship()
