"""Days of the calendar and stretches of time, as people here write and read them."""

import re
from datetime import UTC, date, datetime, timedelta

from models.facility import Zone
from services.content import catalogue, one_of, plain

WAKING = range(6, 21)
"""The hours, by the clocks where people live, in which what can wait may disturb them."""

ASKING = range(7, 20)
"""The hours in which people are asked what can wait: not at dawn, not at bedtime."""


def text(day: date) -> str:
    """Give a day in words: «31 Desember 2028»."""
    return plain("day.text", day=day.day, month=one_of("day.months", day.month - 1), year=day.year)


def month(on: date) -> str:
    """Give a month in words: «Desember 2028»."""
    return plain("day.month", month=one_of("day.months", on.month - 1), year=on.year)


def short(on: date) -> str:
    """Say a day on a button: «Sen 30/11»."""
    return f"{weekdays()[on.weekday()][:3]} {on.day}/{on.month}"


def moment(local: datetime, today: date) -> str:
    """Give a moment that has passed, on its own clock: «21.40», with its day if not today."""
    hour = f"{local:%H.%M}"
    return hour if local.date() == today else f"{text(local.date())} {hour}"


def span(passed: timedelta) -> str:
    """Give a stretch of time as people say it, in whole units: «12 menit», «3 jam», «2 hari»."""
    minutes = max(passed // timedelta(minutes=1), 1)
    if minutes < 2 * 60:
        return plain("day.minutes", count=minutes)
    if minutes < 2 * 24 * 60:
        return plain("day.hours", count=minutes // 60)
    return plain("day.days", count=minutes // (24 * 60))


def read(typed: str) -> date | None:
    """Understand «31 Desember 2028», «31-12-2028», «31/12/2028» and «2028-12-31»; else None."""
    parts = re.findall(r"\d+|[^\W\d]+", typed.lower())
    if len(parts) != 3:
        return None
    first, month, last = parts
    if len(first) == 4:
        first, last = last, first
    if not (first.isdecimal() and re.fullmatch(r"[12]\d{3}", last, re.ASCII)):
        return None
    try:
        return date(int(last), int(month) if month.isdecimal() else _month(month), int(first))
    except ValueError:
        return None


def of(zone: Zone | None, at: datetime) -> date:
    """Give the day that people in that zone have at a moment (WIB where it is not known)."""
    return (at + (zone or Zone.WIB).ahead).date()


def is_night(zone: Zone | None, at: datetime) -> bool:
    """Tell whether people in that zone sleep (WIB where it is not known): from 21 to 6."""
    return (at + (zone or Zone.WIB).ahead).hour not in WAKING


def by_day(zone: Zone | None, at: datetime) -> datetime:
    """Give the moment itself, or the next seven o'clock of people in that zone where it is too late
    or too early to ask them anything."""
    local = at + (zone or Zone.WIB).ahead
    if local.hour in ASKING:
        return at
    days = timedelta(days=local.hour >= ASKING.stop)
    return moment_on(zone, local.date() + days, ASKING.start)


def moment_on(zone: Zone | None, on: date, hour: int) -> datetime:
    """Give the moment at which people in that zone have this hour of this day."""
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC) - (zone or Zone.WIB).ahead


def weekdays() -> list[str]:
    """Give the names of the weekdays, Monday first."""
    return _names("day.weekdays")


def _month(typed: str) -> int:
    """Give a month's number by the beginning of its name; raises ValueError for what is none."""
    names = [name.lower().startswith(typed) for name in _names("day.months")]
    if len(typed) < 3 or sum(names) != 1:
        raise ValueError(typed)
    return names.index(True) + 1


def _names(key: str) -> list[str]:
    return catalogue()[key].split(" · ")
