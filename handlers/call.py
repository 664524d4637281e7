"""Call: one tap, word or event of one person, ready for a handler to translate."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Message, MessageEntity, Update

from models.message import File, Words
from services.person import Caller

KINDS = (
    "text", "photo", "voice", "video", "animation", "audio", "document", "sticker", "video_note",
    "location", "venue", "contact", "dice",
)  # fmt: skip


@dataclass(slots=True)
class Call:
    """Everything a handler needs to turn an update into one call of a service."""

    session: Session
    caller: Caller
    update: Update = field(repr=False)
    match: re.Match[str] | None = field(repr=False)
    at: datetime

    def number(self, group: int = 1) -> int:
        """Give a number out of the pressed button or command."""
        return int(self.text(group))

    def text(self, group: int = 1) -> str:
        """Give a piece of the pressed button or command."""
        assert self.match is not None  # noqa: S101 - the route has a pattern
        return self.match[group]

    @property
    def payload(self) -> str:
        """Give what stands behind a command; nothing where nothing does."""
        return (self.text() or "").strip()

    @property
    def words(self) -> Words:
        """Give what was written, with everything the library knows about it left behind."""
        message = self.update.effective_message
        assert message is not None  # noqa: S101 - the route is one of messages
        return words_of(message)

    @property
    def replied_words(self) -> Words | None:
        """Give the message to which the pressed message was our reply, while Telegram has it."""
        pressed = self.update.callback_query and self.update.callback_query.message
        answered = pressed.reply_to_message if isinstance(pressed, Message) else None
        return words_of(answered) if answered is not None else None

    @property
    def pressed_message_id(self) -> int:
        """Give the message whose button was pressed."""
        message = self.update.effective_message
        assert message is not None  # noqa: S101 - we make no inline messages
        return message.message_id


def words_of(message: Message) -> Words:
    """Translate a Telegram message into words."""
    kind = next((kind for kind in KINDS if getattr(message, kind)), "other")
    if message.animation:
        kind = "animation"  # Telegram sends it as a document, too
    elif message.venue:
        kind = "venue"  # and this as a location, too
    return Words(
        chat_id=message.chat_id,
        message_id=message.message_id,
        kind=kind,
        text=_spelled_out(message),
        album=message.media_group_id,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        forwarded=message.forward_origin is not None,
        place=_place(message),
        file=_file(message, kind),
    )


def _place(message: Message) -> tuple[float, float] | None:
    """The shared place; the library checks no numbers, and a webhook may bring any."""
    shared = message.location
    if shared is None:
        return None
    try:
        return float(shared.latitude), float(shared.longitude)
    except (TypeError, ValueError):
        return None


def _file(message: Message, kind: str) -> File | None:
    """The file behind a medium; an id that is none (a webhook may bring any) is left out."""
    found = message.photo[-1] if kind == "photo" else getattr(message, kind, None)
    file_id, size = getattr(found, "file_id", None), getattr(found, "file_size", None)
    if not isinstance(file_id, str):
        return None
    return File(file_id, size if isinstance(size, int) else None)


def _spelled_out(message: Message) -> str:
    """The text, with the address of every hidden link behind its words."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    links = [entity for entity in entities if entity.type == MessageEntity.TEXT_LINK and entity.url]
    if not links:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    for link in sorted(links, key=lambda entity: entity.offset + entity.length, reverse=True):
        end = 2 * (link.offset + link.length)
        units = units[:end] + f" ({link.url})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "surrogatepass")
