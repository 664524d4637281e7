"""Sealed copies of what people sent: wanted when the message comes, fetched in the background.

What is kept of a file stands in its message's document; here is only how far its copy is.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.media import LARGEST, RETRY, Loss, Media
from models.message import File, Message
from models.patient import Patient
from models.seal import KeyRing, Unreadable
from services import identity

COPIED = frozenset({"photo", "video", "animation", "audio", "document", "voice", "video_note"})
"""Media that may tell something about a patient; a sticker does not."""


class Wanted(NamedTuple):
    """One copy to be fetched."""

    message_id: int
    file_id: str
    key: str
    """With which it is to be sealed."""

    @property
    def place(self) -> str:
        """What the sealed file is bound to."""
        return place_of(self.message_id)


def want(session: Session, message: Message, file: File, *, at: datetime) -> dict[str, Any]:
    """Ask for a copy of a message's file; give what the message's document has to keep of it."""
    row = Media(
        message=message, message_id=message.id, bot_id=message.consultation.bot_id, due_at=at
    )
    if is_too_large(file):
        row.loss = Loss.TOO_BIG
    session.add(row)
    return {"id": file.id, "size": file.size, "key": KeyRing.fresh_key()}


def is_too_large(file: File) -> bool:
    """Tell whether Telegram will not let us copy a file."""
    return file.size is not None and file.size > LARGEST


def is_wanted(session: Session, bot_id: int, *, at: datetime) -> bool:
    """Tell whether a copy is due."""
    return session.scalar(_due(bot_id, at)) is not None


def next_wanted(session: Session, bot_id: int, *, at: datetime) -> Wanted | None:
    """Give the copy that is due first; None where its words can no longer be read."""
    row = session.scalar(_due(bot_id, at))
    if row is None:
        return None
    try:
        file = file_of(session, row.message_id)
    except Unreadable:
        row.loss = Loss.REFUSED
        return None
    return Wanted(row.message_id, file["id"], file["key"])


def kept(session: Session, message_id: int, *, at: datetime) -> None:
    """Note that the copy lies in its place; with a number of somebody under it, the original leaves
    the chat."""
    row = session.get_one(Media, message_id)
    row.kept_at = at
    with suppress(Unreadable):
        identity.take_away_medium(session, row.message, at=at)


def failed(session: Session, message_id: int, loss: Loss | None, *, at: datetime) -> None:
    """Note that it could not be fetched: for good, or to be tried again later."""
    row = session.get_one(Media, message_id)
    row.tries += 1
    if loss is None and row.tries > len(RETRY):
        loss = Loss.UNREACHED
    row.loss = loss
    if loss is None:
        row.due_at = at + RETRY[row.tries - 1]


def destroyed(session: Session, bot_id: int, *, limit: int = 100) -> Sequence[int]:
    """Give the messages whose words were destroyed, or whose patient was erased, and of which a
    file may still lie there: nobody can open it any more."""
    return session.scalars(
        select(Media.message_id)
        .join(Media.message)
        .join(Consultation, Consultation.id == Message.consultation_id)
        .join(Patient, Patient.id == Consultation.patient_id)
        .where(Media.bot_id == bot_id)
        .where(or_(Message.sealed.is_(None), Patient.wrapped_key.is_(None)))
        .order_by(Media.message_id)
        .limit(limit)
    ).all()


def forget(session: Session, message_ids: Sequence[int]) -> None:
    """Forget copies whose files are gone."""
    for message_id in message_ids:
        session.delete(session.get_one(Media, message_id))


def file_of(session: Session, message_id: int) -> dict[str, Any]:
    """Give {id, size, key} of a message's file; raises Unreadable where there is none."""
    found = session.get(Message, message_id)
    file = found.read(session).get("file") if found is not None else None
    if not isinstance(file, dict):
        raise Unreadable("no file belongs to this message")
    return file


def is_kept(session: Session, message: Message) -> bool:
    """Tell whether a message's medium has a copy of ours."""
    row = session.get(Media, message.id)
    return row is not None and row.kept_at is not None


def newest_kept(session: Session, limit: int) -> Sequence[int]:
    """Give the messages of the newest copies that should lie there."""
    rows = select(Media.message_id).where(Media.kept_at.is_not(None))
    return session.scalars(rows.order_by(Media.message_id.desc()).limit(limit)).all()


def lost(session: Session) -> int:
    """Count the copies that could not be fetched; what was too big was said to its sender."""
    gone = Media.loss.in_((Loss.REFUSED, Loss.UNREACHED))
    return session.scalar(select(func.count()).select_from(Media).where(gone)) or 0


def _due(bot_id: int, at: datetime) -> Select[Media]:
    due = select(Media).where(
        Media.bot_id == bot_id,
        Media.kept_at.is_(None),
        Media.loss.is_(None),
        # A wait longer than any can be was set before the clock was put back.
        or_(Media.due_at <= at, Media.due_at > at + RETRY[-1]),
    )
    return due.order_by(Media.due_at).limit(1)


def place_of(message_id: int) -> str:
    """Name the place that a sealed file is bound to."""
    return f"media.file:{message_id}"
