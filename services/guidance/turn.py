"""Somebody's own queue number: a reminder on the evening before and on the morning of its day."""

import re
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound, Refusal
from models.facility import Zone
from models.form import Question
from models.lesson import Lesson as Place
from models.mail import Lane
from models.message import Words
from models.person import Person
from models.seal import Unreadable
from services import consultation, danger, day, facility, form
from services.content import plain, words
from services.guidance.lesson import lessons
from services.mail import Button, Key, say, tell
from services.person import Caller
from services.text import clean, mask

EVENING, MORNING = time(18, 0), time(6, 0)
"""When people are reminded, by the clocks of their facility."""
LATE = timedelta(hours=6)
"""After so long a reminder is of no use any more."""
LONGEST = 20
"""Characters of a queue number or a booking code."""
BATCH = 100
_NUMBER = re.compile(r"\d")


def offer_days(session: Session, caller: Caller, name: str, *, at: datetime) -> None:
    """Ask for which day the queue number is."""
    taught = lessons().get(name)
    if taught is None or taught.days is None:
        raise NotFound("guidance.unknown")
    today = day.of(_zone(session, caller.bot_id), at)
    rows = [
        [Button("button.day", f"turn_day:{name}:{ahead}", {"day": _named(today, ahead)})]
        for ahead in range(taught.days + 1)
    ]
    say(session, caller.bot_id, caller.person, "turn.which_day", at=at, buttons=rows)


def choose(session: Session, caller: Caller, name: str, days: int, *, at: datetime) -> None:
    """Take the day, and ask for the number itself."""
    taught = lessons().get(name)
    if taught is None or taught.days is None or days > taught.days:
        raise NotFound("guidance.unknown")
    if consultation.open_ones(session, caller):
        raise Refusal("correction.later")
    on = day.of(_zone(session, caller.bot_id), at) + timedelta(days=days)
    form.ask(session, caller, Question.TURN, None, at=at, lesson=name, on=on.isoformat())
    keys = [[Key("button.leave")]]
    say(session, caller.bot_id, caller.person, "turn.which_number", at=at, keys=keys)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take the number; False when the words are something else, also a sign of danger."""
    if not form.is_open(caller, Question.TURN, at=at) or said.kind != "text":
        return False
    kept = form.kept(session, caller)
    number = mask(clean(said.text)).strip()
    if danger.doubts(said.text) or len(number) > 3 * LONGEST or "on" not in kept:
        form.forget(session, caller)
        return False
    if number == plain("button.leave"):
        form.forget(session, caller)
        say(session, caller.bot_id, caller.person, "leave.nothing", at=at)
    elif len(number) > LONGEST or not _NUMBER.search(number):
        say(session, caller.bot_id, caller.person, "turn.wrong_number", at=at)
    else:
        form.forget(session, caller)
        _plan(session, caller, str(kept["lesson"]), date.fromisoformat(kept["on"]), number, at=at)
    return True


def forget(session: Session, caller: Caller, *, at: datetime) -> None:
    """Remind of nothing any more."""
    place = session.get(Place, (caller.bot_id, caller.person.id))
    if place is not None:
        _over(place)
    say(session, caller.bot_id, caller.person, "turn.forgotten", at=at)


def sweep(session: Session, *, at: datetime) -> None:
    """Remind everybody who is due, once for each of the two moments."""
    due = session.scalars(
        select(Place)
        .where(Place.due_at <= at)
        .order_by(Place.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    for place in due.all():
        _remind(session, place, at=at)


def _plan(
    session: Session, caller: Caller, name: str, on: date, number: str, *, at: datetime
) -> None:
    place = session.get(Place, (caller.bot_id, caller.person.id))
    if place is None:
        place = Place(bot_id=caller.bot_id, person_id=caller.person.id, step=0, at=at)
        session.add(place)
    place.name, place.turn_on = name, on
    place.write(session, number=number)
    place.due_at = _next(on, _zone(session, caller.bot_id), at)
    key = "turn.planned" if place.due_at is not None else "turn.noted"
    rows = [[Button("button.no_turn", "no_turn")]] if place.due_at is not None else []
    say(session, caller.bot_id, caller.person, key, at=at, number=number, day=day.text(on),
        buttons=rows)  # fmt: skip


def _remind(session: Session, place: Place, *, at: datetime) -> None:
    due, on, person = place.due_at, place.turn_on, place.person
    assert due is not None  # noqa: S101 - the query's condition
    if on is None or at - due > LATE or person.restricted_at is not None:
        _over(place)
        return
    zone = _zone(session, place.bot_id)
    is_evening = day.of(zone, due) < on
    place.due_at = _next(on, zone, at)
    _say(session, place, person, "evening" if is_evening else "morning", at=at)


def _say(session: Session, place: Place, person: Person, when: str, *, at: datetime) -> None:
    try:
        number = str(place.read(session).get("number", "-"))
    except Unreadable:
        number = "-"
    key = "turn.morning_rs" if (place.name, when) == ("rs", "morning") else f"turn.{when}"
    rows = [[Button("button.no_turn", "no_turn")]] if when == "evening" else []
    tell(session, place.bot_id, person, words(key, number=number), at=at, lane=Lane.REMINDER,
         buttons=rows)  # fmt: skip


def _over(place: Place) -> None:
    place.due_at = place.turn_on = place.sealed = None


def _next(on: date, zone: Zone, at: datetime) -> datetime | None:
    """Give the next of the two moments that is still to come."""
    moments = [
        datetime.combine(on - timedelta(days=1), EVENING, at.tzinfo) - zone.ahead,
        datetime.combine(on, MORNING, at.tzinfo) - zone.ahead,
    ]
    return next((moment for moment in moments if moment > at), None)


def _zone(session: Session, bot_id: int) -> Zone:
    home = facility.behind(session, bot_id)
    return (home.zone if home is not None else None) or Zone.WIB


def _named(today: date, days: int) -> str:
    names = {0: plain("turn.today"), 1: plain("turn.tomorrow")}
    return names.get(days) or day.short(today + timedelta(days=days))
