"""What Telegram offers beside the writing line (commands, by role and language) and below it: the
four big keys.

Everybody's list is set for the bot, once for each language of a phone; who has a role or chose a
language has a list of their own. What Telegram was last given is remembered as a mark, so that a
start, and a role that stayed as it was, sends nothing.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bot import Contact
from models.mail import Lane
from models.person import Language, Person
from models.role import Kind, Role
from services import consultation, credential
from services.content import catalogue
from services.mail import Key, Keys, post
from services.person import Caller

ONLY = {
    "siap": Kind.WORKER,
    "selesai": Kind.WORKER,
    "jeda": Kind.WORKER,
    "koreksi": Kind.WORKER,
    "admin": Kind.ADMIN,
    "pinbaru": Kind.ADMIN,
}
"""What only a role's own list has: for others these commands need not exist."""
ROLES = frozenset(ONLY.values())


BIG = ("consult", "facility"), ("guide", "help")
"""The four big keys, in two rows: each writes its label, which opens the screen of that name."""


def keys(session: Session, caller: Caller, *, at: datetime) -> Keys:
    """Give the big keys to who is not being helped and helps nobody; from others they go."""
    if consultation.open_ones(session, caller) or credential.worker(session, caller.person, at=at):
        return ()
    return [[Key(f"button.{name}") for name in row] for row in BIG]


def commands(language: Language, kinds: Collection[Kind] = ()) -> list[dict[str, str]]:
    """Give a list of commands as Telegram takes it."""
    named = {
        key.removeprefix("command."): text
        for key, text in catalogue(language).items()
        if key.startswith("command.")
    }
    return [
        {"command": name, "description": text}
        for name, text in named.items()
        if ONLY.get(name) is None or ONLY[name] in kinds
    ]


def for_everybody() -> list[dict[str, Any]]:
    """Give what Telegram has to be told for all who have no list of their own: Indonesian, and for
    phones in another language of ours that."""
    others = [one for one in Language if one is not Language.INDONESIAN]
    return [
        {"commands": commands(Language.INDONESIAN)},
        *({"commands": commands(one), "language_code": str(one)} for one in others),
    ]


def mark(given: object) -> str:
    """Give a short mark of what Telegram was given."""
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:16]


def offer(
    session: Session, bot_id: int, person: Person, *, at: datetime, always: bool = False
) -> None:
    """Bring somebody's own list up to date with their roles and language; when nothing changed
    nothing is sent. Who has no role gets one only where they need it (`always`), or have it."""
    session.flush()
    contact = session.get(Contact, (bot_id, person.id))
    if contact is None:
        return
    held = select(Role.kind).where(Role.person_id == person.id, Role.ended_at.is_(None))
    kinds = set(session.scalars(held))
    if not (always or contact.menu or kinds & ROLES):
        return
    params = {
        "commands": commands(person.reads, kinds),
        "scope": {"type": "chat", "chat_id": person.telegram_id},
    }
    if contact.menu != mark(params):
        contact.menu = mark(params)
        chat_id, method = person.telegram_id, "setMyCommands"
        post(session, bot_id, chat_id, method, params, at=at, lane=Lane.REMINDER)


def offer_to_all(session: Session, bot_id: int, *, at: datetime) -> None:
    """Bring the lists of all who have a role here up to date: after a start the words may be new,
    and roles may have been changed at the server's keyboard meanwhile."""
    people = select(Person).where(
        Person.id.in_(select(Contact.person_id).where(Contact.bot_id == bot_id)),
        Person.id.in_(select(Role.person_id).where(Role.kind.in_(ROLES))),
    )
    for person in session.scalars(people.order_by(Person.id)).all():
        offer(session, bot_id, person, at=at)
