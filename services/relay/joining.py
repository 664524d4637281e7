"""Texts put together: where somebody writes faster than a chat can be written to, a further text
leaves with the last that still waits. Nothing is dropped, and whoever else has something to say to
that reader is not kept waiting behind it."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.mail import Lane, Outgoing
from models.message import Message
from models.person import Person
from services import ahead
from services.content import escape
from services.text import LIMIT, units

HEADER_ROOM = 200
"""UTF-16 units kept for the header in front of a text."""
CROWD = 3
"""Copies to one reader that still wait to leave; behind so many a further text joins the last."""

Tails = dict[int, tuple[Outgoing, Message]]
"""By consultation: the last of a crowd that waits for one reader, and the message it carries."""

_CROWDS = (
    select(func.max(Outgoing.seq))
    .where(
        Outgoing.bot_id == bindparam("bot"),
        Outgoing.lane == Lane.ANSWER,
        Outgoing.chat_id.in_(bindparam("readers", expanding=True)),
        Outgoing.consultation_id.is_not(None),
        Outgoing.message_id.is_not(None),
        Outgoing.settled_at.is_(None),
        Outgoing.attempted_at.is_(None),
    )
    .group_by(Outgoing.chat_id, Outgoing.consultation_id)
    .having(func.count() >= CROWD)
)
_TAILS = (
    select(Outgoing, Message)
    .join(Message, Message.id == Outgoing.message_id)
    .where(Outgoing.seq.in_(bindparam("last", expanding=True)))
)


def look_ahead(session: Session, bot_id: int, opened: Sequence[Consultation]) -> None:
    """Look up at once behind what the texts of these consultations may join."""
    readers = {one.asker.telegram_id for one in opened}
    readers |= {one.worker.telegram_id for one in opened if one.worker is not None}
    ahead.keep(session, "tails", _tails(session, bot_id, list(readers)))


def join(session: Session, message: Message, text: str, to: Person) -> bool:
    """Let a text go out together with the last that waits for the same reader, if a crowd does;
    False where it has to go by itself."""
    one = message.consultation
    tails = ahead.answer(session, "tails", to.telegram_id, partial(_tails, session, one.bot_id))
    # A second message of the same moment finds none, and so cannot overtake the first.
    row, before = tails.pop(one.id, (None, None))
    if row is None or before is None or row.method != "sendMessage":
        return False
    document = row.read(session)
    joined = f"{document['params']['text']}\n{escape(text)}"
    is_another = (before.author_id, before.part) != (message.author_id, message.part)
    if is_another or units(joined) > LIMIT - HEADER_ROOM:
        return False
    params = document["params"] | {"text": joined}
    row.write(session, params=params, joined=[*document.get("joined", []), message.id])
    return True


def _tails(session: Session, bot_id: int, readers: Sequence[int]) -> dict[int, Tails]:
    found: dict[int, Tails] = {one: {} for one in readers}
    last = session.scalars(_CROWDS, {"bot": bot_id, "readers": readers}).all()
    if last:
        for row, message in session.execute(_TAILS, {"last": last}):
            found[row.chat_id][message.consultation_id] = row, message
    return found
