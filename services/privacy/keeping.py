"""Whose phone is shared, what stands open on it now, and when that is taken away."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.mail import Outgoing
from models.person import Person
from models.privacy import Privacy
from services.mail import post, the_id_of
from services.person import Caller


def of(session: Session, whose: Person) -> Privacy | None:
    """Give how a person's advice is kept from others, if they wish that."""
    return session.get(Privacy, whose.id)


def mine_of(session: Session, caller: Caller) -> Privacy:
    """Give how the caller keeps their advice; raises NotFound where they do not."""
    mine = of(session, caller.person)
    if mine is None:
        raise NotFound("refusal.expired_button")
    return mine


def note_shown(session: Session, whose: Person, *rows: Outgoing) -> None:
    """Remember what stands open in the chat of a shared phone."""
    mine = of(session, whose)
    if mine is not None:
        document = mine.read(session)
        keys = [*document.get("shown", []), *(row.key for row in rows)]
        mine.write(session, **document | {"shown": keys})


def hide(session: Session, caller: Caller, *, at: datetime) -> None:
    """Take away at once what was opened."""
    mine = of(session, caller.person)
    if mine is not None:
        put_away(session, mine, at=at)


def sweep(session: Session, *, at: datetime) -> None:
    """Take away what was open long enough; run twice, nothing is left to take."""
    due = select(Privacy).where(Privacy.hide_at <= at).with_for_update(skip_locked=True)
    for one in session.scalars(due).all():
        put_away(session, one, at=at)


def put_away(session: Session, mine: Privacy, *, at: datetime) -> None:
    """Delete what stands open from the chat."""
    document = mine.read(session)
    chat_id = mine.person.telegram_id
    for key in document.get("shown", []):
        params = {"chat_id": chat_id, "message_id": the_id_of(key)}
        post(session, mine.bot_id, chat_id, "deleteMessage", params, at=at, ref=key)
    mine.write(session, **document | {"shown": []})
    mine.hide_at = None
