"""Saying less: a mark in place of a message, and a text only once in a while."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.mail import Lane, Outgoing
from models.person import Person
from services.content import words
from services.mail.outgoing import post, tell


def mark(
    session: Session,
    bot_id: int,
    chat_id: int,
    message_id: int,
    emoji: str,
    *,
    at: datetime,
    lane: Lane = Lane.ANSWER,
) -> None:
    """Put an emoji on somebody's message, as a receipt that costs no message."""
    params = {
        "chat_id": chat_id,
        "message_id": message_id,
        "reaction": [{"type": "emoji", "emoji": emoji}],
    }
    post(session, bot_id, chat_id, "setMessageReaction", params, at=at, lane=lane)


def say_once(
    session: Session, bot_id: int, person: Person, key: str, *, every: timedelta, at: datetime
) -> bool:
    """Tell a person one text of the catalogue unless they were told it within that time (at most
    a day: older rows are trimmed); tells whether it was said now."""
    # The outbox's unique key remembers it: whom, and then when, so that a range finds it.
    whom = f"{key}:{bot_id}:{person.telegram_id}"
    since, now = (f"{whom}:{one:%Y%m%dT%H%M%S%f}" for one in (at - every, at))
    lately = select(Outgoing.seq).where(Outgoing.key > since, Outgoing.key <= now)
    if session.scalar(lately.limit(1)) is not None:
        return False
    tell(session, bot_id, person, words(key), at=at, key=now)
    return True
