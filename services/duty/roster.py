"""The weekly roster: who works when. It switches duty on and off where its hours begin and end, and
leaves alone what a worker switched by hand in between."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from models.facility import Facility
from models.role import Role
from services import day
from services.facility import opening
from services.facility.times import Times, clock_of
from services.hours import Span, Week, parse

Known = tuple[Times, dict[date, str]]
"""When a facility is open, and the holidays around."""

EARLIEST = 8
"""The hour of the next day, by the facility's clock, where nobody knows when it opens."""


def is_on_shift(role: Role, at: datetime, known: Known | None = None) -> bool:
    """Tell whether a worker's roster has them on duty now; on holidays it has nobody. Who asks for
    many workers of a facility gives what is `known` of it."""
    times, holidays = _times(role, at, known)
    return role.roster is not None and times.is_open(at, holidays) is True


def gaps(home: Facility, crew: Iterable[Role]) -> Week | None:
    """Give when a facility is open and no roster has anybody there; None where its hours are not
    known."""
    if home.hours is None:
        return None
    weeks = [parse(role.roster) for role in crew if role.roster is not None]
    return tuple(
        tuple(piece for span in spans for piece in _uncovered(span, number, weeks))
        for number, spans in enumerate(parse(home.hours))
    )


def _uncovered(span: Span, number: int, weeks: Iterable[Week]) -> list[Span]:
    begin, end = span
    left = []
    for opens, closes in sorted(one for week in weeks for one in week[number]):
        if opens > begin:
            left.append((begin, min(opens, end)))
        begin = max(begin, closes)
        if begin >= end:
            break
    left.append((begin, end))
    return [(opens, closes) for opens, closes in left if opens < closes]


def next_shift(role: Role, *, at: datetime) -> datetime:
    """Give when a worker is back: by their roster, else when the facility opens next, else on the
    next morning."""
    times, holidays = _times(role, at, None)
    opens = times.opens(at, holidays)
    if opens is None:
        tomorrow = clock_of(times.zone, at).date() + timedelta(days=1)
        return day.moment_on(times.zone, tomorrow, EARLIEST)
    assert times.zone is not None  # noqa: S101 - without one nobody knows when it opens
    return (opens - times.zone.ahead).replace(tzinfo=UTC)


def _times(role: Role, at: datetime, known: Known | None) -> Known:
    assert role.facility is not None  # noqa: S101 - every verified worker has one
    times, holidays = known or opening.known(role.facility, at, None)
    if role.roster is not None:
        times = times._replace(hours=role.roster, all_day=False)
    return times, holidays
