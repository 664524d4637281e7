"""Where a message stands in each chat: how replies and edits find their counterpart."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.message import Message, Pair, Words
from models.person import Person
from services.mail import the_id_of


def find(session: Session, bot_id: int, chat_id: int, telegram_message_id: int) -> Message | None:
    """Give the message that stands at this place of a chat, on either side."""
    return session.scalar(
        select(Message)
        .join(Pair, Pair.message_id == Message.id)
        .where(
            Pair.bot_id == bot_id,
            Pair.chat_id == chat_id,
            Pair.telegram_message_id == telegram_message_id,
        )
        .limit(1)
    )


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
    pair = session.scalar(
        select(Pair)
        .where(Pair.message_id == message.id, Pair.chat_id == to.telegram_id)
        .order_by(Pair.id)
        .limit(1)
    )
    if pair is None:
        return None
    if pair.telegram_message_id is None and pair.outbox_key is not None:
        return the_id_of(pair.outbox_key)
    return pair.telegram_message_id


def source_of(session: Session, message: Message) -> int | None:
    """Give the id that a message has where its author wrote it."""
    return session.scalar(
        select(Pair.telegram_message_id)
        .where(Pair.message_id == message.id, Pair.outbox_key.is_(None))
        .limit(1)
    )
