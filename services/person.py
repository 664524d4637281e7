"""Who is speaking: the account, its chat with this bot, and the question that stands open there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.bot import Contact
from models.form import Form
from models.person import Person
from services.content import Html, escape


@dataclass(slots=True)
class Caller:
    """One person speaking to one bot, in one update."""

    bot_id: int
    person: Person
    form: Form | None
    is_new: bool
    seq: int = 0
    """The update's own place in the inbox."""


def whoever(session: Session, bot_id: int, telegram_id: int, name: str, *, at: datetime) -> Caller:
    """Find the person behind an account, or get to know them; they can be reached again."""
    found = session.execute(
        select(Person, Contact, Form)
        .outerjoin(Contact, and_(Contact.person_id == Person.id, Contact.bot_id == bot_id))
        .outerjoin(Form, and_(Form.person_id == Person.id, Form.bot_id == bot_id))
        .where(Person.telegram_id == telegram_id)
    ).one_or_none()
    if found is None:
        person = Person(telegram_id=telegram_id, since_at=at)
        person.write(session, name=name)
        session.add(person)
        session.flush()
        contact, form = None, None
    else:
        person, contact, form = found
        if person.read(session).get("name") != name:
            person.write(session, name=name)
    if contact is None:
        session.add(Contact(bot_id=bot_id, person_id=person.id, opened_at=at))
    elif contact.unreachable_at is not None:
        contact.unreachable_at = None
    return Caller(bot_id, person, form, is_new=contact is None)


def name_of(session: Session, person: Person) -> Html:
    """Give the name a person shows on Telegram, kept from disturbing the text around it."""
    name = escape(person.read(session).get("name") or "")
    # Isolates keep a right-to-left name from pulling our words to its side.
    return Html(f"\u2068{name}\u2069") if not name.isascii() else Html(name)


def reachable(session: Session, caller: Caller, is_reachable: bool, *, at: datetime) -> None:
    """Note that a person blocked the bot, or took the block back."""
    session.flush()
    contact = session.get_one(Contact, (caller.bot_id, caller.person.id))
    contact.unreachable_at = None if is_reachable else at


def contact_of(session: Session, bot_id: int, person: Person) -> Contact | None:
    """Give the person's chat with a bot, if they ever opened it."""
    return session.get(Contact, (bot_id, person.id))
