"""All regions in memory: codes, names, middles; as arrays, because there are 91,599 of them."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from math import isnan, nan

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.region import Level, Region
from services.content import other_names
from services.spelling import Names
from services.sphere import Points

_WIDTHS = {Level.PROVINCE: 10**8, Level.REGENCY: 10**6, Level.DISTRICT: 10**4, Level.VILLAGE: 1}
"""How many numbers a region's own and those inside it take, its code written as ten digits."""
_TITLES = ("Kabupaten Administrasi ", "Kota Administrasi ", "Kabupaten ", "Kota ", "")
_CITIES = frozenset({1, 3})


Row = tuple[str, str, float | None, float | None]
"""Code, name, latitude and longitude."""


@dataclass(frozen=True, slots=True)
class Place:
    """One region as people meet it; where its middle is not known, both coordinates are None."""

    code: str
    level: int
    name: str
    latitude: float | None
    longitude: float | None


class Regions:
    """The regions in the order of their codes, each known by its row: 0, 1, 2 …

    A region's row is followed by those of all regions inside it.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        codes, spoken = array("q"), []
        titles, latitudes, longitudes = array("B"), array("d"), array("d")
        for code, name, latitude, longitude in rows:
            title = _title(code, name)
            codes.append(_number(code))
            titles.append(title)
            spoken.append(name[len(_TITLES[title]) :])
            latitudes.append(nan if latitude is None else latitude)
            longitudes.append(nan if longitude is None else longitude)
        # Ordered here, not by the database: PostgreSQL's order of text depends on its locale.
        order = sorted(range(len(codes)), key=codes.__getitem__)
        self._codes = array("q", map(codes.__getitem__, order))
        self._titles = array("B", map(titles.__getitem__, order))
        self._latitudes = array("d", map(latitudes.__getitem__, order))
        self._longitudes = array("d", map(longitudes.__getitem__, order))
        self._villages = array("I", self._with_middle())
        self._middles = Points(
            [self._latitudes[row] for row in self._villages],
            [self._longitudes[row] for row in self._villages],
        )
        self._number_names([spoken[at] for at in order])

    def _number_names(self, spoken: list[str]) -> None:
        """Number the names: first those of larger regions, so that they can be searched alone."""
        above = zip(self._codes, enumerate(spoken), strict=True)
        larger = [one for number, one in above if not _is_village(number)]
        also = list(self._also(larger))
        numbers: dict[str, int] = {}
        for _, name in chain(larger, also):
            numbers.setdefault(name, len(numbers))
        self.larger = len(numbers)
        for name in spoken:
            numbers.setdefault(name, len(numbers))
        self._spoken = array("I", map(numbers.__getitem__, spoken))
        borne = Counter(self._spoken)
        borne.update(numbers[name] for _, name in also)
        self._first = array("I", accumulate((borne[at] for at in range(len(numbers))), initial=0))
        self._named = array("I", [0]) * self._first[-1]
        free = self._first[:]
        for row, number in chain(enumerate(self._spoken), ((r, numbers[name]) for r, name in also)):
            self._named[free[number]] = row
            free[number] += 1
        self.names = Names(list(numbers))

    def _also(self, larger: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """Yield what regions are also called, «Derawan» for Pulau Derawan."""
        known = other_names()
        for row, name in larger:
            level = self.level(row)
            if level == Level.PROVINCE or self.is_city(row):
                yield from ((row, other) for other in known.get(name, ()))
            if level > Level.PROVINCE and name.startswith(("Pulau ", "Kepulauan ")):
                yield row, name.partition(" ")[2]

    def __len__(self) -> int:
        """Give how many regions there are."""
        return len(self._codes)

    def row(self, code: str) -> int | None:
        """Give the row of a region by its dotted code."""
        return self._row(_number(code)) if code else None

    def place(self, row: int) -> Place:
        """Give a region as people meet it."""
        level = self.level(row)
        latitude, longitude = self.middle(row) or (None, None)
        name = _TITLES[self._titles[row]] + self.names.names[self._spoken[row]]
        return Place(_dotted(self._codes[row], level), level, name, latitude, longitude)

    def middle(self, row: int) -> tuple[float, float] | None:
        """Give the middle of a region's area, None where it is not known."""
        latitude = self._latitudes[row]
        return None if isnan(latitude) else (latitude, self._longitudes[row])

    def level(self, row: int) -> Level:
        """Tell how large a region is."""
        number = self._codes[row]
        if _is_village(number):
            return Level.VILLAGE
        if number % 10**6:
            return Level.DISTRICT
        return Level.REGENCY if number % 10**8 else Level.PROVINCE

    def is_city(self, row: int) -> bool:
        """Tell whether a region is a kota, not a kabupaten."""
        return self._titles[row] in _CITIES

    def is_town_village(self, row: int) -> bool:
        """Tell a kelurahan from a desa: the first of its four digits is 1 (Permendagri 72/2019)."""
        return self._codes[row] % 10**4 // 1000 == 1

    def above(self, row: int) -> list[int]:
        """Give the rows of a region and of those around it, the largest first."""
        number = self._codes[row]
        numbers = dict.fromkeys(number // width * width for width in _WIDTHS.values())
        return [found for one in numbers if (found := self._row(one)) is not None]

    def inside(self, row: int) -> range:
        """Give the rows of the regions inside one."""
        end = self._codes[row] + _WIDTHS[self.level(row)]
        return range(row + 1, bisect_left(self._codes, end))

    def named(self, number: int) -> "array[int]":
        """Give the rows that bear a name, by the name's number in `names`."""
        return self._named[self._first[number] : self._first[number + 1]]

    def name_numbers(self, rows: range) -> "array[int]":
        """Give the numbers of these rows' names."""
        return self._spoken[rows.start : rows.stop]

    def nearest_village(self, latitude: float, longitude: float) -> int | None:
        """Give the village whose middle is nearest."""
        found = self._middles.nearest(latitude, longitude, 1)
        return self._villages[found[0][0]] if found else None

    def _with_middle(self) -> Iterator[int]:
        for row, (number, latitude) in enumerate(zip(self._codes, self._latitudes, strict=True)):
            if _is_village(number) and not isnan(latitude):
                yield row

    def _row(self, number: int) -> int | None:
        row = bisect_left(self._codes, number)
        return row if row < len(self) and self._codes[row] == number else None


def read(session: Session) -> Regions:
    """Read all regions from the database."""
    query = select(Region.code, Region.name, Region.latitude, Region.longitude)
    # The bare connection gives 91,599 rows in a third of the time that the session takes.
    rows = session.connection().execute(query, execution_options={"yield_per": 1000})
    return Regions((code, name, latitude, longitude) for code, name, latitude, longitude in rows)


def _title(code: str, name: str) -> int:
    """Give which of the titles a regency's name begins with; the last is none."""
    if code.count(".") != 1:
        return len(_TITLES) - 1
    return next(at for at, title in enumerate(_TITLES) if name.startswith(title))


def _number(code: str) -> int:
    """Write a code as ten digits: 33.29 becomes 3329000000; 0 for what is no code."""
    digits = code.replace(".", "")
    return int(digits.ljust(10, "0")) if digits.isdecimal() and len(digits) <= 10 else 0


def _is_village(number: int) -> bool:
    return number % 10**4 > 0


def _dotted(number: int, level: Level) -> str:
    digits = f"{number:010}"
    parts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
    return ".".join(parts[:level])
