"""Distance and direction on the earth, and exactly the nearest of many points.

The points stand as unit vectors in the leaves of a balanced tree (a k-d tree; each node knows its
box). The straight line through the earth orders them as the great circle does, so the box nearest
to where somebody stands is opened first, and the search ends when no closed box can hold a nearer
one. No cell has edges to fall over: poles, the date line and people abroad need no rule of their
own.
"""

import math
from array import array
from collections.abc import Sequence
from heapq import heappop, heappush
from operator import mul

RADIUS = 6_371_008.8
"""Metres: the earth's mean radius (IUGG). The true distance differs by up to 0.56 %."""
ALL = -1
"""A mask that wants every class: all of its bits are set."""
_LEAF = 16
"""Points of a leaf at most: from 4 to 16 a search is as fast, and fewer boxes take less memory."""
_SAMPLE = 16
"""Points that tell in which direction a box is the longest; a wrong guess costs only time."""
_SLICES = 16
"""Parts that a box is cut into at a time: cut in halves a search is no faster, and building is
twice as slow."""


def distance(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Give the metres along the great circle."""
    here, there = _vector(latitude, longitude), _vector(to_latitude, to_longitude)
    return _metres(sum((a - b) ** 2 for a, b in zip(here, there, strict=True)))


def bearing(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Give the direction in which to set out, in degrees clockwise from north, below 360."""
    south, north = math.radians(latitude), math.radians(to_latitude)
    turn = math.radians(to_longitude - longitude)
    east = math.sin(turn) * math.cos(north)
    ahead = math.cos(south) * math.sin(north) - math.sin(south) * math.cos(north) * math.cos(turn)
    return math.degrees(math.atan2(east, ahead)) % 360 % 360  # -1e-20 % 360 is 360.0


def is_point(latitude: float, longitude: float) -> bool:
    """Tell whether somebody can be there; 0, 0 is what a device says that knows nothing."""
    inside = -90 <= latitude <= 90 and -180 <= longitude <= 180  # false for NaN, too
    return inside and (latitude, longitude) != (0, 0)


class Points:
    """Many points, numbered as they are given, each of a class (0 where none are given).

    A mask has bit c set where class c is wanted. Boxes without a wanted class stay closed, so that
    what is rare is found as fast as what is common.
    """

    def __init__(
        self,
        latitudes: Sequence[float],
        longitudes: Sequence[float],
        classes: Sequence[int] | None = None,
    ) -> None:
        axes = _vectors(latitudes, longitudes)
        order = list(range(len(latitudes)))
        self._leaves = 1
        while self._leaves * _LEAF < len(order):
            self._leaves *= 2
        _split(order, axes, 0, self._leaves, self._leaves)
        self._rows = array("i", order)
        self._x, self._y, self._z = (array("d", map(axis.__getitem__, order)) for axis in axes)
        self._classes = array("i", map((classes or [0] * len(order)).__getitem__, order))
        self._boxes, self._masks = self._bounds()

    def __len__(self) -> int:
        """Give how many points there are."""
        return len(self._rows)

    def nearest(
        self,
        latitude: float,
        longitude: float,
        count: int,
        *,
        wanted: int = ALL,
        within: float = math.inf,
    ) -> list[tuple[int, float]]:
        """Give the nearest points of the wanted classes as (number, metres), the nearest first,
        of equally near ones the lower number; `within` metres where that is given."""
        if count <= 0 or not self._rows:
            return []
        x, y, z = here = _vector(latitude, longitude)
        xs, ys, zs, rows, classes = self._x, self._y, self._z, self._rows, self._classes
        boxes, masks, leaves, size = self._boxes, self._masks, self._leaves, len(rows)
        farthest = _square(within)
        best: list[tuple[float, int]] = []  # the farthest first: heapq keeps the smallest in front
        closed = [(0.0, 1)] if masks[1] & wanted else []
        while closed:
            apart, node = heappop(closed)
            if apart > farthest:
                break
            if node < leaves:
                for child in (2 * node, 2 * node + 1):
                    if masks[child] & wanted:
                        apart = _apart(boxes, 6 * child, here)
                        if apart <= farthest:
                            heappush(closed, (apart, child))
                continue
            leaf = node - leaves
            for place in range(leaf * size // leaves, (leaf + 1) * size // leaves):
                apart = (xs[place] - x) ** 2 + (ys[place] - y) ** 2 + (zs[place] - z) ** 2
                if apart <= farthest and wanted >> classes[place] & 1:
                    heappush(best, (-apart, -rows[place]))
                    if len(best) > count:
                        heappop(best)
                    if len(best) == count:
                        farthest = -best[0][0]
        found = ((-row, _metres(-apart)) for apart, row in sorted(best, reverse=True))
        return [(row, metres) for row, metres in found if metres <= within]

    def _bounds(self) -> "tuple[array[float], list[int]]":
        """Give each node's box (least and greatest x, y, z) and the classes inside it.

        The root is node 1, the children of n are 2n and 2n + 1, the leaves come last.
        """
        leaves, size = self._leaves, len(self._rows)
        boxes, masks = array("d", bytes(8 * 6 * 2 * leaves)), [0] * (2 * leaves)
        for leaf in range(leaves if size else 0):
            begin, end = leaf * size // leaves, (leaf + 1) * size // leaves
            for axis, values in enumerate((self._x, self._y, self._z)):
                inside = values[begin:end]
                at = 6 * (leaves + leaf) + 2 * axis
                boxes[at], boxes[at + 1] = min(inside), max(inside)
            for one in set(self._classes[begin:end]):
                masks[leaves + leaf] |= 1 << one
        for node in range(leaves - 1 if size else 0, 0, -1):
            masks[node] = masks[2 * node] | masks[2 * node + 1]
            at, left, right = 6 * node, 12 * node, 12 * node + 6
            for low in (0, 2, 4):
                boxes[at + low] = min(boxes[left + low], boxes[right + low])
                boxes[at + low + 1] = max(boxes[left + low + 1], boxes[right + low + 1])
        return boxes, masks


def _vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = math.radians(latitude), math.radians(longitude)
    flat = math.cos(north)
    return flat * math.cos(east), flat * math.sin(east), math.sin(north)


def _vectors(
    latitudes: Sequence[float], longitudes: Sequence[float]
) -> "tuple[array[float], array[float], array[float]]":
    """Give what `_vector` gives for each point, in a third of the time."""
    flats = array("d", map(math.cos, map(math.radians, latitudes)))
    return (
        array("d", map(mul, flats, map(math.cos, map(math.radians, longitudes)))),
        array("d", map(mul, flats, map(math.sin, map(math.radians, longitudes)))),
        array("d", map(math.sin, map(math.radians, latitudes))),
    )


def _metres(square: float) -> float:
    """Give the metres along the circle between unit vectors so far apart, squared."""
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(square) / 2))


def _square(metres: float) -> float:
    """Give the square of the line through the earth, a hair longer than the metres say."""
    if metres >= math.pi * RADIUS:
        return math.inf
    return (2 * math.sin(metres / (2 * RADIUS))) ** 2 * (1 + 1e-9)


def _apart(boxes: "array[float]", at: int, here: tuple[float, float, float]) -> float:
    """Give the square of the way to a box; rounding never makes it longer than the way to a point
    inside, because both are rounded by the same steps."""
    square = 0.0
    for value in here:
        if value < boxes[at]:
            square += (boxes[at] - value) ** 2
        elif value > boxes[at + 1]:
            square += (value - boxes[at + 1]) ** 2
        at += 2
    return square


def _split(order: list[int], axes: "Sequence[array[float]]", low: int, high: int, of: int) -> None:
    """Order the points of the leaves from `low` up to `high` so that slices of them lie apart,
    and slices of the slices."""
    if high - low == 1:
        return
    begin, end = low * len(order) // of, high * len(order) // of
    part = order[begin:end]
    some = part[:: len(part) // _SAMPLE + 1]
    spans = [max(values) - min(values) for values in ([axis[i] for i in some] for axis in axes)]
    part.sort(key=axes[spans.index(max(spans))].__getitem__)
    order[begin:end] = part
    size = max(1, (high - low) // _SLICES)
    for begin in range(low, high, size):
        _split(order, axes, begin, begin + size, of)
