"""Several people in one message: each gets a request of their own, one after the other.

«anak saya demam, ibu saya juga batuk»: what is said of the first goes on at once; the words about
the others wait in the first one's document until it is their turn.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotFound
from models.message import Message, Part, Words
from services import consent, consultation, relay
from services.content import intake_words
from services.intake import asking
from services.intake.layout import people
from services.intake.reading import MOST, read
from services.intake.typed import relation
from services.mail import Button, say
from services.person import Caller
from services.text import mask, shorten

QUOTED = 120
"""Characters of what was said of somebody else that are shown again."""
LONGEST = 1000
"""Characters in which people are looked for: nobody tells of more than a few in so many."""


def apart(text: str) -> list[str]:
    """Give the words about each of the people a message tells of, in their order; of one the
    message as it is."""
    named = people(text)
    if len(named) > 1:
        return named[:MOST]
    told = list(_persons(text[:LONGEST]))
    if len(told) < 2:
        return [text]
    return [*told[:-1], told[-1] + text[LONGEST:]]


def is_of_another(text: str, who: object) -> bool:
    """Tell whether words tell of the illness of somebody else than who is being asked about; never
    while that is not known."""
    said = _who(text) if who is not None else None
    return said is not None and said.split()[0] != who and _tells(text)


def offer_next(session: Session, caller: Caller, requested: Consultation, *, at: datetime) -> None:
    """Once a request is on its way, go on with the next of whom the same message told."""
    others = asking.answers_of(session, requested).get("others", [])
    if others:
        say(
            session,
            caller.bot_id,
            caller.person,
            "question.other",
            at=at,
            said=shorten(mask(others[0]), QUOTED),
            buttons=[
                [Button("button.other", f"other:{requested.id}")],
                [Button("button.no_other", f"no_other:{requested.id}")],
            ],
        )


def go_on(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Open a request for the next one, with the words about them."""
    before, text = _next(session, caller, consultation_id)
    if consent.standing(session, caller) is None:
        consent.ask(session, caller, at=at)
        return
    rest = _pop(session, before)
    opened = consultation.draft(session, caller, at=at)
    first = session.scalars(
        select(Message).where(Message.consultation_id == before.id).order_by(Message.id).limit(1)
    ).one()
    # The number in it has left the chat already, and stands whole in the first one's words.
    said = Words(first.chat_id, first.telegram_message_id, "text", mask(text))
    relay.keep(session, opened, caller.person, said, Part.COMPLAINT, at=at)
    session.flush()
    asking.keep(session, opened, {"others": rest})
    asking.begin(session, caller, opened, at=at)


def leave(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """The next one needs nothing; go on with whoever is left."""
    before, _ = _next(session, caller, consultation_id)
    rest = _pop(session, before)
    asking.keep(session, before, asking.answers_of(session, before) | {"others": rest})
    if rest:
        offer_next(session, caller, before, at=at)
    else:
        say(session, caller.bot_id, caller.person, "question.no_other", at=at)


def _next(session: Session, caller: Caller, consultation_id: int) -> tuple[Consultation, str]:
    found = consultation.access(session, caller, consultation_id)
    others = asking.answers_of(session, found).get("others", [])
    if found.asker_id != caller.person.id or not others:
        raise NotFound("refusal.expired_button")
    return found, str(others[0])


def _pop(session: Session, before: Consultation) -> list[str]:
    """Take the next one out; whoever is left goes on with them."""
    answers = asking.answers_of(session, before)
    _, *rest = answers["others"]
    asking.keep(session, before, answers | {"others": []})
    return [str(one) for one in rest]


def _persons(text: str) -> Iterator[str]:
    """Yield what is said of each: a new one begins where somebody else is named as ill."""
    current, who, waits = "", None, ""
    for clause, link in _clauses(text):
        said, tells = _who(clause, is_first=not current), _tells(clause)
        if waits and said is not None and tells:  # «saya dan anak saya batuk»
            yield f"{current}{waits} {_complaint(clause)}"
            current, who, waits = clause, said, ""
        elif (
            tells
            and said is not None
            and who is not None
            and _tells(current)
            and (said != who or _another(clause))
        ):
            yield current
            current, who = clause, said
        elif said is not None and not tells and link == "and" and not _tells(current):
            current, waits = f"{current}{waits}", clause
        else:
            current, waits = f"{current}{waits}{clause}", ""
            who = said if tells and said is not None else who or said
    if current or waits:
        yield f"{current}{waits}"


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield clauses with the signs behind them, and whether «and» follows."""
    begin = 0
    for found in _cut().finditer(text):
        yield text[begin : found.end()], "and" if found[1] else ""
        begin = found.end()
    yield text[begin:], ""


def _who(clause: str, *, is_first: bool = False) -> str | None:
    """Tell who a clause is about; of its writer only where it says so: «saya kasih obat panas»
    tells of nobody's fever."""
    low = clause.lower()
    if re.search(rf"\b(?:{_any('sibling')})\b", low):
        return "other"
    said = relation(clause)
    if said == "parent":
        return f"{said} {read(clause, on=date.min)[0].sex}"
    if said != "me" or is_first or re.search(rf"\b(?:{_any('too')})\b", low):
        return said
    myself = rf"\W*(?:{_any('me')})\W+(?:sendiri\W+)?(?:\w+\W+)?(?:{_any('symptom')})\b"
    return said if re.match(myself, low) else None


def _tells(clause: str) -> bool:
    low = clause.lower()
    return re.search(rf"\b(?:{_any('symptom')}|{_any('too')})\b", low) is not None


def _another(clause: str) -> bool:
    return re.search(rf"\b(?:{_any('another')})\b", clause.lower()) is not None


def _complaint(clause: str) -> str:
    """Give a clause from the first word about an illness."""
    found = re.search(rf"(?i)\b(?:{_any('symptom')})\b", clause)
    return clause[found.start() :] if found else clause


@cache
def _cut() -> re.Pattern[str]:
    return re.compile(rf"(?i)[,.;\n]+\s*(?:dan\b\s*)?|\s+({_any('and')})\s+")


@cache
def _any(what: str) -> str:
    if what == "me":
        ways: Sequence[str] = intake_words()["relation"]["me"].split()
    else:
        ways = intake_words()["mark"][what].split()
    return "|".join(re.escape(way.replace("_", " ")) for way in ways)
