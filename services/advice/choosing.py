"""What is tapped in a closing: a code, the day to come again, another way to end."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services import day, diagnosis, followup
from services.advice import holding, page
from services.advice.writing import draft_of, role_of, show
from services.content import words
from services.mail import Button, change
from services.person import Caller

DAYS = (1, 2, 3, 5, 7, 10, 14, 30)
"""Days ahead among which the day to come again is chosen."""
IN_A_ROW = 4


def choose_code(
    session: Session, caller: Caller, message_id: int, code: str, shown_at: int, *, at: datetime
) -> None:
    """The worker taps the code that fits; the words stay theirs."""
    draft = draft_of(session, caller, message_id)
    holding.keep(session, draft, code=diagnosis.normal(code))
    show(session, caller, draft, at=at, in_place_of=shown_at)


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
