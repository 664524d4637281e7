"""The weekly roster: who works when. It switches duty on and off where its hours begin and end, and
leaves alone what a worker switched by hand in between."""

from datetime import UTC, date, datetime, timedelta

from models.role import Role
from services import day
from services.facility import opening
from services.facility.times import Times, clock_of

EARLIEST = 8
"""The hour of the next day, by the facility's clock, where nobody knows when it opens."""


def is_on_shift(role: Role, at: datetime) -> bool:
    """Tell whether a worker's roster has them on duty now; on holidays it has nobody."""
    times, holidays = _times(role, at)
    return role.roster is not None and times.is_open(at, holidays) is True


def next_shift(role: Role, *, at: datetime) -> datetime:
    """Give when a worker is back: by their roster, else when the facility opens next, else on the
    next morning."""
    times, holidays = _times(role, at)
    opens = times.opens(at, holidays)
    if opens is None:
        tomorrow = clock_of(times.zone, at).date() + timedelta(days=1)
        return day.moment_on(times.zone, tomorrow, EARLIEST)
    assert times.zone is not None  # noqa: S101 - without one nobody knows when it opens
    return (opens - times.zone.ahead).replace(tzinfo=UTC)


def _times(role: Role, at: datetime) -> tuple[Times, dict[date, str]]:
    assert role.facility is not None  # noqa: S101 - every verified worker has one
    known, holidays = opening.known(role.facility, at, None)
    if role.roster is not None:
        known = known._replace(hours=role.roster, all_day=False)
    return known, holidays
