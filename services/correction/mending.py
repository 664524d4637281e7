"""An admin puts the directory right: one facility with its reports, changed in the chat."""

import re
from collections.abc import Callable
from datetime import datetime

import phonenumbers
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.correction import Correction
from models.errors import Refusal
from models.facility import Facility, Fact, Has, Zone
from models.form import Question
from models.message import Words
from services import atlas, audit, consultation, credential, form, hours
from services.content import Html, means, plain, words
from services.correction import placing
from services.correction.reporting import unsettled, words_of
from services.facility import page, poli
from services.facility.named import plain_title, title
from services.facility.times import zone_of
from services.mail import Button, Buttons, say, tell
from services.person import Caller
from services.text import clean, shorten

MENDS = ("hours", "polis", "phone", "place", "end", "reopen")
"""What an admin can change; the last two need no question."""
SHOWN = 8
"""Facilities, and reports of one, that are shown at once."""


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """List the facilities about which something was reported, the longest waiting first."""
    credential.must_be_admin(session, caller.person)
    rows = session.execute(
        select(Facility, func.count())
        .join(Correction, Correction.facility_id == Facility.id)
        .where(Correction.settled_at.is_(None))
        .group_by(Facility.id)
        .order_by(func.min(Correction.id))
        .limit(SHOWN)
    ).all()
    buttons = [
        [Button("button.correct", f"correct:{found.id}", {"name": _label(found), "count": count})]
        for found, count in rows
    ]
    key = "correction.list" if rows else "correction.nobody"
    say(session, caller.bot_id, caller.person, key, at=at, buttons=buttons)


def open_(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Show one facility as people see it, what was reported, and every way to put it right."""
    credential.must_be_admin(session, caller.person)
    found = page.access(session, facility_id)
    reports = unsettled(session, found)
    for one in reports:
        audit.note(session, caller.person, "open", one, at=at)
    _show(session, caller, found, at=at)


def begin(session: Session, caller: Caller, facility_id: int, what: str, *, at: datetime) -> None:
    """Ask for the right hours, polis, phone or place; end a facility or take that back at once."""
    credential.must_be_admin(session, caller.person)
    found = page.access(session, facility_id)
    if what in _READ:
        if consultation.open_ones(session, caller):
            raise Refusal("correction.later")
        form.ask(session, caller, Question.MEND, None, at=at, facility=found.id, what=what)
        say(session, caller.bot_id, caller.person, f"correction_ask.{what}", at=at,
            name=title(found))  # fmt: skip
        return
    if found.is_ours:
        raise Refusal("correction.ours")
    found.ended_on = found.day(at) if what == "end" else None
    _changed(session, caller, found, what, at=at)


def lie(session: Session, caller: Caller, facility_id: int, code: str, *, at: datetime) -> None:
    """Let a facility lie in the village or district whose button was pressed."""
    credential.must_be_admin(session, caller.person)
    found = page.access(session, facility_id)
    if not placing.lie(session, found, code):
        raise Refusal("correction_wrong.place")
    form.forget(session, caller, Question.MEND)
    _changed(session, caller, found, "place", at=at)


def confirm(
    session: Session, caller: Caller, facility_id: int, what: Has, holds: bool, *, at: datetime
) -> None:
    """Write down that it has something, or has not: said by an admin on this day."""
    credential.must_be_admin(session, caller.person)
    found = page.access(session, facility_id)
    fact = session.get(Fact, (found.id, what)) or Fact(facility_id=found.id, what=what)
    fact.holds, fact.checked_on, fact.by = holds, found.day(at), plain("kind.admin")
    session.add(fact)
    session.flush()
    session.refresh(found, ["facts"])
    _changed(session, caller, found, f"{what}_{'yes' if holds else 'no'}", at=at)


def settle(
    session: Session, caller: Caller, facility_id: int, is_mended: bool, *, at: datetime
) -> None:
    """Close every report about a facility; whoever sent one reads what became of it."""
    credential.must_be_admin(session, caller.person)
    found = page.access(session, facility_id)
    reports = unsettled(session, found)
    for one in reports:
        one.settled_at, one.settled_by_id = at, caller.person.id
        audit.note(session, caller.person, "settle", one, at=at)
    key = "correction.mended" if is_mended else "correction.was_right"
    for person in {one.by_id: one.by for one in reports}.values():
        say(session, caller.bot_id, person, key, at=at, name=title(found))
    session.flush()
    say(session, caller.bot_id, caller.person, "correction.settled", at=at, name=title(found))


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take an admin's answer; what cannot be read is asked again. False when nothing is asked."""
    if not form.is_open(caller, Question.MEND, at=at):
        return False
    kept = form.kept(session, caller)
    found = session.get(Facility, kept.get("facility", 0))
    if found is None or not credential.is_admin(session, caller.person):
        form.forget(session, caller)
        return False
    what = str(kept["what"])
    if said.kind == "text" and means("button.leave", said.text.strip()):
        form.forget(session, caller)
    elif not _READ[what](session, found, said):
        offered = placing.offered(session, found, said) if what == "place" else []
        key = "correction.which_place" if offered else f"correction_wrong.{what}"
        say(session, caller.bot_id, caller.person, key, at=at, buttons=offered)
        return True
    else:
        form.forget(session, caller)
        _changed(session, caller, found, what, at=at)
        return True
    _show(session, caller, found, at=at)
    return True


def _changed(session: Session, caller: Caller, found: Facility, what: str, *, at: datetime) -> None:
    if what in MENDS:  # facts have rows of their own
        part = "end" if what == "reopen" else what
        found.mended = " ".join(sorted({*found.mended.split(), part}))
    audit.note(session, caller.person, f"mend_{what}", found, at=at)
    session.flush()
    atlas.changed(session)
    _show(session, caller, found, at=at)


def _show(session: Session, caller: Caller, found: Facility, *, at: datetime) -> None:
    reports = unsettled(session, found)
    lines = [
        words("correction.report", words=shorten(words_of(session, one), 200))
        for one in reports[:SHOWN]
    ]
    text = Html("\n".join([page.text_of(session, found, at=at), *lines]))
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=_buttons(found, reports))


def _buttons(found: Facility, reports: object) -> Buttons:
    ended = "reopen" if found.ended_on else "end"
    facts = [
        [
            Button("button.has", f"fact:{found.id}:{has}:1", {"what": plain(f"fact.{has}")}),
            Button("button.has_not", f"fact:{found.id}:{has}:0", {"what": plain(f"fact.{has}")}),
        ]
        for has in Has
    ]
    mends = ("hours", "polis"), ("phone", "place"), (ended,)
    rows = [
        *([Button(f"mend.{mend}", f"mend:{found.id}:{mend}") for mend in row] for row in mends),
        *facts,
    ]
    if not reports:
        return rows
    return [*rows, [Button("button.mended", f"settle:{found.id}:1")],
            [Button("button.was_right", f"settle:{found.id}:0")]]  # fmt: skip


def _hours(session: Session, found: Facility, said: Words) -> bool:
    zone = _zone(found, said)
    if zone is None:
        return False
    try:
        hours.enter(found, said.text, zone)
    except ValueError:
        return False
    return True


def _polis(session: Session, found: Facility, said: Words) -> bool:
    zone = _zone(found, said)
    if zone is None:
        return False
    try:
        poli.enter(found, said.text)
    except ValueError:
        return False
    found.zone = zone
    return True


def _zone(found: Facility, said: Words) -> Zone | None:
    """Give by which clock hours are meant: as written behind them, else by what is known."""
    named = set(re.findall(r"\b(?:WIB|WITA|WIT)\b", said.text.upper()))
    if said.kind != "text" or len(named) > 1:
        return None
    return Zone(named.pop()) if named else zone_of(found.zone, found.region_code)


def _phone(session: Session, found: Facility, said: Words) -> bool:
    if said.text.strip().lower() == plain("setup.remove"):
        found.phone = None
        return True
    try:
        number = phonenumbers.parse(clean(said.text), "ID")
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_valid_number(number):
        return False
    found.phone = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return True


_READ: dict[str, Callable[[Session, Facility, Words], bool]] = {
    "hours": _hours,
    "polis": _polis,
    "phone": _phone,
    "place": placing.read,
}


def _label(found: Facility) -> str:
    return shorten(plain_title(found), 40)
