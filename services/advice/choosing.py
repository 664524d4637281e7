"""What is tapped in a closing: a medicine, the day to come again, another way to end."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.errors import NotAllowed, NotFound
from services import day, followup, scope, sheet
from services.advice import holding, page
from services.advice.draft import draft_of, role_of, show
from services.content import words
from services.mail import Button, change
from services.person import Caller
from services.text import shorten

DAYS = (1, 2, 3, 5, 7, 10, 14, 30)
"""Days ahead among which the day to come again is chosen."""
IN_A_ROW = 3
MOST = 8
"""Medicines in one advice."""
AT_ONCE, LABEL = 6, 36
"""Medicines on one screen of a small phone, and characters of one behind its mark."""


def show_days(
    session: Session, caller: Caller, message_id: int, shown_at: int, *, at: datetime
) -> None:
    """Show the days on which the asker may be to come again."""
    draft = draft_of(session, caller, message_id)
    today = day.of(followup.zone(draft.consultation), at)
    choices = [
        Button(
            "button.day",
            f"control:{draft.id}:{days}",
            {"day": day.short(today + timedelta(days=days))},
        )
        for days in DAYS
    ]
    rows = [choices[place : place + IN_A_ROW] for place in range(0, len(choices), IN_A_ROW)]
    rows.append([Button("button.no_control", f"control:{draft.id}:0")])
    text = words("closing.which_day")
    change(session, caller.bot_id, caller.person, shown_at, text, at=at, buttons=rows)


def choose_control(
    session: Session, caller: Caller, message_id: int, days: int, shown_at: int, *, at: datetime
) -> None:
    """Keep the day on which the asker shall come again, or none."""
    draft = draft_of(session, caller, message_id)
    today = day.of(followup.zone(draft.consultation), at)
    on = today + timedelta(days=min(days, max(DAYS))) if days else None
    holding.keep(session, draft, control_on=on)
    show(session, caller, draft, at=at, in_place_of=shown_at)


def show_medicines(
    session: Session, caller: Caller, message_id: int, skipped: int, shown_at: int, *, at: datetime
) -> None:
    """Show what the facility's signed list has, some at a time; a dose is never ours to name."""
    draft = draft_of(session, caller, message_id)
    role = role_of(session, caller)
    listed = page.allowed(session, role)
    chosen = holding.held(session, draft, scope.of_role(role)).medicine
    rows = [
        [
            Button(
                "button.chosen" if str(one.id) in chosen else "button.choice",
                f"choose_medicine:{draft.id}:{one.id}",
                {"label": shorten(one.label, LABEL)},
            )
        ]
        for one in listed[skipped : skipped + AT_ONCE]
    ]
    after = skipped + AT_ONCE
    if len(listed) > AT_ONCE:
        turn = ("button.more", after) if after < len(listed) else ("button.first", 0)
        label, after = turn
        rows.append([Button(label, f"medicine:{draft.id}:{after}")])
    prescribed = chosen == (sheet.PRESCRIPTION,)
    rows.append([Button("button.prescription", f"choose_medicine:{draft.id}:0")])
    rows.append([Button("button.done_choosing", f"form:{draft.id}")])
    key = "closing.prescribed" if prescribed else "closing.which_medicine"
    text = words(key if listed or prescribed else "closing.no_medicine")
    change(session, caller.bot_id, caller.person, shown_at, text, at=at, buttons=rows)


def choose_medicine(
    session: Session,
    caller: Caller,
    message_id: int,
    medicine_id: int,
    shown_at: int,
    *,
    at: datetime,
) -> None:
    """Take a medicine of the list into the closing, or out again; 0 is a prescription at the
    facility, which stands alone."""
    draft = draft_of(session, caller, message_id)
    role = role_of(session, caller)
    listed = [one.id for one in page.allowed(session, role)]
    chosen = holding.held(session, draft, scope.of_role(role)).medicine
    if not scope.of_role(role).prescribes:
        raise NotAllowed("closing.no_prescriber")
    if medicine_id == 0:
        only = (sheet.PRESCRIPTION,)
        chosen = () if chosen == only else only
    elif medicine_id in listed:
        others = tuple(one for one in chosen if one not in (str(medicine_id), sheet.PRESCRIPTION))
        chosen = others if str(medicine_id) in chosen else (*others, str(medicine_id))
        if len(chosen) > MOST:
            raise NotAllowed("closing.enough_medicine", count=MOST)
    else:
        raise NotFound("refusal.expired_button")
    holding.keep(session, draft, medicine=chosen or None)
    place = listed.index(medicine_id) if medicine_id in listed else 0
    show_medicines(session, caller, message_id, place - place % AT_ONCE, shown_at, at=at)


def show_ends(
    session: Session, caller: Caller, message_id: int, shown_at: int, *, at: datetime
) -> None:
    """Show the ways to end what chat was not the place for."""
    draft = draft_of(session, caller, message_id)
    text, _ = page.shown(session, draft, role_of(session, caller))
    rows = [*page.ends(draft, page.OTHERS), [Button("button.back", f"form:{draft.id}")]]
    change(session, caller.bot_id, caller.person, shown_at, text, at=at, buttons=rows)


def show_form(
    session: Session, caller: Caller, message_id: int, shown_at: int, *, at: datetime
) -> None:
    """Go back to the closing itself."""
    show(session, caller, draft_of(session, caller, message_id), at=at, in_place_of=shown_at)
