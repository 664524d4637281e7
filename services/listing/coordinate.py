"""Points as lists write them: read where only one meaning is possible.

Two steps. `read` takes the notation apart (decimal comma, degrees-minutes-seconds, the tail of a
map's address). `meanings` gives what numbers that cannot be a point in Indonesia may have been
meant to be; the caller knows the region that is stated, and which of them lie there.
"""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from services.listing.defect import Defect
from services.region.entering import EAST, NORTH, SOUTH, WEST

Point = tuple[float, float]


class Reading(NamedTuple):
    """What stands in a list as a point."""

    latitude: float | None
    longitude: float | None
    is_plain: bool
    """Whether both are written as plain decimal degrees."""


_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?", re.ASCII)
_DIRECTION = r"(?:LS|LU|BT|BB|[NSEWUTB])"
_DEGREES = re.compile(
    rf"(?P<before>{_DIRECTION})?\s*(?P<sign>-)?\s*(?P<degrees>\d{{1,3}})\s*[°ºo˚.:d]\s*"
    r"(?P<minutes>\d{1,2})\s*['’‘′`:m]\s*"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"”“″]|''|’’|′′)?)?\s*"
    rf"(?P<after>{_DIRECTION})?",
    re.ASCII | re.IGNORECASE,
)
_COMMA = re.compile(r"-?\d{1,3},\d{3,}", re.ASCII)
_SPACED = re.compile(r"-\s+(\d+\.\d+)", re.ASCII)
_DOUBLE = re.compile(r"--(\d+\.\d+)", re.ASCII)
_TAIL = re.compile(r"(-?\d{1,3}\.\d{3,})(?:[.,]|,\d{1,3}z?|!\S*)", re.ASCII)
_PAIR = re.compile(r"(-?\d{1,2}\.\d+)\s*[,; ]\s*(\d{2,3}\.\d+)", re.ASCII)
_NEGATIVE = frozenset({"S", "LS", "W", "BB", "B"})


def read(latitude: str, longitude: str) -> Reading:
    """Read a point from its two cells; None where a cell says nothing that is certain."""
    for cell in (latitude, longitude):
        pair = _PAIR.fullmatch(cell.strip())
        if pair and is_inside(float(pair[1]), float(pair[2])):
            return Reading(float(pair[1]), float(pair[2]), False)
    both = [_number(cell.strip()) for cell in (latitude, longitude)]
    return Reading(both[0][0], both[1][0], both[0][1] and both[1][1])


def read_pair(cell: str) -> Reading:
    """Read a point from one cell, also from the address of a map (…?q=-6.33,106.08)."""
    pair = _PAIR.search(cell)
    if pair:
        return Reading(float(pair[1]), float(pair[2]), True)
    halves = re.split(r"\s*[;,]\s+|\s*;\s*", cell.strip(), maxsplit=1)
    return read(*halves) if len(halves) == 2 else Reading(None, None, False)


def is_inside(latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in the box around Indonesia."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def isis_inside(latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in the box around Indonesia."""
    return is_inside(latitude, longitude)


def meanings(latitude: float, longitude: float) -> Iterator[tuple[Point, Defect]]:
    """Give the points in Indonesia that these numbers may mean if they do not mean themselves."""
    if is_inside(longitude, latitude):
        yield (longitude, latitude), Defect.SWAPPED
    if is_inside(-latitude, longitude):
        yield (-latitude, longitude), Defect.SIGN
    if abs(latitude) > 90 or abs(longitude) > 180:
        for north in _scaled(latitude, 90):
            for east in _scaled(longitude, 180):
                if is_inside(north, east):
                    yield (north, east), Defect.NO_DECIMALS


def _scaled(value: float, limit: float) -> list[float]:
    """Give a number with the decimal point wherever it may have been; where it is if it fits."""
    if abs(value) <= limit:
        return [value]
    digits = len(str(int(abs(value))))
    return [value / 10**places for places in range(1, digits) if abs(value / 10**places) <= limit]


def _number(cell: str) -> tuple[float | None, bool]:
    if _PLAIN.fullmatch(cell):
        value = float(cell)
        return (value, True) if math.isfinite(value) else (None, False)
    if _COMMA.fullmatch(cell):
        return float(cell.replace(",", ".")), False
    for pattern, sign in ((_SPACED, -1), (_DOUBLE, -1), (_TAIL, 1)):
        if found := pattern.fullmatch(cell):
            return sign * float(found[1]), False
    return _degrees(cell), False


def _degrees(cell: str) -> float | None:
    found = _DEGREES.fullmatch(cell)
    if not found:
        return None
    seconds = float((found["seconds"] or "0").replace(",", "."))
    minutes = int(found["minutes"])
    directions = {one.upper() for one in (found["before"], found["after"]) if one}
    if minutes >= 60 or seconds >= 60 or len(directions) > 1:
        return None
    value = int(found["degrees"]) + minutes / 60 + seconds / 3600
    return -value if found["sign"] or directions & _NEGATIVE else value
