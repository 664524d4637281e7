"""Who is speaking: the account, its chat with this bot, and the question that stands open there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from models.bot import Contact
from models.form import Form
from models.person import Language, Person
from models.seal import Unreadable
from services import ahead
from services.content import Html, escape
from services.text import clean, mask


@dataclass(slots=True)
class Caller:
    """One person speaking to one bot, in one update."""

    bot_id: int
    person: Person
    form: Form | None
    is_new: bool
    seq: int = 0
    """The update's own place in the inbox."""


Known = tuple[Person, Contact | None, Form | None]

# Asked for every update, so it is built once: building costs more than running it.
_CALLERS = (
    select(Person, Contact, Form)
    .outerjoin(Contact, and_(Contact.person_id == Person.id, Contact.bot_id == bindparam("bot")))
    .outerjoin(Form, and_(Form.person_id == Person.id, Form.bot_id == bindparam("bot")))
    .where(Person.telegram_id.in_(bindparam("accounts", expanding=True)))
)


def meet(session: Session, bot_id: int, accounts: Sequence[int]) -> list[Person]:
    """Look up at once whom `whoever` will be asked about; give those who were here before."""
    known = _known(session, bot_id, accounts)
    ahead.keep(session, "caller", known)
    return [found[0] for found in known.values() if found is not None]


def whoever(
    session: Session,
    bot_id: int,
    telegram_id: int,
    name: str,
    phone_speaks: str | None = None,
    *,
    at: datetime,
) -> Caller:
    """Find the person behind an account, or get to know them; they can be reached again."""
    found = ahead.answer(
        session, "caller", telegram_id, lambda accounts: _known(session, bot_id, accounts)
    )
    if found is None:
        person = Person(telegram_id=telegram_id, since_at=at)
        person.write(session, name=name)
        session.add(person)
        session.flush()
        contact, form = None, None
    else:
        person, contact, form = found
        known = document(session, person)
        if known.get("name") != name:
            person.write(session, **known | {"name": name})
    if person.language is None:
        person.language = _guess(phone_speaks)
    if contact is None:
        session.add(Contact(bot_id=bot_id, person_id=person.id, opened_at=at))
    elif contact.unreachable_at is not None:
        contact.unreachable_at = None
    return Caller(bot_id, person, form, is_new=contact is None)


def shown_name(session: Session, person: Person) -> str:
    """Give the name a person shows on Telegram: cleaned, numbers covered, on one line."""
    return " ".join(mask(clean(document(session, person).get("name") or "")).split())


def document(session: Session, person: Person) -> dict[str, Any]:
    """Give what is kept of a person; of a damaged record nothing, for it must keep nobody from
    being heard: Telegram tells the name every time."""
    try:
        return person.read(session)
    except Unreadable:
        return {}


def name_of(session: Session, person: Person) -> Html:
    """Give the name a person shows, kept from disturbing the text around it."""
    name = escape(shown_name(session, person))
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


def reached_by(session: Session, person: Person) -> int | None:
    """Give a bot in which a person can be written to, the newest they opened; None for nobody."""
    return session.scalar(
        select(Contact.bot_id)
        .where(Contact.person_id == person.id, Contact.unreachable_at.is_(None))
        .order_by(Contact.opened_at.desc())
        .limit(1)
    )


def _guess(phone_speaks: str | None) -> Language:
    """Take the language of somebody's phone («en-GB»), where it is one of ours, for theirs."""
    said = (phone_speaks or "").lower().split("-")[0]
    return Language(said) if said in list(Language) else Language.INDONESIAN


def _known(session: Session, bot_id: int, accounts: Sequence[int]) -> dict[int, Known | None]:
    found = session.execute(_CALLERS, {"bot": bot_id, "accounts": accounts})
    known = {person.telegram_id: (person, contact, form) for person, contact, form in found}
    return {account: known.get(account) for account in accounts}
