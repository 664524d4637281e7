"""Of which village the card is: known, shared, or asked for once, with 119 before any question."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.form import Question
from models.mail import Lane
from models.message import Words
from models.region import Level, Region
from services import attempt, consultation, facility, form, identity, region, sphere
from services.content import Html
from services.emergency.keeping import show
from services.emergency.number import lines
from services.emergency.place import code_of
from services.mail import Button, say
from services.person import Caller
from services.text import shorten

LONGEST = 6
"""Words of a village's name with the names around it; what is longer is something else."""
OFFERED = 5
"""Places of one name that are offered by buttons."""
LIKELY = 70.0
"""The score below which words are not taken for the name of a place."""


def begin(session: Session, caller: Caller, *, at: datetime) -> None:
    """Show the card at once where the village is known, else whom to call, and ask for it; whom to
    call also where the directory is damaged."""
    attempt.first(
        session,
        lambda: _begin(session, caller, at=at),
        lambda: _say_first(session, caller, "emergency.first", at=at),
    )


def _begin(session: Session, caller: Caller, *, at: datetime) -> None:
    known = code_of(session, caller.bot_id, caller.person)
    if known is not None and session.get(Region, known) is not None:
        show(session, caller, known, at=at)
    else:
        ask(session, caller, at=at)


def ask(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say whom to call at once, and ask which village it is, where any village is known here.

    Who is being helped is asked nothing: what they write belongs to whoever helps them.
    """
    knows_villages = session.scalar(select(Region.code).limit(1)) is not None
    asks = knows_villages and not consultation.open_ones(session, caller)
    if asks:
        form.ask(session, caller, Question.VILLAGE, None, at=at)
    _say_first(session, caller, "emergency.first_asked" if asks else "emergency.first", at=at)


def _say_first(session: Session, caller: Caller, key: str, *, at: datetime) -> None:
    numbers = attempt.first(
        session, lambda: lines(session, facility.behind(session, caller.bot_id)), Html
    )
    say(session, caller.bot_id, caller.person, key, at=at, lane=Lane.EMERGENCY, numbers=numbers)


def choose(session: Session, caller: Caller, code: str, *, at: datetime) -> None:
    """Take a village by its button."""
    if session.get(Region, code) is None:
        raise NotFound("refusal.expired_button")
    form.forget(session, caller, Question.VILLAGE)
    attempt.first(
        session,
        lambda: show(session, caller, code, at=at),
        lambda: _say_first(session, caller, "emergency.first", at=at),
    )


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take words or a shared place that answer the question; False when they are something else.

    A complaint must never end as the name of a place: what is long, or names none for a second
    time, goes where it belongs.
    """
    if not form.is_open(caller, Question.VILLAGE, at=at):
        return False
    if consultation.open_ones(session, caller):
        form.forget(session, caller)
        return False
    place = said.place
    is_story = said.kind != "text" or len(said.text.split()) > LONGEST or identity.shows(said)
    if place is None and is_story:
        form.forget(session, caller)
        return False
    return attempt.first(
        session,
        lambda: (
            _shared(session, caller, *place, at=at)
            if place
            else _typed(session, caller, said.text, at=at)
        ),
        lambda: _give_up(session, caller, at=at),
    )


def _give_up(session: Session, caller: Caller, *, at: datetime) -> bool:
    form.forget(session, caller)
    _say_first(session, caller, "emergency.first", at=at)
    return True


def _shared(
    session: Session, caller: Caller, latitude: float, longitude: float, *, at: datetime
) -> bool:
    near = None
    if sphere.is_point(latitude, longitude):
        near = region.around(session, latitude, longitude)
    if near is None:
        say(session, caller.bot_id, caller.person, "emergency.no_such_point", at=at)
    else:
        choose(session, caller, near.code, at=at)
    return True


def _typed(session: Session, caller: Caller, typed: str, *, at: datetime) -> bool:
    home = facility.behind(session, caller.bot_id)
    hint = home.region_code if home is not None else None
    found = region.find(session, typed, limit=OFFERED + 1, hint=hint)
    found = [one for one in found if one.score >= LIKELY]
    choices = region.is_ambiguous(found)
    if not found:
        return _miss(session, caller, typed, at=at)
    if choices:
        rows = [
            [Button("button.village", f"village:{one.place.code}",
                    {"name": shorten(region.name(session, one.place.code), 60)})]
            for one in choices[:OFFERED]
        ]  # fmt: skip
        say(session, caller.bot_id, caller.person, "emergency.which", at=at, buttons=rows)
    elif found[0].place.level < Level.DISTRICT:
        say(session, caller.bot_id, caller.person, "emergency.too_wide", at=at,
            name=region.name(session, found[0].place.code))  # fmt: skip
    else:
        choose(session, caller, found[0].place.code, at=at)
    return True


def _miss(session: Session, caller: Caller, typed: str, *, at: datetime) -> bool:
    """Ask once more; for the second time it was no answer."""
    if form.kept(session, caller).get("missed"):
        form.forget(session, caller)
        return False
    form.ask(session, caller, Question.VILLAGE, None, at=at, missed=True)
    say(session, caller.bot_id, caller.person, "emergency.unknown_village", at=at,
        name=shorten(typed, 40))  # fmt: skip
    return True
