"""The admins keep the emergency numbers: a page with every number, and a reminder each month."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bot import Contact
from models.emergency import EmergencyNumber
from models.errors import NotFound, Refusal
from models.facility import Facility
from models.form import Question
from models.mail import Lane
from models.message import Words
from models.role import Role
from services import audit, consultation, credential, day, form, specimen
from services.content import Html, plain, words
from services.emergency.number import (
    STALE,
    adopt,
    is_stale,
    numbers,
    read,
    remove,
    set_number,
)
from services.mail import Button, change, say, tell
from services.person import Caller

QUESTIONS = (Question.NUMBER, Question.NEW_NUMBER)
FRESH = timedelta(minutes=15)
"""After so long what an admin writes is no longer taken for a number."""
MOST = 20
"""Numbers on the page; a message has 4,096 characters."""


def remind(session: Session, *, at: datetime) -> None:
    """Take over the districts' files, and ask each admin, once a month and by day, to enter the
    numbers that are missing and to try those that nobody tried for a month."""
    due = []
    for home in session.scalars(select(Facility).where(Facility.is_ours).order_by(Facility.id)):
        with suppress(ValueError):  # `telekonsul check` and /admin name the file that is damaged
            adopt(session, home, on=home.day(at))
        if is_due(session, home, home.day(at)):
            due.append(home)
    for role in credential.admins(session):
        mine = [home for home in due if role.facility_id in (None, home.id)]
        mine = [home for home in mine if not day.is_night(home.zone, at)]
        contact = _contact(session, role) if mine else None
        if contact is None:
            continue
        session.refresh(role, with_for_update=True)  # of two who keep time at once one reminds
        if role.reminded_at is None or at - role.reminded_at > STALE:
            role.reminded_at = at
            for home in mine:
                _remind(session, contact.bot_id, role, home, at=at)


def is_due(session: Session, home: Facility, today: date) -> bool:
    """Tell whether a facility has no numbers, or one that nobody tried for a month."""
    found = numbers(session, home)
    return not found or any(is_stale(one, today) for one in found)


def show_numbers(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Show an admin the numbers of a facility, each with what can be done about it."""
    home = credential.administered(session, caller.person, facility_id)
    text, buttons = _page(session, home, home.day(at))
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=buttons)


def confirm(
    session: Session, caller: Caller, number_id: int, message_id: int, *, at: datetime
) -> None:
    """Somebody called a number and it was answered: the day is kept, and the page shows it."""
    one, home = _mine(session, caller, number_id)
    if one.checked_on != home.day(at):
        one.checked_on = home.day(at)
        audit.note(session, caller.person, "check", one, at=at)
        _turn(session, caller, home, message_id, at=at)


def strike(
    session: Session, caller: Caller, number_id: int, message_id: int, *, at: datetime
) -> None:
    """Show a number to nobody any more; what it was stays in the chat, if it was a mistake."""
    one, home = _mine(session, caller, number_id)
    remove(session, home, one.label, on=home.day(at))
    audit.note(session, caller.person, "remove", one, at=at)
    _turn(session, caller, home, message_id, at=at)
    say(session, caller.bot_id, caller.person, "emergency.removed", at=at,
        label=one.label, number=one.number)  # fmt: skip


def ask_other(session: Session, caller: Caller, number_id: int, *, at: datetime) -> None:
    """Ask for the number that takes the place of one."""
    one, _ = _mine(session, caller, number_id)
    _must_be_free(session, caller)
    form.ask(session, caller, Question.NUMBER, None, at=at, number=one.id)
    say(session, caller.bot_id, caller.person, "emergency.other_number", at=at, label=one.label)


def ask_new(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Ask for one more number, and whom it reaches."""
    home = credential.administered(session, caller.person, facility_id)
    _must_be_free(session, caller)
    form.ask(session, caller, Question.NEW_NUMBER, None, at=at, facility=home.id)
    say(session, caller.bot_id, caller.person, "emergency.new_number", at=at, facility=home.name)


def takes_number(session: Session, caller: Caller, *, at: datetime) -> bool:
    """Tell whether these words answer the question for a number; if not, it is open no longer.

    Who is talking to a patient, or was asked long ago, speaks of something else.
    """
    asked = caller.form
    if asked is None or asked.question not in QUESTIONS:
        return False
    if at - asked.asked_at < FRESH and not consultation.open_ones(session, caller):
        return True
    form.forget(session, caller)
    return False


def answer_number(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Keep the number that was asked for; what is none is asked again, «batal» ends it."""
    assert caller.form is not None  # noqa: S101 - else `takes_number` would have said no
    question, about = caller.form.question, form.kept(session, caller)
    if said.text.strip().lower() == plain("emergency.never_mind"):
        form.forget(session, caller)
        say(session, caller.bot_id, caller.person, "emergency.left", at=at)
        return
    if question is Question.NUMBER:
        one, home = _mine(session, caller, about.get("number", 0))
        label, number = one.label, said.text
    else:
        home = credential.administered(session, caller.person, about.get("facility", 0))
        label, _, number = said.text.rpartition(":")
    try:
        label, number = read(label, number)
        if specimen.is_marked(label) and not specimen.is_marked(home.name):
            raise ValueError("a service for people refuses to start on what is made up")
    except ValueError:
        say(session, caller.bot_id, caller.person, f"emergency_wrong.{question}", at=at)
        return
    kept = set_number(session, home, label, number, checked_on=home.day(at))
    audit.note(session, caller.person, "enter", kept, at=at)
    form.forget(session, caller)
    show_numbers(session, caller, home.id, at=at)


def _remind(session: Session, bot_id: int, role: Role, home: Facility, *, at: datetime) -> None:
    text, buttons = _page(session, home, home.day(at))
    head = words(
        "emergency.try_again" if numbers(session, home) else "emergency.fill", facility=home.name
    )
    text = Html(f"{head}\n\n{text}")
    tell(session, bot_id, role.person, text, at=at, lane=Lane.REMINDER, buttons=buttons)


def _contact(session: Session, role: Role) -> Contact | None:
    """The bot through which an admin can be reached: the one they opened first."""
    return session.scalar(
        select(Contact)
        .where(Contact.person_id == role.person_id, Contact.unreachable_at.is_(None))
        .order_by(Contact.opened_at, Contact.bot_id)
        .limit(1)
    )


def _page(session: Session, home: Facility, today: date) -> tuple[Html, list[list[Button]]]:
    shown = numbers(session, home)[:MOST]
    text = words("emergency.page", facility=home.name)
    if not shown:
        text = words("emergency.page_empty", facility=home.name)
    rows = []
    for place, one in enumerate(shown, start=1):
        key = "emergency.stale" if is_stale(one, today) else "emergency.tried"
        line = words(key, place=place, label=one.label, number=one.number,
                     day=day.text(one.checked_on))  # fmt: skip
        text = Html(f"{text}\n{line}")
        rows.append([
            Button("button.number_checked", f"checked:{one.id}", {"place": place}),
            Button("button.number_other", f"renumber:{one.id}", {"place": place}),
            Button("button.number_remove", f"unnumber:{one.id}", {"place": place}),
        ])  # fmt: skip
    return text, [*rows, [Button("button.number_new", f"addnumber:{home.id}")]]


def _turn(
    session: Session, caller: Caller, home: Facility, message_id: int, *, at: datetime
) -> None:
    """Show on the pressed page what is true now."""
    text, buttons = _page(session, home, home.day(at))
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=buttons)


def _must_be_free(session: Session, caller: Caller) -> None:
    """A number typed for us must not go to a patient, nor words for a patient be taken for one."""
    if consultation.open_ones(session, caller):
        raise Refusal("emergency.busy")


def _mine(session: Session, caller: Caller, number_id: int) -> tuple[EmergencyNumber, Facility]:
    credential.must_be_admin(session, caller.person)
    one = session.get(EmergencyNumber, number_id)
    if one is None or one.ended_on is not None:
        raise NotFound("refusal.expired_button")
    return one, session.get_one(Facility, one.facility_id)
