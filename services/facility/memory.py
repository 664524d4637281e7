"""The facilities as they are kept in memory for `services/atlas.py`: where, which kind, what is
confirmed, when open."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Facility, Fact, Has, Holiday, Kind, Poli, Zone
from services.content import fixed_holidays
from services.facility.times import Times, clock_of, zone_of
from services.sphere import ALL, Points

Class = tuple[Kind | None, frozenset[Has], Times]
"""What a search can ask for; facilities that are alike in it are of one class."""


class Facilities:
    """Every facility that has a point and has not ended, in the order of the ids."""

    def __init__(self, session: Session) -> None:
        facts = _by_facility(session, select(Fact.facility_id, Fact.what).where(Fact.holds))
        polis = _by_facility(session, select(Poli.facility_id, Poli.hours).order_by(Poli.name))
        days = _by_facility(session, select(Holiday.facility_id, Holiday.on))
        self.ids, self.latitudes, self.longitudes = array("q"), array("d"), array("d")
        numbers: dict[Class, int] = {}
        classes = array("i")
        for one, kind, zone, region, hours, latitude, longitude in session.execute(_PLACES):
            if latitude is None or longitude is None:
                continue
            has = frozenset(facts.get(one, ()))
            times = Times(
                zone_of(zone, region),
                hours,
                () if hours else tuple(polis.get(one, ())),
                Has.ALL_DAY in has,
                frozenset(days.get(one, ())),
            )
            known = times if hours or times.polis or times.all_day else _UNKNOWN
            classes.append(numbers.setdefault((kind, has, known), len(numbers)))
            self.ids.append(one)
            self.latitudes.append(latitude)
            self.longitudes.append(longitude)
        self._holidays = frozenset(days.get(None, ()))
        self._open: tuple[datetime | None, int] = None, 0
        self.points = Points(self.latitudes, self.longitudes, classes)
        self._kinds: Mapping[Kind | None, int] = _masks((c[0], n) for c, n in numbers.items())
        self._facts: Mapping[Has, int] = _masks((f, n) for c, n in numbers.items() for f in c[1])
        self._times: Mapping[Times, int] = _masks((c[2], n) for c, n in numbers.items())

    def of(self, kinds: Collection[Kind], needs: Collection[Has]) -> int:
        """Give the mask of the classes of one of the kinds (none named: any) with all the needs."""
        wanted = ALL
        if kinds:
            wanted = 0
            for kind in kinds:
                wanted |= self._kinds.get(kind, 0)
        for need in needs:
            wanted &= self._facts.get(need, 0)
        return wanted

    def open_at(self, at: datetime) -> int:
        """Give the mask of the classes that are known to be open at a moment."""
        minute = at.replace(second=0, microsecond=0)
        if self._open[0] != minute:  # whoever asks within the same minute gets the same answer
            self._open = minute, self._opened(at)
        return self._open[1]

    def _opened(self, at: datetime) -> int:
        clocks = {zone: clock_of(zone, at) for zone in (None, *Zone)}
        days = {clock.date() for clock in clocks.values()}
        fixed = fixed_holidays()
        holidays = {day for day in days if day in self._holidays or (day.month, day.day) in fixed}
        found = 0
        for times, mask in self._times.items():
            clock = clocks[times.zone]
            if times.is_open_on(clock.date(), 60 * clock.hour + clock.minute, holidays):
                found |= mask
        return found


_UNKNOWN = Times(None)
_PLACES = (
    select(
        Facility.id,
        Facility.kind,
        Facility.zone,
        Facility.region_code,
        Facility.hours,
        Facility.latitude,
        Facility.longitude,
    )
    .where(Facility.ended_on.is_(None))
    .order_by(Facility.id)
    .execution_options(yield_per=1000)  # else all rows are in memory at once, and leave holes there
)


def _by_facility(session: Session, pairs: Any) -> dict[int | None, list[Any]]:
    found = defaultdict(list)
    for one, value in session.execute(pairs):
        found[one].append(value)
    return found


def _masks(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    found: dict[Any, int] = defaultdict(int)
    for key, number in pairs:
        found[key] |= 1 << number
    return dict(found)
