"""A PIN that was forgotten: another one for a day, at the facility, for the person who is there."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound, Refusal
from models.form import Question
from models.privacy import Privacy
from models.seal import ring_of
from models.task import What
from services import audit, credential, facility, form, person, task
from services.content import plain
from services.mail import say
from services.person import Caller
from services.privacy import pin
from services.privacy.keeping import mine_of

CODE = timedelta(days=7)
TEMPORARY = timedelta(hours=24)
ASKING = timedelta(days=3)
"""By when somebody of the facility should be there for who has forgotten."""
DIGITS = 10**6


def forget(session: Session, caller: Caller, *, at: datetime) -> None:
    """The PIN was forgotten: a code to show at the facility, and a task for its admin."""
    mine = mine_of(session, caller)
    home = facility.home(session, caller.bot_id)
    code = f"{secrets.randbelow(DIGITS):06}"
    mine.set_code(session, code, at + CODE)
    form.forget(session, caller, Question.PIN)
    task.add(
        session,
        What.PIN,
        caller.person,
        home=home,
        bot_id=caller.bot_id,
        due_at=at + ASKING,
        at=at,
        note=plain("privacy.note", name=person.shown_name(session, caller.person)),
    )
    say(session, caller.bot_id, caller.person, "privacy.forgotten", at=at,
        facility=home.name, code=code)  # fmt: skip


def renew(session: Session, caller: Caller, typed: str, *, at: datetime) -> None:
    """An admin who has seen the person gives them a PIN for a day, by the code of their phone."""
    if not credential.is_admin(session, caller.person):
        raise Refusal("refusal.unknown_command")
    indexes = ring_of(session).indexes("privacy_code", typed[:40].strip())
    found = session.scalar(
        select(Privacy).where(Privacy.code_index.in_(indexes), Privacy.code_until > at)
    )
    if found is None:
        raise NotFound("privacy.no_code")
    fresh = f"{secrets.randbelow(DIGITS):06}"
    found.write(session, **found.read(session) | {"temporary": pin.hashed(fresh)})
    found.temporary_until, found.code_index, found.wrong = at + TEMPORARY, None, 0
    audit.note(session, caller.person, "renew", found.person, at=at)
    task.over(session, What.PIN, found.person, at=at)
    say(session, caller.bot_id, caller.person, "privacy.renewed", at=at, protect=True, pin=fresh)
    say(session, found.bot_id, found.person, "privacy.was_renewed", at=at)
