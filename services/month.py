"""What the askers of a facility said of a month: was it understood, how is it now, how was it.

Counts, and words without names: nobody is ranked by them.
"""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.facility import Facility
from models.followup import Ask, Followup
from models.seal import Unreadable
from services import audit, credential, day, facility
from services.content import Html, joined, words
from services.mail import Button, tell
from services.person import Caller
from services.text import clean, mask, shorten

FAR = 12
"""Months back that can be looked at."""
SHOWN = 10
"""Words of askers on one screen."""
LONGEST = 200
"""Characters of each."""


def show(session: Session, caller: Caller, back: int, *, at: datetime) -> None:
    """Show an admin one month of their facility, so many months back; that they read the words is
    noted."""
    credential.must_be_admin(session, caller.person)
    home, back = facility.home(session, caller.bot_id), min(back, FAR)
    since, until = bounds(home, back, at)
    said = _said(session, home, since, until)
    marks = [int(mark) * count for (ask, mark), count in said.items() if ask is Ask.RATING]
    rated = sum(count for (ask, _), count in said.items() if ask is Ask.RATING)
    text = words(
        "month.page",
        month=day.month(day.of(home.zone, since)),
        facility=home.name,
        closed=_closed(session, home, since, until),
        understood=said[Ask.UNDERSTOOD, "yes"],
        unclear=said[Ask.UNDERSTOOD, "unclear"] + said[Ask.UNDERSTOOD, "explain"],
        well=said[Ask.STATE, "0"],
        help=said[Ask.STATE, "1"],
        count=rated,
        average=f"{sum(marks) / rated:.1f}".replace(".", ",") if rated else "-",
    )
    lines = [text, *_words(session, caller, home, since, until, at=at)]
    rows = []
    if back < FAR:
        rows.append([Button("button.month_before", f"month:{back + 1}")])
    tell(session, caller.bot_id, caller.person, joined("\n", lines), at=at, buttons=rows)


def bounds(home: Facility, back: int, at: datetime) -> tuple[datetime, datetime]:
    """Give when the month began and ended by the facility's clocks."""
    first = day.of(home.zone, at).replace(day=1)
    for _ in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return day.moment_on(home.zone, first, 0), day.moment_on(home.zone, after, 0)


def _closed(session: Session, home: Facility, since: datetime, until: datetime) -> int:
    counted = select(func.count()).where(
        Consultation.facility_id == home.id,
        Consultation.outcome.is_not(None),
        Consultation.ended_at.between(since, until),
    )
    return session.scalar(counted) or 0


def _said(
    session: Session, home: Facility, since: datetime, until: datetime
) -> Counter[tuple[Ask, str]]:
    rows = session.execute(
        select(Followup.ask, Followup.answer, func.count())
        .join(Followup.consultation)
        .where(
            Consultation.facility_id == home.id,
            Followup.answered_at.between(since, until),
            Followup.answer.is_not(None),
        )
        .group_by(Followup.ask, Followup.answer)
    )
    return Counter({(ask, str(answer)): count for ask, answer, count in rows})


def _words(
    session: Session,
    caller: Caller,
    home: Facility,
    since: datetime,
    until: datetime,
    *,
    at: datetime,
) -> list[Html]:
    """Give the newest words that came with a mark, numbers covered."""
    rows = session.scalars(
        select(Followup)
        .join(Followup.consultation)
        .where(
            Consultation.facility_id == home.id,
            Followup.ask == Ask.RATING,
            Followup.sealed.is_not(None),
            Followup.answered_at.between(since, until),
        )
        .order_by(Followup.answered_at.desc())
        .limit(SHOWN)
    )
    lines = []
    for row in rows:
        try:
            said = row.read(session).get("words", "")
        except Unreadable:
            continue
        if said:
            audit.note(session, caller.person, "read", row, at=at)
            text = shorten(mask(clean(str(said))), LONGEST)
            lines.append(words("month.words", mark=row.answer or "-", text=text))
    return lines
