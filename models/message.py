"""The words of a consultation, and where each stands on either side of the relay."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Record
from models.consultation import Consultation
from models.seal import KeyRing, PatientKey, Sealed, ring_of


class Part(StrEnum):
    """What a message is in the record."""

    COMPLAINT = "complaint"
    TALK = "talk"
    ADVICE = "advice"
    NOTE = "note"
    """Of a worker, for the record and whoever has the consultation next, never for the asker."""
    BUNDLE = "bundle"
    """What a worker collects, to be sent as one message; until then it is nobody's."""
    AMENDMENT = "amendment"
    """A correction of advice that was sent."""


@dataclass(frozen=True, slots=True)
class File:
    """A file behind a message, as Telegram names it for this bot."""

    id: str = field(repr=False)
    size: int | None
    """Bytes, where Telegram says so."""


@dataclass(frozen=True, slots=True)
class Words:
    """One thing somebody wrote, photographed or said, as Telegram gave it; no library needed."""

    chat_id: int
    message_id: int
    kind: str
    """`text`, or Telegram's name of the medium: `photo`, `voice`, …"""
    text: str = field(default="", repr=False)
    """The text or caption, links spelled out."""
    album: str | None = None
    reply_to: int | None = None
    forwarded: bool = False
    place: tuple[float, float] | None = field(default=None, repr=False)
    """Latitude and longitude of a place that was shared."""
    file: File | None = None
    """Of a photo the largest size."""


class Message(Record, Sealed, Base):
    """One message of a consultation. The document holds {kind, text}, of a medium {file: {id, size,
    key}}, and {edits: [...]} later; of advice that was sent also {sent, signed}: its words and
    licence at that moment."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_place", "chat_id", "telegram_message_id"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    part: Mapped[Part]
    album: Mapped[str | None]
    at: Mapped[datetime]
    chat_id: Mapped[int]
    """Where its author wrote it; the bot is the consultation's."""
    telegram_message_id: Mapped[int]

    consultation: Mapped[Consultation] = relationship()

    def _lock(self, session: Session | KeyRing) -> PatientKey:
        return self.consultation.patient.key(ring_of(session))

    def newest(self, session: Session | KeyRing) -> str:
        """Give the text as its author last left it."""
        document = self.read(session)
        return str([document["text"], *document.get("edits", [])][-1])


class Pair(Record, Base):
    """Where a copy of a message stands, as Telegram said when it was sent.

    Replies and edits find their counterpart through these rows. Until then the outbox row that
    carries the copy names the message.
    """

    __tablename__ = "pair"
    __table_args__ = (
        Index(
            "ux_pair_place", "bot_id", "chat_id", "telegram_message_id", "message_id", unique=True
        ),
        Index("ix_pair_message_id", "message_id"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    bot_id: Mapped[int] = mapped_column(ForeignKey("bot.id"))
    chat_id: Mapped[int]
    telegram_message_id: Mapped[int]
