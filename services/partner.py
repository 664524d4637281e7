"""The admin enters with whom the facility has agreed on paper that their workers may answer for one
another: the number of the document and the day that stands on it."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.facility import Facility
from models.form import Question
from models.message import Words
from models.pool import Agreement
from services import audit, consultation, credential, day, form, pool
from services.content import Html, joined, means, words
from services.mail import Button, say, tell
from services.person import Caller
from services.text import clean, shorten

SHOWN = 8
LONGEST = 80
"""Characters of a document's number."""


def show(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Show the agreements that hold, and who could be the next."""
    home = credential.administered(session, caller.person, facility_id)
    held = session.scalars(
        select(Agreement).where(
            or_(Agreement.facility_id == home.id, Agreement.partner_id == home.id),
            Agreement.ended_on.is_(None),
        )
    ).all()
    mine = [(one, _other(session, home, one)) for one in held]
    lines = [
        words("partner.line", facility=other.name, document=one.document,
              day=day.text(one.agreed_on))
        for one, other in mine
    ]  # fmt: skip
    taken = {home.id, *(other.id for _, other in mine)}
    open_to = session.scalars(
        select(Facility)
        .where(Facility.is_ours, Facility.id.not_in(taken))
        .order_by(Facility.name)
        .limit(SHOWN)
    ).all()
    ends = [
        [Button("button.end_partner", f"end_partner:{home.id}:{other.id}", {"name": _short(other)})]
        for _, other in mine[:SHOWN]
    ]
    adds = [
        [Button("button.add_partner", f"add_partner:{home.id}:{other.id}", {"name": _short(other)})]
        for other in open_to
    ]
    key = "partner.page" if mine or open_to else "partner.alone"
    text = words(key, facility=home.name, lines=joined("\n", [Html(), *lines]))
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=[*ends, *adds])


def ask(
    session: Session, caller: Caller, facility_id: int, partner_id: int, *, at: datetime
) -> None:
    """Ask for the document that both heads have signed."""
    home = credential.administered(session, caller.person, facility_id)
    other = credential.administered(session, caller.person, partner_id)
    consultation.must_be_free(session, caller)
    if home.id == other.id:
        raise NotFound("refusal.expired_button")
    form.ask(session, caller, Question.PARTNER, None, at=at, home=home.id, other=other.id)
    say(session, caller.bot_id, caller.person, "partner.ask", at=at, facility=home.name,
        other=other.name)  # fmt: skip


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take number and day of the document; False where nothing is asked."""
    if not form.is_open(caller, Question.PARTNER, at=at):
        return False
    kept = form.kept(session, caller)
    home = session.get(Facility, kept.get("home", 0))
    other = session.get(Facility, kept.get("other", 0))
    if home is None or other is None or not credential.is_admin(session, caller.person):
        form.forget(session, caller)
        return False
    if not means("button.leave", said.text):
        number, _, typed = clean(said.text).rpartition(",")
        document, on = " ".join(number.split()), day.read(typed)
        if not 0 < len(document) <= LONGEST or on is None or on > home.day(at):
            say(session, caller.bot_id, caller.person, "partner.unread", at=at)
            return True
        pool.agree(session, home, other, document, on=on)
        audit.note(session, caller.person, "agree", home, at=at)
        session.flush()
    form.forget(session, caller)
    show(session, caller, home.id, at=at)
    return True


def end(
    session: Session, caller: Caller, facility_id: int, partner_id: int, *, at: datetime
) -> None:
    """End an agreement: from now on nobody there answers for here; who is being answered is
    answered to the end."""
    home = credential.administered(session, caller.person, facility_id)
    other = credential.administered(session, caller.person, partner_id)
    if not pool.end(session, home, other, on=home.day(at)):
        raise NotFound("refusal.expired_button")
    audit.note(session, caller.person, "end_agreement", home, at=at)
    session.flush()
    show(session, caller, home.id, at=at)


def _other(session: Session, home: Facility, one: Agreement) -> Facility:
    other = one.partner_id if one.facility_id == home.id else one.facility_id
    return session.get_one(Facility, other)


def _short(one: Facility) -> str:
    return shorten(one.name, 24)
