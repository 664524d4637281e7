"""What was advised before: for its asker to read again or to keep, and for a worker who goes on."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotFound
from models.followup import Ask
from models.seal import Unreadable
from services import audit, day, followup, paper, privacy, referral, sheet, understood
from services.content import Html, words
from services.intake import asking
from services.mail import Button, attach, tell
from services.person import Caller

SHOWN = 5
"""Past consultations on one screen of a small phone."""


def show(session: Session, caller: Caller, skipped: int = 0, *, at: datetime) -> None:
    """List what has ended, the newest first: when, about whom, and how it ended; what is private
    by nothing but its number."""
    if privacy.keeps(session, caller, f"list:{skipped}", at=at):
        return
    found = session.scalars(
        select(Consultation)
        .where(
            Consultation.asker_id == caller.person.id,
            Consultation.bot_id == caller.bot_id,
            Consultation.status == Status.CLOSED,
        )
        .order_by(Consultation.id.desc())
        .offset(skipped)
        .limit(SHOWN + 1)
    ).all()
    shown = found[:SHOWN]
    lines = [words("history.head" if shown else "history.nothing")]
    lines += [_line(session, one) for one in shown]
    rows = [[Button("button.read", f"read:{one.id}", {"number": one.number})] for one in shown]
    after = skipped + len(shown)
    if len(found) > len(shown):
        rows.append([Button("button.older", f"history:{after}")])
    if privacy.of(session, caller.person) is not None:
        rows.append([Button("button.hide", "hide")])
    text = Html("\n".join(lines))
    row = tell(session, caller.bot_id, caller.person, text, at=at, buttons=rows)
    privacy.note_shown(session, caller.person, row)


def read(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show the advice of one again, with its corrections and what can be done with it."""
    found = followup.of_asker(session, caller, consultation_id)
    if privacy.keeps(session, caller, f"read:{found.id}", at=at):
        return
    try:
        given = sheet.given(session, found)
        pages = [page for message in given for page in sheet.pages(session, message)]
    except Unreadable:
        raise NotFound("history.unreadable") from None
    if not pages:
        raise NotFound("history.no_advice", number=found.number)
    audit.note(session, caller.person, "read", found, at=at)
    asked = followup.find(session, found, Ask.UNDERSTOOD)
    is_open = asked is not None and asked.answer is None
    asking_now = understood.buttons(found) if is_open else ()
    buttons = [*asking_now, *sheet.ways(session, found)]
    for count, page in enumerate(pages, start=1):
        row = tell(
            session,
            caller.bot_id,
            caller.person,
            page,
            at=at,
            consultation=found,
            buttons=buttons if count == len(pages) else (),
        )
        privacy.note_shown(session, caller.person, row)


def go_to(session: Session, caller: Caller, target: str, *, at: datetime) -> None:
    """Go on where the PIN was asked for: `list:<skipped>`, `read:<id>`, `paper:<id>`,
    `referral:<id>`."""
    verb, number = target.split(":")
    ways: dict[str, Callable[..., None]] = {
        "list": show,
        "read": read,
        "paper": keep,
        "referral": referral.keep,
    }
    ways[verb](session, caller, int(number), at=at)


def keep(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Send the advice as a PDF, to be kept or printed."""
    found = followup.of_asker(session, caller, consultation_id)
    if privacy.keeps(session, caller, f"paper:{found.id}", at=at):
        return
    try:
        is_given = bool(sheet.given(session, found))
        made = (
            paper.make(session, found, today=day.of(followup.zone(found), at)) if is_given else b""
        )
    except Unreadable:
        raise NotFound("history.unreadable") from None
    if not made:
        raise NotFound("history.no_advice", number=found.number)
    audit.note(session, caller.person, "export", found, at=at)
    row = attach(
        session,
        caller.bot_id,
        caller.person,
        f"nasihat-{found.number}.pdf",
        made,
        words("history.paper", number=found.number),
        at=at,
        consultation=found,
    )
    privacy.note_shown(session, caller.person, row)


def show_before(session: Session, caller: Caller, taken: Consultation, *, at: datetime) -> None:
    """Show a worker the advice that a consultation follows, where it is about the same patient;
    that they read it is noted."""
    before = session.get(Consultation, taken.follows_id) if taken.follows_id else None
    if before is None or before.patient_id != taken.patient_id:
        return
    try:
        pages = [page for one in sheet.given(session, before) for page in sheet.pages(session, one)]
    except Unreadable:
        return  # what is damaged keeps nobody from being helped
    for page in pages:
        tell(session, caller.bot_id, caller.person, page, at=at, consultation=taken, protect=True)
    if pages:
        audit.note(session, caller.person, "read", before, at=at)


def is_private(session: Session, found: Consultation) -> bool:
    """Tell whether it is about what must not be read over a shoulder; where nobody can tell, it
    is."""
    try:
        return bool({*asking.PRIVATE.values()} & {*found.read(session).get("danger", [])})
    except Unreadable:
        return True


def _line(session: Session, one: Consultation) -> Html:
    on = day.text(day.of(followup.zone(one), one.ended_at or one.opened_at))
    if is_private(session, one):
        return words("history.private", day=on, number=one.number)
    how = words(f"history_outcome.{one.outcome}")
    return words(
        "history.line", day=on, number=one.number, who=sheet.who(session, one), outcome=how
    )
