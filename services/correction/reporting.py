"""Somebody says what is wrong about a facility. Their words are sealed and read by admins only."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models.correction import Correction
from models.errors import Refusal
from models.facility import Facility
from models.form import Question
from models.message import Words
from services import consultation, credential, danger, form
from services.content import plain
from services.facility import page
from services.facility.named import title
from services.mail import Button, say
from services.person import Caller
from services.text import clean, shorten

WRONGS = ("closed", "moved", "phone", "hours", "igd", "other")
"""What can be wrong; «other» is written."""
A_DAY = timedelta(days=1)
MOST = 5
"""Reports of one person in a day: more would be somebody's game."""
LONGEST = 500
"""Characters of a report: an admin reads them on a phone."""


def ask(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Ask what is wrong, by buttons."""
    found = page.access(session, facility_id)
    buttons = [
        [Button(f"correction_what.{wrong}", f"wrong:{found.id}:{wrong}") for wrong in pair]
        for pair in zip(WRONGS[::2], WRONGS[1::2], strict=True)
    ]
    say(session, caller.bot_id, caller.person, "correction.question", at=at,
        name=title(found), buttons=buttons)  # fmt: skip


def report(session: Session, caller: Caller, facility_id: int, what: str, *, at: datetime) -> None:
    """Take what was chosen; «other» asks for words. Raises Refusal for the sixth in a day."""
    found = page.access(session, facility_id)
    _limit(session, caller, at=at)
    if what != "other":
        _keep(session, caller, found, what, "", at=at)
        say(session, caller.bot_id, caller.person, "correction.thanks", at=at)
    elif consultation.open_ones(session, caller):
        raise Refusal("correction.later")  # what they write now is for the consultation
    else:
        form.ask(session, caller, Question.REPORT, None, at=at, facility=found.id)
        say(session, caller.bot_id, caller.person, "correction.write", at=at, name=title(found))


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take the words of a report that was begun; False when they are something else."""
    if not form.is_open(caller, Question.REPORT, at=at):
        return False
    number = form.kept(session, caller).get("facility")
    form.forget(session, caller)
    found = session.get(Facility, number) if number is not None else None
    if said.kind != "text" or found is None or danger.find(said.text):
        return False
    _limit(session, caller, at=at)
    _keep(session, caller, found, "other", shorten(clean(said.text), LONGEST), at=at)
    say(
        session,
        caller.bot_id,
        caller.person,
        "correction.thanks_words",
        at=at,
        reply_to=said.message_id,
        buttons=[[Button("button.is_complaint", "complaint")]],
    )
    return True


def count(session: Session) -> int:
    """Count the reports that no admin has dealt with."""
    unsettled = select(func.count()).select_from(Correction)
    return session.scalar(unsettled.where(Correction.settled_at.is_(None))) or 0


def unsettled(session: Session, facility: Facility) -> Sequence[Correction]:
    """Give what was reported about a facility and is not dealt with, oldest first."""
    return session.scalars(
        select(Correction)
        .where(Correction.facility_id == facility.id, Correction.settled_at.is_(None))
        .order_by(Correction.id)
    ).all()


def _limit(session: Session, caller: Caller, *, at: datetime) -> None:
    mine = select(func.count()).select_from(Correction)
    mine = mine.where(Correction.by_id == caller.person.id, Correction.reported_at > at - A_DAY)
    if (session.scalar(mine) or 0) >= MOST:
        raise Refusal("correction.enough", count=MOST)


def _keep(
    session: Session, caller: Caller, found: Facility, what: str, typed: str, *, at: datetime
) -> None:
    is_first_today = not session.scalar(
        select(exists().where(Correction.settled_at.is_(None), Correction.reported_at > at - A_DAY))
    )
    made = Correction(facility_id=found.id, by_id=caller.person.id, reported_at=at)
    made.write(session, what=what, words=typed)
    session.add(made)
    session.flush()
    if is_first_today:
        _tell_admins(session, caller, found, at=at)


def _tell_admins(session: Session, caller: Caller, found: Facility, *, at: datetime) -> None:
    """Tell them once a day; what comes after it waits in their list, which says how many."""
    listed = [[Button("button.corrections", "corrections", {"count": count(session)})]]
    for admin in credential.admins(session):
        say(session, caller.bot_id, admin.person, "correction.came", at=at, name=title(found),
            buttons=listed)  # fmt: skip


def words_of(session: Session, one: Correction) -> str:
    """Give what somebody reported, as an admin reads it."""
    said = one.read(session)
    what = plain(f"correction_what.{said.get('what', 'other')}")
    return f"{what}: {said['words']}" if said.get("words") else what
