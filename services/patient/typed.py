"""Typed answers to «Lengkapi data», read leniently; a wrong one is told kindly what is right."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from models.consultation import Status
from models.message import Part, Words
from models.patient import Patient
from models.region import Level
from services import audit, consultation, facility, identity, person, region, relay, sphere
from services.content import catalogue, intake_words
from services.credential import today
from services.facility.named import plain_title
from services.facility.near import search
from services.intake import typed as answers
from services.patient import birth, record
from services.patient import field as fields
from services.person import Caller
from services.text import clean, digits, shorten

LONGEST, MOST_WORDS = 200, 12
"""Characters and words of an answer; what is longer is a story."""
NAME, NAME_WORDS = 80, 6
PLACE_WORDS = 6
OFFERED = 5
LIKELY, CLEAR = 70.0, 92.0
"""Scores of a place that may be meant, and of one that is taken without asking."""
TRIES, A_DAY = 5, timedelta(hours=24)
"""So many different NIK can be entered in a day: nobody tries numbers out here."""
MEANT = 8
"""Digits from which somebody tried to write a number."""


_TABLES = {"language": "language", "born": "confirm"}
"""Where the ways to type an answer stand in content/intake.toml."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer says: a value, what is wrong with it, several that fit, or a step."""

    value: Any = None
    wrong: str | None = None
    values: dict[str, object] = field(default_factory=dict)
    pending: Any = None
    """What is kept if it is right all the same."""
    choices: tuple[tuple[str, str], ...] = ()
    step: str | None = None
    is_story: bool = False
    """Whether it also tells of an illness, so that a worker must read it."""


def read(
    session: Session, caller: Caller, one: Patient, what: str, said: Words, *, at: datetime
) -> Heard | None:
    """Read words as the answer to one question; None where they are none."""
    if what == "village" and said.place is not None:
        return _shared(session, *said.place)
    typed = " ".join(clean(said.text).split())
    if said.kind != "text" or len(typed) > LONGEST or len(typed.split()) > MOST_WORDS:
        return None
    for step in ("skip", "back", "stop"):
        if typed.lower().strip(" .!") in catalogue()[f"typed.{step}"].split(" · "):
            return Heard(step=step)
    if what in fields.NUMBERS:
        return _number(session, caller, one, what, said, at=at)
    if what in ("name", "village", "registered") and is_story(typed):
        return None
    match what:
        case "name":
            return _name(typed)
        case "birth":
            return _birth(typed, at)
        case "village":
            return _village(session, caller, typed)
        case "registered":
            return _registered(session, typed)
    return _chosen(session, one, what, typed, at)


def is_only_number(what: str, said: Words) -> bool:
    """Tell whether a message is nothing but the number that was asked for, whenever it comes."""
    return (
        what in fields.NUMBERS
        and said.kind == "text"
        and identity.read(what, said.text) is not None
        and not re.search(r"[^\W\d_]{3,}", said.text)
    )


def is_name(typed: str) -> bool:
    """Tell whether something can be somebody's name."""
    letters = sum(one.isalpha() for one in typed)
    is_short = len(typed) <= NAME and len(typed.split()) <= NAME_WORDS
    return letters >= 2 and is_short and not re.search(r"[\d?:@/]", typed)


def is_story(typed: str) -> bool:
    """Tell whether words tell of an illness, or only greet."""
    said = re.findall(r"[^\W\d_]+", typed.lower())
    return any(one in _told("symptom") for one in said) or all(
        one in _told("greeting") for one in said
    )


def keep_story(
    session: Session, caller: Caller, one: Patient, heard: Heard, said: Words, *, at: datetime
) -> None:
    """Let words that may be part of the story also reach whoever takes the consultation."""
    if not heard.is_story:
        return
    for waiting in consultation.open_ones(session, caller):
        if waiting.patient_id == one.id and waiting.status is Status.WAITING:
            relay.keep(session, waiting, caller.person, said, Part.COMPLAINT, at=at)


def _number(
    session: Session, caller: Caller, one: Patient, what: str, said: Words, *, at: datetime
) -> Heard | None:
    number, count = identity.read(what, said.text), len(digits(said.text))
    if number is None and count < MEANT:
        return None
    identity.take_away(session, caller.bot_id, caller.person, said, at=at, tells=False)
    if number is None:
        other = {identity.CARD: "nik_card", identity.NIK: "card_nik"}.get(count, what)
        wrong = other if other.startswith(what) else what
        return Heard(wrong=f"fill_wrong.{wrong}", values={"count": count})
    if what == "card":
        return Heard(number)
    if number != record.known(session, one).get("nik") and not _may_try(session, caller, at=at):
        return Heard(wrong="fill_wrong.nik_enough")
    audit.note(session, caller.person, "enter_nik", one, at=at)
    if identity.is_odd(number):
        return Heard(wrong="fill_wrong.nik_odd", pending=number)
    return Heard(number)


def _may_try(session: Session, caller: Caller, *, at: datetime) -> bool:
    known = person.document(session, caller.person)
    tries = [one for one in known.get("nik_at", []) if datetime.fromisoformat(one) > at - A_DAY]
    if len(tries) >= TRIES:
        return False
    caller.person.write(session, **known | {"nik_at": [*tries, at.isoformat()]})
    return True


def _name(typed: str) -> Heard:
    if not is_name(typed):
        return Heard(wrong="fill_wrong.name")
    parts = typed.split()
    return Heard(" ".join(one.capitalize() if one.islower() else one for one in parts))


def _birth(typed: str, at: datetime) -> Heard | None:
    born = birth.read(typed, today(at))
    if born is not None:
        return Heard(born)
    return Heard(wrong="fill_wrong.birth") if digits(typed) or len(typed.split()) <= 3 else None


def _village(session: Session, caller: Caller, typed: str) -> Heard | None:
    if len(typed.split()) > PLACE_WORDS:
        return None
    home = facility.behind(session, caller.bot_id)
    hint = home.region_code if home is not None else None
    found = [
        one
        for one in region.find(session, typed, limit=OFFERED + 1, hint=hint)
        if one.score >= LIKELY and one.place.level >= Level.DISTRICT
    ]
    choices = region.is_ambiguous(found)
    if not found:
        return Heard(wrong="fill_wrong.village", pending=shorten(typed, NAME))
    if not choices and found[0].score >= CLEAR:
        return Heard(found[0].place)
    named = [one.place.code for one in (choices or found)[:OFFERED]]
    return Heard(
        choices=tuple((code, shorten(region.name(session, code), 60)) for code in named),
    )


def _shared(session: Session, latitude: float, longitude: float) -> Heard:
    near = None
    if sphere.is_point(latitude, longitude):
        near = region.around(session, latitude, longitude)
    return Heard(near) if near is not None else Heard(wrong="fill_wrong.point")


def _registered(session: Session, typed: str) -> Heard:
    found = [one for one, _ in search(session, typed, limit=OFFERED)]
    if not found:
        return Heard(wrong="fill_wrong.registered")
    return Heard(choices=tuple((str(one.id), _where(session, one)) for one in found))


def _where(session: Session, one: Any) -> str:
    place = region.name(session, one.region_code) if one.region_code else ""
    return shorten(", ".join(part for part in (plain_title(one), place) if part), 60)


def _chosen(session: Session, one: Patient, what: str, typed: str, at: datetime) -> Heard | None:
    if what in ("allergies", "illness"):
        if answers.answer("danger", typed, today(at)) == "no":
            return Heard(["none"] if what == "illness" else "none")
        tapped = [each for each in record.known(session, one).get(what, []) if each != "none"]
        value = [*tapped, typed] if what == "illness" else typed
        return Heard(value, is_story=is_story(typed))
    if what in ("sex", "pregnancy"):
        said = answers.answer(what, typed, today(at))
    else:
        said = _way(_TABLES[what], typed) if what in _TABLES else None
    if said is not None:
        return Heard(said)
    return Heard(wrong="fill_wrong.choice") if len(typed.split()) <= 3 else None


def _way(table: str, typed: str) -> str | None:
    bare = typed.lower().strip(" .!")
    for value, ways in intake_words()[table].items():
        if bare in [way.replace("_", " ") for way in ways.split()]:
            return str(value)
    return None


@cache
def _told(what: str) -> frozenset[str]:
    return frozenset(intake_words()["mark"][what].split())
