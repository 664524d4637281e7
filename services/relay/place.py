"""Where a message stands in each chat: how replies and edits find their counterpart."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.mail import Lane, Outgoing
from models.message import Message, Pair, Words
from models.person import Person
from services.mail import the_id_of


def find(session: Session, bot_id: int, chat_id: int, telegram_message_id: int) -> Message | None:
    """Give the message that stands at this place of a chat, on either side."""
    written = (
        select(Message)
        .join(Message.consultation)
        .where(
            Consultation.bot_id == bot_id,
            Message.chat_id == chat_id,
            Message.telegram_message_id == telegram_message_id,
        )
    )
    copied = (
        select(Message)
        .join(Pair, Pair.message_id == Message.id)
        .where(
            Pair.bot_id == bot_id,
            Pair.chat_id == chat_id,
            Pair.telegram_message_id == telegram_message_id,
        )
    )
    return session.scalar(written.limit(1)) or session.scalar(copied.limit(1))


def counterpart(
    session: Session, consultation: Consultation, said: Words, to: Person
) -> int | dict[str, str] | None:
    """Where the message that this one answers stands in the other chat."""
    if said.reply_to is None:
        return None
    answered = find(session, consultation.bot_id, said.chat_id, said.reply_to)
    if answered is None or answered.consultation_id != consultation.id:
        return None
    return standing_in(session, answered, to)


def standing_in(session: Session, message: Message, to: Person) -> int | dict[str, str] | None:
    """Give where a message stands in a person's chat: its id, or the row that will know it."""
    if message.chat_id == to.telegram_id:
        return message.telegram_message_id
    copied = session.scalar(
        select(Pair.telegram_message_id)
        .where(Pair.message_id == message.id, Pair.chat_id == to.telegram_id)
        .order_by(Pair.id)
        .limit(1)
    )
    if copied is not None:
        return copied
    on_its_way = session.scalar(
        select(Outgoing.key)
        .where(
            Outgoing.bot_id == message.consultation.bot_id,
            Outgoing.lane == Lane.ANSWER,
            Outgoing.chat_id == to.telegram_id,
            Outgoing.settled_at.is_(None),
            Outgoing.message_id == message.id,
        )
        .order_by(Outgoing.seq)
        .limit(1)
    )
    return the_id_of(on_its_way) if on_its_way is not None else None
