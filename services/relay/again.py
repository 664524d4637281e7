"""Sending again, from our sealed copies, what Telegram can no longer copy: it was deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.mail import Outgoing
from models.message import Message
from models.person import Person
from services import media
from services.content import words
from services.mail import COPY, Answer, post, tell

METHODS = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "animation": "sendAnimation",
    "audio": "sendAudio",
    "document": "sendDocument",
    "voice": "sendVoice",
    "video_note": "sendVideoNote",
}
"""How our own copy of each medium is sent."""
COPIES = frozenset({"copyMessage", "copyMessages"})


def send_again(
    session: Session,
    row: Outgoing,
    carried: Sequence[Message],
    answer: Answer,
    *,
    at: datetime,
) -> Sequence[Message]:
    """Send our own copies of the media that a row was to copy; give those of which there is none.

    Of an album Telegram does not say which items it left out, so all come again, and are said to.
    """
    one = carried[0].consultation
    to = next((side for side in (one.asker, one.worker) if _is_of(side, row)), None)
    if row.method not in COPIES or to is None or answer.unreachable or answer.unknown:
        return carried
    kept = [message for message in carried if media.is_kept(session, message)]
    if kept and answer.result:
        tell(session, row.bot_id, to, words("relay.album_again"), at=at, consultation=one)
    for message in kept:
        _send(session, row, message, at=at)
    return [message for message in carried if message not in kept]


def _is_of(side: Person | None, row: Outgoing) -> bool:
    return side is not None and side.telegram_id == row.chat_id


def _send(session: Session, row: Outgoing, message: Message, *, at: datetime) -> None:
    kind = message.read(session)["kind"]
    params: dict[str, Any] = dict(row.read(session)["params"])
    for name in ("from_chat_id", "message_id", "message_ids", "remove_caption"):
        params.pop(name, None)
    sent = post(
        session,
        row.bot_id,
        row.chat_id,
        METHODS[kind],
        params | {kind: {COPY: message.id}},
        at=at,
        consultation=message.consultation,
        ref=row.ref_key,
        then="relay.delivered",
    )
    sent.message_id = message.id
