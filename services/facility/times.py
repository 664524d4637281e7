"""The rule by which a place is open, apart from where its times are kept."""

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from models.facility import Zone
from services import region
from services.hours import MIDNIGHT, Span, Week, parse

AHEAD = 14
"""Days in which the next opening is looked for: longer than Idulfitri and the weekends around."""
DAY = timedelta(days=1)
_ROUND_THE_CLOCK = (((0, MIDNIGHT),),) * 7


class Times(NamedTuple):
    """All that decides when a place is open; without a zone its hours say nothing."""

    zone: Zone | None
    hours: str | None = None
    polis: tuple[str, ...] = ()
    """The hours of its polis, for where its own are not known: then it is open when one of them is,
    and nobody knows whether it is closed else."""
    all_day: bool = False
    """Whether somebody confirmed that it never closes."""
    closed: frozenset[date] = frozenset()
    """Holidays of its own."""

    def is_open(self, at: datetime, holidays: Container[date]) -> bool | None:
        """Tell whether it is open, `holidays` being everybody's; None where that is not known."""
        local = self.local(at)
        return self.is_open_on(local.date(), 60 * local.hour + local.minute, holidays)

    def is_open_on(self, day: date, minute: int, holidays: Container[date]) -> bool | None:
        """Tell the same for a day and minute on its own clock."""
        if self.all_day:
            return day not in self.closed
        weeks = self._weeks()
        for week in weeks:
            for opens, closes in self._of_day(week, day, holidays):
                if opens <= minute < closes:
                    return True
        return False if weeks and self.hours else None

    def closes(self, at: datetime, holidays: Container[date]) -> datetime | None:
        """Give when it closes that is open now, on its own clock; None where it does not soon."""
        now = self.local(at)
        end = next((end for begin, end in self._spans(now, holidays) if begin <= now < end), None)
        return None if end is None or end - now > AHEAD * DAY else end

    def opens(self, at: datetime, holidays: Container[date]) -> datetime | None:
        """Give when it opens next, on its own clock; None where nobody knows, or not soon."""
        now = self.local(at)
        return next((begin for begin, _ in self._spans(now, holidays) if begin > now), None)

    def local(self, at: datetime) -> datetime:
        """Give what its clock shows."""
        return clock_of(self.zone, at)

    def _spans(self, now: datetime, holidays: Container[date]) -> list[tuple[datetime, datetime]]:
        """Give from when until when it is open, from yesterday on, joined where they meet."""
        joined: list[tuple[datetime, datetime]] = []
        for opens, closes in self._pieces(now.date(), holidays):
            if joined and opens <= joined[-1][1]:
                begin, end = joined.pop()
                joined.append((begin, max(end, closes)))
            else:
                joined.append((opens, closes))
        return joined

    def _pieces(
        self, today: date, holidays: Container[date]
    ) -> Iterator[tuple[datetime, datetime]]:
        weeks = self._weeks()
        for day in (today + n * DAY for n in range(-1, AHEAD + 2)):
            midnight = datetime.combine(day, time())
            for opens, closes in sorted(s for w in weeks for s in self._of_day(w, day, holidays)):
                yield midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)

    def _weeks(self) -> list[Week]:
        if self.zone is None:
            return []
        return [week for week in map(_week, [self.hours] if self.hours else self.polis) if week]

    def _of_day(self, week: Week, day: date, holidays: Container[date]) -> tuple[Span, ...]:
        """A place that is open day and night, all week, does not close with everybody."""
        closed = day in self.closed or (week != _ROUND_THE_CLOCK and day in holidays)
        return () if closed else week[day.weekday()]


def zone_of(zone: Zone | None, region_code: str | None) -> Zone | None:
    """Give the zone that a facility states, else its region's; None where neither is known."""
    return zone or region.zone(region_code or "")


def clock_of(zone: Zone | None, at: datetime) -> datetime:
    """Give what a zone's clocks show (WIB's where the zone is not known), as a naive moment."""
    return at.astimezone(UTC).replace(tzinfo=None) + (zone or Zone.WIB).ahead


@lru_cache(maxsize=4096)  # thousands of facilities share a few hundred weeks
def _week(hours: str) -> Week | None:
    """Read the hours of a week; None for what nobody can read, which is as good as not known."""
    try:
        return parse(hours)
    except ValueError:
        return None
