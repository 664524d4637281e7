"""A place by its name: found, asked about where several bear it, and what is near it given."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.facility import Facility
from models.form import Question
from models.region import Level
from services import facility, form, menu, region
from services.content import Html, escape, words
from services.facility import show
from services.facility.named import plain_title
from services.facility.near import search
from services.facility.request import Request
from services.facility.wish import Wish
from services.mail import Button, say, tell
from services.person import Caller
from services.text import shorten

OFFERED = 5
"""Places of one name that are offered by buttons; of more the kecamatan is asked first."""
CLEAR, LIKELY = 92.0, 80.0
"""Scores from which a name is taken that was asked for, and from which it is offered by a button:
«sakit gigi» is a village at 67, «wae rneca» is Wae Renca at 88."""


def find(
    session: Session,
    caller: Caller,
    asked: Request,
    message_id: int | None,
    *,
    within: str | None = None,
    at: datetime,
) -> None:
    """Look for a place by name; ask again where it is unknown, or where several have the name."""
    found = _places(session, caller, asked.place, within)
    choices = region.is_ambiguous(found)
    if not found:
        _find_facility(session, caller, asked.place, message_id, at=at)
    elif len(choices) > OFFERED and not within:
        form.ask(session, caller, Question.PLACE, None, at=at, group=asked.group, place=asked.place)
        offer(session, caller, "place.which_district", asked.place, [], message_id, at=at)
    elif choices or found[0].score < CLEAR:
        rows = [
            [_choice(_wish(one.place.code, asked.group), region.name(session, one.place.code))]
            for one in (choices or found)[:OFFERED]
        ]
        offer(session, caller, "place.which", asked.place, rows, message_id, at=at)
    elif found[0].place.level == Level.PROVINCE:
        name = region.name(session, found[0].place.code)
        say(session, caller.bot_id, caller.person, "place.too_wide", at=at, name=name)
    else:
        code = found[0].place.code
        name = Html(escape(region.name(session, code)))
        answer(session, caller, _wish(code, asked.group), name, at=at)


def _places(session: Session, caller: Caller, typed: str, within: str | None) -> list[region.Match]:
    """Give the places that a name may well mean; where a larger one was asked for, inside it."""
    hint, tries = _probably(session, caller), [typed]
    if within:
        tries.insert(0, f"{within} kec. {typed}")
    for text in tries:
        found = region.find(session, text, limit=OFFERED + 1, hint=hint)
        likely = [one for one in found if one.score >= LIKELY]
        if likely:
            return likely
    return []


def _find_facility(
    session: Session, caller: Caller, typed: str, message_id: int | None, *, at: datetime
) -> None:
    """Who names no place may have named a facility."""
    named = [one for one, score in search(session, typed, limit=OFFERED) if score >= LIKELY]
    key = "place.which_facility" if named else "place.unknown"
    rows = [[facility_choice(session, one)] for one in named]
    offer(session, caller, key, typed, rows, message_id, at=at)


def answer(session: Session, caller: Caller, wish: Wish, name: Html, *, at: datetime) -> None:
    """Say from where is looked, in place of the question's keys, and give what is near; another
    place may be named for a while, without a question."""
    form.ask(session, caller, Question.PLACE, None, at=at, group=wish.group, is_answered=True)
    keys = menu.keys(session, caller, at=at)
    say(session, caller.bot_id, caller.person, "place.found", at=at, place=name, keys=keys)
    show.send(session, caller, wish, at=at)


def offer(
    session: Session,
    caller: Caller,
    key: str,
    typed: str,
    rows: list[list[Button]],
    message_id: int | None,
    *,
    at: datetime,
) -> None:
    """Answer a name that leads to no one place, and leave a way for what was a complaint."""
    complaint = [[Button("button.is_complaint", "complaint")]] if message_id is not None else []
    text = words(key, name=shorten(typed, 40))
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=[*rows, *complaint],
         reply_to=message_id)  # fmt: skip


def _wish(code: str, group: str) -> Wish:
    return Wish(f"r{code}", group)


def facility_choice(session: Session, one: Facility) -> Button:
    """Give the button that looks near a facility, with where it lies."""
    where = region.name(session, one.region_code) if one.region_code else ""
    label = ", ".join(part for part in (plain_title(one), where) if part)
    return _choice(Wish(f"f{one.id}"), label)


def _choice(wish: Wish, label: str) -> Button:
    return Button("button.choice", f"place:{wish.packed}", {"label": shorten(label, 60)})


def _probably(session: Session, caller: Caller) -> str | None:
    """Give the region where the people of this bot are, so that of two names theirs comes first."""
    home = facility.behind(session, caller.bot_id)
    return home.region_code if home is not None else None
