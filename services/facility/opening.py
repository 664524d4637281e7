"""When a facility is open: by its week, its zone, its holidays and what was confirmed of it.

What is not known stays so: None is neither open nor closed, and people are told that nobody knows.
"""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from models.facility import Facility, Has, Holiday, Poli
from services import day as days
from services.content import Html, fixed_holidays, plain, words
from services.facility.times import AHEAD, DAY, Times, zone_of
from services.hours import clock


def is_open(facility: Facility, at: datetime, poli: Poli | None = None) -> bool | None:
    """Tell whether a facility, or one poli of it, is open; None where that is not known."""
    if facility.ended_on is not None:
        return False
    times, holidays = known(facility, at, poli)
    return times.is_open(at, holidays)


def next_opening(facility: Facility, at: datetime, poli: Poli | None = None) -> datetime | None:
    """Give when a facility that is closed opens again; None where it is not closed, has ended, or
    nobody knows when."""
    times, holidays = known(facility, at, poli)
    if is_open(facility, at, poli) is not False or facility.ended_on or times.zone is None:
        return None
    opens = times.opens(at, holidays)
    return None if opens is None else (opens - times.zone.ahead).replace(tzinfo=UTC)


def opening_words(
    session: Session, facility: Facility, at: datetime, poli: Poli | None = None
) -> Html:
    """Say whether it is open, until when or from when again, or that this is not known.

    «24 jam» is said only where somebody confirmed it, with who and the day.
    """
    if facility.ended_on is not None:
        return words("opening.ended")
    times, holidays = known(facility, at, poli)
    opened, today = times.is_open(at, holidays), times.local(at).date()
    if opened is None:
        return words("opening.unknown")
    if not opened:
        return _closed(times, at, holidays)
    if times.all_day:
        fact = next(one for one in facility.facts if one.what is Has.ALL_DAY)
        return words("opening.all_day", by=fact.by, day=days.text(fact.checked_on))
    closes = times.closes(at, holidays)
    if closes is None:
        return words("opening.always")
    if closes == datetime.combine(today + DAY, datetime.min.time()):
        return words("opening.until", when=clock(24 * 60))
    return words("opening.until", when=named(closes, today))


def holidays(session: Session | None, first: date, last: date) -> dict[date, str]:
    """Give the names of everybody's holidays from one day to another."""
    fixed = fixed_holidays()
    span = (first + n * DAY for n in range((last - first).days + 1))
    found = {day: fixed[day.month, day.day] for day in span if (day.month, day.day) in fixed}
    return found | _entered(session, None, first, last)


def known(facility: Facility, at: datetime, poli: Poli | None) -> tuple[Times, dict[date, str]]:
    """Give when it is open, and the names of everybody's holidays around that moment."""
    session, today = object_session(facility), facility.day(at)
    around = today - DAY, today + (AHEAD + 1) * DAY
    closed = _entered(session, facility.id, *around)
    own = poli.hours if poli is not None else facility.hours
    all_day = poli is None and any(one.what is Has.ALL_DAY and one.holds for one in facility.facts)
    polis = tuple(one.hours for one in facility.polis)
    times = Times(
        zone_of(facility.zone, facility.region_code), own, polis, all_day, frozenset(closed)
    )
    return times, holidays(session, *around) | closed


def _entered(session: Session | None, of: int | None, first: date, last: date) -> dict[date, str]:
    if session is None:
        return {}
    entered = select(Holiday.on, Holiday.name).where(Holiday.on.between(first, last))
    return dict(session.execute(entered.where(Holiday.facility_id == of)).all())


def _closed(times: Times, at: datetime, holidays: dict[date, str]) -> Html:
    today, opens = times.local(at).date(), times.opens(at, holidays)
    if opens is None:
        return words("opening.closed")
    when = named(opens, today)
    if today in holidays:
        return words("opening.holiday", holiday=holidays[today], when=when)
    return words("opening.again", when=when)


def named(moment: datetime, today: date) -> str:
    """Name a moment of the coming days: «14.00», «besok 07.30», «Senin 07.30», with the date from
    a week on."""
    hour, ahead = clock(60 * moment.hour + moment.minute), (moment.date() - today).days
    if ahead == 0:
        return hour
    if ahead == 1:
        return plain("opening.tomorrow", hour=hour)
    day = days.weekdays()[moment.weekday()]
    return f"{day} {hour}" if ahead < 7 else f"{day}, {days.text(moment.date())}, {hour}"
