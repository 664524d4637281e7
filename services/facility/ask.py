"""Near which place? Shared, typed, or that of the facility where somebody is registered.

What a person writes in a consultation belongs to that consultation: `hear` is asked only where
none is open. A complaint must never end as the name of a place, so what is long and names none is
left to be one.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.facility import Facility
from models.form import Question
from models.message import Words
from services import danger, facility, form, menu, person, region, sphere
from services.content import means, words
from services.facility import lookup, show
from services.facility.near import search
from services.facility.request import LONGEST_PLACE, Request, names_a_level, request
from services.facility.wish import ANY, Wish
from services.mail import Key, say
from services.person import Caller
from services.text import clean

LONGEST = 200
"""Characters that are read: no name is longer with all the names around it."""
SURE = 95.0
"""The score from which a name is taken that nobody asked for."""
_KEYS = ("button.share_place", "button.registered", "button.leave")


def begin(session: Session, caller: Caller, typed: str, *, is_helped: bool, at: datetime) -> None:
    """Look near the place behind the command, or ask for it.

    Who is being helped is asked nothing, for their words go to the consultation: they see what is
    near the facility they belong to, and how to name another place.
    """
    typed = typed[:LONGEST]
    asked = request(typed) or Request(ANY, typed)
    if asked.place:
        lookup.find(session, caller, asked, None, at=at)
    elif is_helped:
        _near_home(session, caller, at=at)
    else:
        ask(session, caller, asked.group, at=at)


def ask(session: Session, caller: Caller, group: str, *, at: datetime) -> None:
    """Put the question, with the ways to answer it."""
    form.ask(session, caller, Question.PLACE, None, at=at, group=group)
    keys = [[Key(label, shares_place=label == _KEYS[0])] for label in _KEYS]
    say(session, caller.bot_id, caller.person, "place.question", at=at, keys=keys)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take words or a place that ask for a facility; False when they are something else."""
    if said.kind in ("location", "venue"):
        _shared(session, caller, said.place, at=at)
        return True
    typed = " ".join(clean(said.text).split())[:LONGEST]
    asked, pressed = request(typed), means("button.registered", typed)
    is_for_us = asked is not None or pressed or _is_asked(caller, at)
    if said.kind != "text" or not is_for_us or danger.find(said.text):
        return False
    if pressed:
        near_registered(session, caller, at=at)
    elif means("button.leave", typed):
        leave(session, caller, at=at)
    elif asked is not None and not asked.place:
        ask(session, caller, asked.group, at=at)
    elif form.is_open(caller, Question.HOME, at=at):
        return _hear_registered(session, caller, typed, said.message_id, at=at)
    elif form.is_open(caller, Question.PLACE, at=at):
        return _hear_place(session, caller, typed, said.message_id, at=at)
    elif asked is not None:
        return _hear_request(session, caller, asked, at=at)
    return True


def choose(session: Session, caller: Caller, wish: Wish, *, at: datetime) -> None:
    """Take a place by its button."""
    where = wish.where(session)
    if where is None:
        raise Refusal("facility.no_point")
    lookup.answer(session, caller, wish, where.name, at=at)


def leave(session: Session, caller: Caller, *, at: datetime) -> None:
    """Stop asking, and put the big keys in place of those of the question."""
    form.forget(session, caller)
    keys = menu.keys(session, caller, at=at)
    say(session, caller.bot_id, caller.person, "place.left", at=at, keys=keys)


def leave_for_complaint(session: Session, caller: Caller, *, at: datetime) -> None:
    """Close the question because what was written is a complaint, as its writer says."""
    if _is_asked(caller, at):
        _take_complaint(session, caller, at=at)


def near_registered(session: Session, caller: Caller, *, at: datetime) -> None:
    """Look near the facility where the person is registered, once it is known which."""
    kept = person.document(session, caller.person).get("registered")
    found = session.get(Facility, kept) if kept is not None else None
    if found is None:
        form.ask(session, caller, Question.HOME, None, at=at)
        keys = [[Key("button.leave")]]
        say(session, caller.bot_id, caller.person, "place.which_registered", at=at, keys=keys)
    else:
        choose(session, caller, Wish(f"f{found.id}"), at=at)


def remember(session: Session, caller: Caller, wish: Wish, *, keep: bool) -> None:
    """Keep the facility from which somebody looks as theirs, or forget it: as they say."""
    known = person.document(session, caller.person)
    known.pop("registered", None)
    if keep and wish.origin.startswith("f"):
        known["registered"] = int(wish.origin[1:])
    caller.person.write(session, **known)


def _is_asked(caller: Caller, at: datetime) -> bool:
    return any(form.is_open(caller, one, at=at) for one in (Question.PLACE, Question.HOME))


def _shared(
    session: Session, caller: Caller, place: tuple[float, float] | None, *, at: datetime
) -> None:
    if place is None or not sphere.is_point(*(round(part, 3) for part in place)):
        raise Refusal("place.no_such")  # a few metres beside 0,0 nobody is either
    kept = form.kept(session, caller) if _is_asked(caller, at) else {"is_answered": True}
    wish = replace(Wish.at_point(*place), group=str(kept.get("group", ANY)))
    if kept.get("is_answered"):
        show.send(session, caller, wish, at=at)
    else:
        lookup.answer(session, caller, wish, words("place.yours"), at=at)


def _hear_place(
    session: Session, caller: Caller, typed: str, message_id: int, *, at: datetime
) -> bool:
    kept = form.kept(session, caller)
    asked = request(typed) or Request(str(kept.get("group", ANY)), typed)
    if not _is_name(session, asked.place, was_asked=not kept.get("is_answered")):
        _take_complaint(session, caller, at=at)
        return False
    lookup.find(session, caller, asked, message_id, within=kept.get("place"), at=at)
    return True


def _is_name(session: Session, typed: str, *, was_asked: bool) -> bool:
    """Tell whether words may be a place's name: they say so, or they are few and were asked for;
    where nobody asked, the name must be known."""
    if names_a_level(typed):
        return len(typed.split()) <= 2 * LONGEST_PLACE
    if len(typed.split()) > LONGEST_PLACE:
        return False
    if was_asked:
        return True
    found = region.find(session, typed, limit=1)
    return bool(found) and found[0].score >= SURE


def _take_complaint(session: Session, caller: Caller, *, at: datetime) -> None:
    """Close the question; if its keys still stand there, say why they go."""
    if not form.kept(session, caller).get("is_answered"):
        say(session, caller.bot_id, caller.person, "place.complaint", at=at, keys=())
    form.forget(session, caller)


def _hear_request(session: Session, caller: Caller, asked: Request, *, at: datetime) -> bool:
    """Take «klinik di Reok» where nothing was asked: only a name that is known leaves no doubt."""
    found = region.find(session, asked.place, limit=1)
    if not found or found[0].score < SURE:
        return False
    lookup.find(session, caller, asked, None, at=at)
    return True


def _hear_registered(
    session: Session, caller: Caller, typed: str, message_id: int, *, at: datetime
) -> bool:
    if len(typed.split()) > LONGEST_PLACE:
        _take_complaint(session, caller, at=at)
        return False
    by_code = session.scalar(select(Facility).where(Facility.code == typed.upper()))
    if by_code is not None:
        choose(session, caller, Wish(f"f{by_code.id}"), at=at)
        return True
    found = [one for one, _ in search(session, typed, limit=lookup.OFFERED)]
    key = "place.which_facility" if found else "place.no_facility"
    rows = [[lookup.facility_choice(session, one)] for one in found]
    lookup.offer(session, caller, key, typed, rows, message_id, at=at)
    return True


def _near_home(session: Session, caller: Caller, *, at: datetime) -> None:
    kept = person.document(session, caller.person).get("registered")
    home = facility.behind(session, caller.bot_id)
    number = kept if kept is not None else home.id if home is not None else None
    say(session, caller.bot_id, caller.person, "place.by_command", at=at, keys=())
    wish = Wish(f"f{number}")
    if number is not None and wish.where(session) is not None:
        show.send(session, caller, wish, at=at)
