"""The nearest five of all facilities, found by the service's own tree and by named peers."""

import math
import sqlite3
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from bench.directory import Lists
from bench.table import Table
from services.sphere import RADIUS, Points

COUNT = 5

Found = list[tuple[int, int]]
"""Whole metres and the number of each point, ordered."""


class Ours:
    """The service's own tree."""

    name = "Telekonsul, pure Python"

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._points = Points([one[0] for one in points], [one[1] for one in points])

    def nearest(self, latitude: float, longitude: float) -> Found:
        """Give the nearest."""
        found = self._points.nearest(latitude, longitude, COUNT)
        return [(round(metres), row) for row, metres in found]


class Brute:
    """Every point, every time."""

    name = "NumPy, every point"

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._vectors = np.array([_vector(*one) for one in points])

    def nearest(self, latitude: float, longitude: float) -> Found:
        """Give the nearest."""
        apart = ((self._vectors - _vector(latitude, longitude)) ** 2).sum(axis=1)
        close = np.argpartition(apart, COUNT)[: COUNT * 4]
        return _metres((float(math.sqrt(apart[row])), int(row)) for row in close)


class Tree:
    """SciPy's tree, in C++."""

    name = "SciPy cKDTree"

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._tree = cKDTree(np.array([_vector(*one) for one in points]))

    def nearest(self, latitude: float, longitude: float) -> Found:
        """Give the nearest."""
        lines, rows = self._tree.query(_vector(latitude, longitude), k=COUNT)
        return _metres(zip(map(float, lines), map(int, rows), strict=True))


class Boxes:
    """SQLite's R*Tree of boxes, in a window that grows until it holds the nearest for certain."""

    name = "SQLite R*Tree, growing window"

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._points = points
        self._vectors = [_vector(*one) for one in points]
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE box USING rtree(id, s, n, w, e)")
        self._connection.executemany(
            "INSERT INTO box VALUES (?, ?, ?, ?, ?)",
            ((row, a, a, o, o) for row, (a, o) in enumerate(points)),
        )

    def nearest(self, latitude: float, longitude: float) -> Found:
        """Give the nearest."""
        here, degrees = _vector(latitude, longitude), 0.1
        while True:
            wide = degrees / math.cos(math.radians(min(89, abs(latitude) + degrees)))
            # The boxes are 32-bit floats, rounded outwards: the window is asked for a bit wider.
            window = latitude - degrees, latitude + degrees, longitude - wide, longitude + wide
            rows = self._connection.execute(
                "SELECT id FROM box WHERE n >= ? AND s <= ? AND e >= ? AND w <= ?", window
            ).fetchall()
            found = _metres((math.dist(here, self._vectors[row]), row) for (row,) in rows)
            reach = math.radians(degrees) * RADIUS
            if len(found) == COUNT and found[-1][0] < reach * 0.999:
                return found
            degrees *= 2


def beside(lists: Lists, queries: Sequence[tuple[float, float]]) -> Table:
    """Ask each contender for the nearest of every query, and compare answers and times."""
    contenders = []
    for kind in (Brute, Ours, Tree, Boxes):
        began = time.thread_time()
        contenders.append((kind(lists.points), 1000 * (time.thread_time() - began)))
    taken: dict[str, list[float]] = {one.name: [] for one, _ in contenders}
    equal = dict.fromkeys(taken, 0)
    for number, query in enumerate(queries):
        answers = {}
        for one, _ in contenders:
            began = time.thread_time()
            answers[one.name] = one.nearest(*query)
            taken[one.name].append(1e6 * (time.thread_time() - began))
        right = [metres for metres, _ in answers[Brute.name]]
        for name, found in answers.items():
            equal[name] += [metres for metres, _ in found] == right
        if number % 10_000 == 9_999:
            print(f"  {number + 1:,} villages", file=sys.stderr, flush=True)
    base = statistics.median(taken[Brute.name])
    return Table(
        title=f"Nearest {COUNT} of {len(lists.points):,} facilities from {len(queries):,} villages",
        columns=("contender", "build ms", "p50 µs", "p99 µs", "× NumPy", "same metres"),
        rows=[
            (one.name, build, *percentiles(taken[one.name]),
             statistics.median(taken[one.name]) / base, f"{equal[one.name]:,}")
            for one, build in contenders
        ],
        notes=(
            "same metres: villages with the same five whole metres as NumPy over every point",
            "processor time, also below: what else the machine does distorts nothing",
        ),
    )  # fmt: skip


def _vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = math.radians(latitude), math.radians(longitude)
    return (
        math.cos(north) * math.cos(east),
        math.cos(north) * math.sin(east),
        math.sin(north),
    )


def _metres(lines: Any) -> Found:
    found = sorted((2 * RADIUS * math.asin(min(1.0, line / 2)), row) for line, row in lines)
    return [(round(metres), row) for metres, row in found[:COUNT]]


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """Give the middle one and the 99th of a hundred."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[math.ceil(0.99 * len(ordered)) - 1]
