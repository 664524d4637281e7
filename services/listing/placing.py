"""Where a facility is: its point against the regency that the list states.

A point is mended only where exactly one meaning of what is written lies in that regency. Where it
lies elsewhere, the middle of the stated district or regency stands for it, and says so.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from models.facility import Accuracy
from services.listing import coordinate
from services.listing.column import Field
from services.listing.coordinate import Point
from services.listing.country import Country
from services.listing.defect import Defect, Remark

MANY = 5
"""Facilities on one point, of regencies most of which it does not lie in: nobody's point."""
REGIONS = 3
"""How many regions these must be of, at least: two may share a border."""
BORDER = 2_000.0
"""Metres that a point's next village of the stated regency may be farther off than its nearest
village: the middles of villages know a border no better, so such a point is reported and kept."""
CONFIRMS = 5_000.0
"""Metres to a village of the stated regency within which a mended point is the one meant."""
ON_LAND = 60_000.0
"""Metres to the nearest village beyond which a point is at sea or abroad."""
CLOSE = 15_000.0
"""Metres to the nearest village within which a mended point is on land."""


@dataclass(slots=True)
class Placed:
    """A facility's place, and what was wrong with it."""

    point: Point | None = None
    accuracy: Accuracy | None = None
    region_code: str | None = None
    remarks: list[Remark] = field(default_factory=list)

    def values(self) -> dict[str, Any]:
        """Give it as columns of models.facility.Facility."""
        latitude, longitude = self.point or (None, None)
        return {
            "latitude": latitude,
            "longitude": longitude,
            "accuracy": self.accuracy,
            "region_code": self.region_code,
        }

    def remark(self, defect: Defect, mended: bool, before: str, done: str) -> None:
        """Write down a defect of the point; `after` is the point as it is now."""
        after = f"{self.point[0]:.6f},{self.point[1]:.6f}" if mended and self.point else ""
        self.remarks.append(Remark(defect, mended, before, after, done))


Region = tuple[str, str]
"""A regency and a province as a list states them; either may be empty."""


class Survey:
    """What only a whole list shows: points that stand for nothing, cities named by themselves,
    words for a kind that are used for anything."""

    def __init__(
        self,
        points: Mapping[tuple[str, str], Counter[Region]],
        cities: Collection[str],
        doubted: Collection[str],
        country: Country,
    ) -> None:
        self._shared = {point: stated for point, stated in points.items() if stated.total() >= MANY}
        self.cities, self.doubted, self._country = cities, doubted, country

    def stated(self, regency: str, province: str) -> "Stated":
        """Give the region that a line states."""
        country = self._country
        return Stated(country, country.regencies(regency, self.cities), country.provinces(province))

    @cached_property
    def placeholders(self) -> frozenset[tuple[str, str]]:
        """Give the points, as they are written, that stand for many facilities far from them."""
        return frozenset(point for point, stated in self._shared.items()
                         if self._is_nowhere(point, stated))  # fmt: skip

    def _is_nowhere(self, point: tuple[str, str], stated: Counter[Region]) -> bool:
        regions = [region for region in stated if any(region)]
        if len(regions) < REGIONS:
            return False
        total, read = sum(stated[region] for region in regions), _read(point)
        if not self._country.is_known or read.latitude is None or read.longitude is None:
            return len(regions) > total / 2
        spot = self._country.spot(read.latitude, read.longitude)
        here = [one for one in regions if spot and self.stated(*one).has(spot.regency)]
        return sum(stated[region] for region in here) < total / 2


def written(texts: Mapping[Field, str]) -> tuple[str, str]:
    """Give the two cells of a point as they stand in the list; both in the first where they are."""
    latitude, longitude = texts.get(Field.LATITUDE, ""), texts.get(Field.LONGITUDE, "")
    if latitude or longitude:
        return latitude.strip(), longitude.strip()
    return texts.get(Field.POINT, "").strip(), ""


def place(texts: Mapping[Field, str], country: Country, survey: Survey) -> Placed:
    """Find where a line's facility is."""
    where = survey.stated(texts.get(Field.REGENCY, ""), texts.get(Field.PROVINCE, ""))
    placed, stated = Placed(), where.regencies
    if texts.get(Field.REGENCY) and not stated and country.is_known:
        placed.remark(Defect.REGENCY, False, texts[Field.REGENCY], "no region of this name")
    _find_point(placed, texts, where, survey)
    district = country.district(stated, texts.get(Field.DISTRICT, ""))
    if placed.point:
        _name_region(placed, country, stated, district)
    else:
        _approximate(placed, country, stated, district)
    return placed


@dataclass(frozen=True, slots=True)
class Stated:
    """The region that a line states, to try points against."""

    country: Country
    regencies: tuple[str, ...]
    provinces: set[str]

    def has(self, regency: str) -> bool:
        """Tell whether a regency is what the line states, or the line states none."""
        if self.regencies:
            return regency in self.regencies
        return not self.provinces or regency[:2] in self.provinces

    @property
    def any_regencies(self) -> tuple[str, ...]:
        """Give the regencies that are stated, or those of the province that is."""
        return self.regencies or self.country.inside(self.provinces)

    def has_within(self, point: Point) -> bool:
        """Tell whether a point lies on land, where the line says."""
        spot = self.country.spot(*point)
        return spot is not None and spot.metres <= CLOSE and self.has(spot.regency)

    def holds(self, point: Point) -> bool:
        """Tell whether a mended point lies where the line says, or at least on land."""
        spot = self.country.spot(*point)
        if spot is None:
            return not self.country.is_known
        if self.regencies and self.country.away(*point, self.regencies) <= CONFIRMS:
            return True
        return self.has_within(point)


def _read(cells: tuple[str, str]) -> coordinate.Reading:
    return coordinate.read(*cells) if cells[1] else coordinate.read_pair(cells[0])


def _find_point(placed: Placed, texts: Mapping[Field, str], stated: Stated, survey: Survey) -> None:
    cells = written(texts)
    shown = ",".join(filter(None, cells))
    if not shown:
        return
    if cells in survey.placeholders:
        placed.remark(Defect.PLACEHOLDER, False, shown, "left out: many facilities stand on it")
        return
    read = _read(cells)
    if read.latitude is None or read.longitude is None:
        placed.remark(Defect.NOTATION, False, shown, "left out: it has no certain meaning")
        return
    point = (read.latitude, read.longitude)
    if not coordinate.is_inside(*point):
        _mend(placed, point, shown, stated)
    elif not stated.country.is_known:
        placed.point = point
    else:
        _compare(placed, point, shown, stated)
    if not read.is_plain:
        done = "read as decimal degrees" if placed.point else "left out: it has no certain meaning"
        placed.remark(Defect.NOTATION, placed.point is not None, shown, done)


def _mend(placed: Placed, point: Point, shown: str, stated: Stated) -> None:
    """Take the one meaning of a point outside Indonesia that fits what is stated."""
    possible = list(coordinate.meanings(*point))
    fitting = [one for one in possible if stated.holds(one[0])]
    if len(fitting) == 1:
        placed.point, defect = fitting[0]
        placed.remark(defect, True, shown, "only this meaning fits what else is stated")
        return
    defect = Defect.NO_DECIMALS if abs(point[0]) > 180 or abs(point[1]) > 180 else Defect.OUTSIDE
    placed.remark(defect, False, shown, "left out: it has no certain meaning")


def _compare(placed: Placed, point: Point, shown: str, stated: Stated) -> None:
    """Keep a point in Indonesia unless what is stated lies elsewhere."""
    spot = stated.country.spot(*point)
    at_sea = spot is None or spot.metres > ON_LAND
    if spot and not at_sea and stated.has(spot.regency):
        placed.point = point
        return
    flipped = (-point[0], point[1])
    if coordinate.is_inside(*flipped) and stated.has_within(flipped):
        placed.point = flipped
        placed.remark(Defect.SIGN, True, shown, "with the other sign it lies where it should")
        return
    if spot is None or at_sea:
        placed.remark(Defect.OUTSIDE, False, shown, "left out: at sea or abroad")
        return
    beyond = stated.country.away(*point, stated.any_regencies) - spot.metres
    if not stated.regencies and beyond <= BORDER / 4:
        placed.point = point
        return
    if beyond <= BORDER:
        placed.point = point
        done = "kept: about on the border, middles of villages tell no more"
        placed.remark(Defect.ELSEWHERE, False, shown, done)
        return
    placed.remark(Defect.ELSEWHERE, False, shown, f"left out: about {beyond / 1000:.0f} km off")


def _name_region(
    placed: Placed, country: Country, stated: tuple[str, ...], district: str | None
) -> None:
    placed.accuracy = Accuracy.POINT
    placed.region_code = district or (stated[0] if len(stated) == 1 else None)
    if placed.point and not placed.region_code and (spot := country.spot(*placed.point)):
        placed.region_code = spot.regency


def _approximate(
    placed: Placed, country: Country, stated: tuple[str, ...], district: str | None
) -> None:
    """Let the middle of the smallest stated region stand for a point that is missing."""
    regency = stated[0] if len(stated) == 1 else None
    placed.region_code = district or regency
    if district and (middle := country.middle(district)):
        placed.point, placed.accuracy = middle, Accuracy.DISTRICT
    elif regency and (middle := country.middle(regency)):
        placed.point, placed.accuracy = middle, Accuracy.REGENCY
