"""The regions as an import needs them: by the names that lists use, and by points.

Only middles of villages are known, no borders: a point counts as being in the regency of the
village whose middle is nearest.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.region import Level, Region
from services.sphere import Points

FIRST_CITY = 71
"""Cities are numbered from 71 within their province, regencies from 01 (Kemendagri)."""
RENAMED = {
    "tobasamosir": "toba",
    "padangsidempuan": "padangsidimpuan",
    "mahakamhulu": "mahakamulu",
    "pangkajenekepulauan": "pangkajenedankepulauan",
    "pangkep": "pangkajenedankepulauan",
    "malukutenggarabarat": "kepulauantanimbar",
}
"""Names that lists still have, with today's."""
SPLIT = {"91": {"91", "93", "94", "95"}, "92": {"92", "96"}}
"""Papua and West Papua as lists before 2022 mean them, with the provinces they became."""
_ABBREVIATED = re.compile(
    r"^(kabupaten|kab|kotamadya|kota|kodya)\b[\s.]*(?:administrasi|adm\b)?[\s.]*"
)
_HEADING = re.compile(r"(?:kabupaten|kab\.|kota)\s+\S.*$", re.IGNORECASE | re.DOTALL)


class Spot(NamedTuple):
    """Where a point is, as far as middles of villages tell."""

    village: str
    metres: float

    @property
    def regency(self) -> str:
        """Give the regency's code."""
        return self.village[:5]


class Country:
    """Indonesia's regions in memory; empty where none were imported."""

    def __init__(self, session: Session) -> None:
        self._middles: dict[str, tuple[float, float]] = {}
        self._provinces: dict[str, str] = {}
        self._regencies: dict[str, list[str]] = defaultdict(list)
        self._districts: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._villages: list[str] = []
        self._latitudes, self._longitudes = array("d"), array("d")
        self._of: dict[str, array[int]] = defaultdict(lambda: array("i"))
        self._near: dict[str, Points] = {}
        self._last: tuple[tuple[float, float] | None, Spot | None] = (None, None)
        for row in session.execute(
            select(
                Region.code, Region.level, Region.name, Region.latitude, Region.longitude
            ).execution_options(yield_per=1_000)
        ):
            self._take(*row)

    def _take(
        self, code: str, level: int, name: str, latitude: float | None, longitude: float | None
    ) -> None:
        if level == Level.VILLAGE:
            if latitude is not None and longitude is not None:
                self._of[code[:5]].append(len(self._villages))
                self._villages.append(code)
                self._latitudes.append(latitude)
                self._longitudes.append(longitude)
            return
        if latitude is not None and longitude is not None:
            self._middles[code] = (latitude, longitude)
        if level == Level.PROVINCE:
            self._provinces[_province(name)] = code
        elif level == Level.REGENCY:
            self._regencies[_bare(name)].append(code)
        else:
            self._districts[code[:5], letters(name)].append(code)

    @property
    def is_known(self) -> bool:
        """Tell whether regions were imported, with villages to measure by."""
        return bool(self._villages)

    def regencies(self, name: str, cities: Collection[str] = ()) -> tuple[str, ...]:
        """Give the codes that a stated regency may mean: one, none, or both of a regency and the
        city of its name. A name without «Kota» means the regency where the same list names that
        city by itself (`cities`)."""
        heading = _HEADING.search(name)
        stated = heading[0] if heading else name
        codes = self._regencies.get(_bare(stated)) or self._regencies.get(letters(stated), [])
        begins = _ABBREVIATED.match(stated.strip().lower())
        if begins and _bare(stated) in self._regencies:
            is_city = begins[1].startswith(("kota", "kod"))
            return tuple(code for code in codes if (int(code[3:]) >= FIRST_CITY) == is_city)
        if len(codes) > 1 and _bare(stated) in cities:
            return tuple(code for code in codes if int(code[3:]) < FIRST_CITY)
        return tuple(codes)

    def provinces(self, name: str) -> set[str]:
        """Give the codes that a stated province may mean."""
        code = self._provinces.get(_province(name))
        return SPLIT.get(code, {code}) if code else set()

    def inside(self, provinces: Collection[str]) -> tuple[str, ...]:
        """Give the regencies of some provinces."""
        codes = (code for found in self._regencies.values() for code in found)
        return tuple(code for code in codes if code[:2] in provinces)

    def district(self, regencies: Collection[str], name: str) -> str | None:
        """Give the district of that name in these regencies, where there is exactly one."""
        named = letters(re.sub(r"^\s*(kecamatan|kec\b|distrik)[\s.]*", "", name.lower()))
        found = [code for one in regencies for code in self._districts.get((one, named), ())]
        return found[0] if len(found) == 1 else None

    def middle(self, code: str) -> tuple[float, float] | None:
        """Give the middle of a region."""
        return self._middles.get(code)

    def spot(self, latitude: float, longitude: float) -> Spot | None:
        """Give the village whose middle is nearest."""
        if self._last[0] != (latitude, longitude):
            self._last = ((latitude, longitude), self._spot(latitude, longitude))
        return self._last[1]

    def _spot(self, latitude: float, longitude: float) -> Spot | None:
        found = self._points.nearest(latitude, longitude, 1)
        return Spot(self._villages[found[0][0]], found[0][1]) if found else None

    def away(self, latitude: float, longitude: float, regencies: Collection[str]) -> float:
        """Give the metres to the nearest middle of a village of these regencies."""
        return min((self._metres(latitude, longitude, one) for one in regencies), default=0.0)

    def _metres(self, latitude: float, longitude: float, regency: str) -> float:
        if regency not in self._near:
            of = self._of[regency]
            self._near[regency] = Points(
                [self._latitudes[i] for i in of], [self._longitudes[i] for i in of]
            )
        found = self._near[regency].nearest(latitude, longitude, 1)
        return found[0][1] if found else 0.0

    @cached_property
    def _points(self) -> Points:
        return Points(self._latitudes, self._longitudes)


def letters(name: str) -> str:
    """Give the letters of a name alone: «R I A U» is Riau."""
    return re.sub(r"[^a-z]", "", name.lower())


def city(name: str) -> str | None:
    """Give the name of the city that a stated regency is, if it says so."""
    begins = _ABBREVIATED.match(name.strip().lower())
    return _bare(name) if begins and begins[1].startswith(("kota", "kod")) else None


def _bare(name: str) -> str:
    bare = letters(_ABBREVIATED.sub("", name.strip().lower()))
    return RENAMED.get(bare, bare)


def _province(name: str) -> str:
    plain = letters(re.sub(r"^\s*(provinsi|prov\b\.?)", "", name.lower()))
    plain = re.sub(r"^(daerahkhususibukota|dki|daerahkhusus)(?=jakarta)", "dki", plain)
    plain = plain if plain != "jakarta" else "dkijakarta"
    return re.sub(r"^(daerahistimewa|di|)(?=yogyakarta)", "daerahistimewa", plain)
