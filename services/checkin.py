"""How it is now: asked on the day that the worker set at the end, answered by 0 or 1."""

import unicodedata
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound
from models.followup import Ask, Followup
from models.mail import Lane
from models.message import Words
from services import consent, consultation, day, followup, person, rating, sheet
from services.content import Html, words
from services.intake import asking
from services.mail import Button, change, say, tell
from services.person import Caller

HOUR = 8
"""In the morning people are asked, in their own time."""
SOON = {1: "button.tomorrow", 3: "button.in_days", 7: "button.in_week"}
FAR = (*range(2, 14), 14, 21, 30)
"""Days ahead among which a worker chooses another day."""
IN_A_ROW = 3
ANSWERED = timedelta(days=7)
"""So long after the question a typed 0 or 1 is its answer."""


def offer(
    session: Session,
    caller: Caller,
    found: Consultation,
    *,
    at: datetime,
    on: date | None = None,
) -> None:
    """Tell a worker that it is closed, and let them say when the asker shall be asked: once. Where
    the advice names a day to come again, it is that one (`on`)."""
    if on is not None:
        text = _page(session, found, _set(session, found, on))
        tell(session, caller.bot_id, caller.person, text, at=at, consultation=found,
             buttons=_after(found))  # fmt: skip
        return
    soon = [
        Button(label, f"checkin:{found.id}:{days}", {"count": days}) for days, label in SOON.items()
    ]
    others = [
        Button("button.other_day", f"days:{found.id}"),
        Button("button.no_checkin", f"checkin:{found.id}:0"),
    ]
    text = _page(session, found, words("checkin.when"))
    tell(session, caller.bot_id, caller.person, text, at=at, consultation=found,
         buttons=[soon, others, amend(found)])  # fmt: skip


def amend(found: Consultation) -> list[Button]:
    """Give the ways to correct what was sent and to enter it in P-Care; they stay."""
    return [
        Button("button.amend", f"amend:{found.id}"),
        Button("button.pcare", f"pcare:{found.id}"),
    ]


def show_days(
    session: Session, caller: Caller, consultation_id: int, message_id: int, *, at: datetime
) -> None:
    """Show a worker more days in place of the first few."""
    found = _given_by(session, caller, consultation_id)
    today = day.of(followup.zone(found), at)
    choices = [
        Button(
            "button.day",
            f"checkin:{found.id}:{days}",
            {"day": day.short(today + timedelta(days=days))},
        )
        for days in FAR
    ]
    rows = [choices[place : place + IN_A_ROW] for place in range(0, len(choices), IN_A_ROW)]
    rows += [[Button("button.no_checkin", f"checkin:{found.id}:0")], amend(found)]
    text = _page(session, found, words("checkin.when"))
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=rows)


def plan(
    session: Session,
    caller: Caller,
    consultation_id: int,
    days: int,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Set the day on which the asker is asked, or none; it may be changed until it was asked."""
    found = _given_by(session, caller, consultation_id)
    if days > max(FAR):
        raise NotFound("refusal.expired_button")
    row = followup.find(session, found, Ask.STATE)
    if row is not None and row.asked_at is not None:
        raise NotAllowed("checkin.already")
    on = day.of(followup.zone(found), at) + timedelta(days=days)
    text = _page(session, found, _set(session, found, on if days else None))
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=_after(found))


def sweep(session: Session, *, at: datetime) -> None:
    """Ask those whose day has come; run twice, nobody is asked twice."""
    for row in followup.due(session, Ask.STATE, at=at):
        if followup.may_ask(session, row, at=at):
            row.asked_at = at
            _ask(session, row.consultation, at=at)
        row.due_at = None


def well(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """It is well: thanks, and the rating, where it was not asked before."""
    closed, row = _asked(session, caller, consultation_id)
    if row.take("0", at=at):
        rating.ask(session, caller, closed, "checkin.well", at=at)


def help_(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Help is needed: a new consultation about the same patient, the same worker first."""
    closed, row = _asked(session, caller, consultation_id)
    if followup.open_one(session, caller) is not None:
        row.take("1", at=at)
        say(session, caller.bot_id, caller.person, "understood.write_here", at=at)
    elif consent.standing(session, caller) is None:
        consent.ask(session, caller, at=at)
    elif row.take("1", at=at):
        drafted = followup.follow(session, caller, closed, at=at)
        asking.go_on(session, caller, drafted, at=at)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take a typed 0 or 1 for the answer to the question; False where none is open."""
    typed = unicodedata.normalize("NFKC", said.text).strip()
    if said.kind != "text" or typed not in ("0", "1"):
        return False
    rows = session.scalars(
        select(Followup)
        .join(Followup.consultation)
        .where(
            Consultation.asker_id == caller.person.id,
            Consultation.bot_id == caller.bot_id,
            Followup.ask == Ask.STATE,
            Followup.asked_at > at - ANSWERED,
            Followup.answered_at.is_(None),
        )
    ).all()
    if len(rows) > 1:
        say(session, caller.bot_id, caller.person, "checkin.which", at=at)
    elif rows:
        (well if typed == "0" else help_)(session, caller, rows[0].consultation_id, at=at)
    return bool(rows)


def _ask(session: Session, closed: Consultation, *, at: datetime) -> None:
    say(
        session,
        closed.bot_id,
        closed.asker,
        "checkin.question",
        at=at,
        lane=Lane.REMINDER,
        consultation=closed,
        repeatable=False,
        who=sheet.who(session, closed),
        number=closed.number,
        buttons=[
            [Button("button.well", f"well:{closed.id}")],
            [Button("button.need_help", f"help:{closed.id}")],
        ],
    )


def _asked(session: Session, caller: Caller, consultation_id: int) -> tuple[Consultation, Followup]:
    closed = followup.of_asker(session, caller, consultation_id)
    row = followup.find(session, closed, Ask.STATE)
    if row is None or row.asked_at is None:
        raise NotFound("refusal.expired_button")
    return closed, row


def _given_by(session: Session, caller: Caller, consultation_id: int) -> Consultation:
    found = consultation.access(session, caller, consultation_id)
    if found.worker_id != caller.person.id or found.status is not Status.CLOSED:
        raise NotFound
    return found


def _set(session: Session, found: Consultation, on: date | None) -> Html:
    """Plan the question for the morning of a day, or none; give the line that says so."""
    due_at = day.moment_on(followup.zone(found), on, HOUR) if on is not None else None
    followup.begin(session, found, Ask.STATE, due_at=due_at)
    return words("checkin.planned", day=day.text(on)) if on is not None else words("checkin.none")


def _after(found: Consultation) -> list[list[Button]]:
    return [[Button("button.other_day", f"days:{found.id}")], amend(found)]


def _page(session: Session, found: Consultation, line: Html) -> Html:
    name = person.name_of(session, found.asker)
    return Html(f"{words('advice.sent', name=name, number=found.number)}\n\n{line}")
