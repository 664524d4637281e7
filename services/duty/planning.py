"""The admin's screens for the weekly roster and the facility's holidays, in chat."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound, Refusal
from models.facility import Facility, Holiday
from models.form import Question
from models.message import Words
from models.role import Kind, Role
from services import audit, consultation, credential, day, facility, form, hours
from services.content import Html, joined, means, plain, words
from services.duty import roster
from services.duty.switching import tell_worker
from services.facility import holiday
from services.mail import Button, say, tell
from services.person import Caller
from services.text import clean, shorten

SHOWN = 20
"""Workers, and holidays, that are shown at once."""
YEAR = timedelta(days=366)
LONGEST = 500
"""Characters of a week."""
NAME = 60
"""Characters of a holiday's name."""


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Show who works when, and when the facility is open and nobody does."""
    home = _home(session, caller)
    crew = _crew(session, home)
    lines = [
        words(
            "roster.worker" if role.roster else "roster.nothing",
            title=credential.title(session, role),
            hours=role.roster or "",
        )
        for role in crew
    ]
    tell(
        session,
        caller.bot_id,
        caller.person,
        joined("\n", [words("roster.head", facility=home.name), *lines, _gaps(home, crew, at=at)]),
        at=at,
        buttons=[
            *(
                [Button("button.roster", f"roster:{role.id}", {"name": _title(session, role)})]
                for role in crew
            ),
            [
                Button("button.hours", f"mend:{home.id}:hours"),
                Button("button.holidays", "holidays"),
            ],
        ],
    )


def ask(session: Session, caller: Caller, role_id: int, *, at: datetime) -> None:
    """Ask for one worker's week."""
    home = _home(session, caller)
    role = _worker(session, home, role_id)
    _must_be_free(session, caller)
    form.ask(session, caller, Question.ROSTER, None, at=at, role=role.id)
    say(session, caller.bot_id, caller.person, "roster.ask", at=at,
        title=credential.title(session, role))  # fmt: skip


def show_holidays(session: Session, caller: Caller, *, at: datetime) -> None:
    """List the coming days on which the facility is closed, and ask for one more."""
    home = _home(session, caller)
    _must_be_free(session, caller)
    coming = Holiday.on.between(home.day(at), home.day(at) + YEAR)
    own = session.scalars(
        select(Holiday).where(Holiday.facility_id == home.id, coming).order_by(Holiday.on)
    ).all()
    form.ask(session, caller, Question.HOLIDAY, None, at=at)
    lines = [words("roster.holiday", day=day.text(one.on), name=one.name) for one in own[:SHOWN]]
    tell(
        session,
        caller.bot_id,
        caller.person,
        joined("\n", [words("roster.holidays", facility=home.name), *lines]),
        at=at,
        buttons=[
            [Button("button.unholiday", f"unholiday:{one.id}", {"day": day.text(one.on)})]
            for one in own[:SHOWN]
        ],
    )


def strike(session: Session, caller: Caller, holiday_id: int, *, at: datetime) -> None:
    """Take a holiday of the facility back."""
    home = _home(session, caller)
    found = session.get(Holiday, holiday_id)
    if found is None or found.facility_id != home.id:
        raise NotFound("refusal.expired_button")
    holiday.remove(session, found.on, home)
    audit.note(session, caller.person, "unholiday", home, at=at)
    show_holidays(session, caller, at=at)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take an admin's answer: a week, or a holiday; what cannot be read is asked again. False when
    nothing was asked."""
    asked = next(
        (one for one in (Question.ROSTER, Question.HOLIDAY) if form.is_open(caller, one, at=at)),
        None,
    )
    if asked is None or said.kind != "text" or not credential.is_admin(session, caller.person):
        return False
    typed = clean(said.text).strip()
    if means("button.leave", typed):
        form.forget(session, caller)
    elif asked is Question.ROSTER:
        _take_week(session, caller, typed, at=at)
    else:
        _take_holiday(session, caller, typed, at=at)
    return True


def _take_week(session: Session, caller: Caller, typed: str, *, at: datetime) -> None:
    home = _home(session, caller)
    role = _worker(session, home, int(form.kept(session, caller).get("role", 0)))
    try:
        is_none = typed.casefold() in plain("roster.none_said").split(" · ")
        week = None if is_none else hours.text(hours.parse(typed[:LONGEST]))
    except ValueError:
        say(session, caller.bot_id, caller.person, "roster.wrong", at=at)
        return
    form.forget(session, caller)
    role.roster = week
    # What the roster says now is no change by the clock: it switches from its next hour on.
    role.on_shift = roster.is_on_shift(role, at)
    audit.note(session, caller.person, "roster", role, at=at)
    key = "roster.yours" if week else "roster.yours_none"
    if role.person_id != caller.person.id:
        tell_worker(session, role, words(key, hours=week or ""), at=at)
    show(session, caller, at=at)


def _take_holiday(session: Session, caller: Caller, typed: str, *, at: datetime) -> None:
    home = _home(session, caller)
    for count in (1, 3):
        parts = typed.split(maxsplit=count)
        on = day.read(" ".join(parts[:count]))
        if on is not None and len(parts) > count and home.day(at) <= on <= home.day(at) + YEAR:
            holiday.enter(session, on, shorten(parts[count], NAME), home)
            audit.note(session, caller.person, "holiday", home, at=at)
            show_holidays(session, caller, at=at)
            return
    say(session, caller.bot_id, caller.person, "roster.wrong_holiday", at=at)


def _gaps(home: Facility, crew: Sequence[Role], *, at: datetime) -> Html:
    today = credential.today(at)
    found = roster.gaps(home, [role for role in crew if role.may_advise(today)])
    if found is None:
        return words("roster.no_hours")
    return words("roster.gaps", gaps=hours.text(found)) if any(found) else words("roster.whole")


def _home(session: Session, caller: Caller) -> Facility:
    credential.must_be_admin(session, caller.person)
    return facility.home(session, caller.bot_id)


def _crew(session: Session, home: Facility) -> Sequence[Role]:
    mine = Role.facility_id == home.id, Role.kind == Kind.WORKER, Role.ended_at.is_(None)
    return session.scalars(select(Role).where(*mine).order_by(Role.id).limit(SHOWN)).all()


def _worker(session: Session, home: Facility, role_id: int) -> Role:
    role = session.get(Role, role_id)
    if role is None or role.facility_id != home.id or role.ended_at or role.kind != Kind.WORKER:
        raise NotFound("refusal.expired_button")
    return role


def _title(session: Session, role: Role) -> str:
    return shorten(credential.title(session, role), 24)


def _must_be_free(session: Session, caller: Caller) -> None:
    """What is written while a consultation is open belongs to it."""
    if consultation.open_ones(session, caller):
        raise Refusal("correction.later")
