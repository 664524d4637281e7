"""Distance, direction, and the nearest of many points: the same as trying them all."""

import math
from collections.abc import Sequence
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import sphere
from services.sphere import ALL, RADIUS, Points

JAKARTA, KUPANG, SAPPORO = (-6.175, 106.827), (-10.178, 123.607), (43.06, 141.35)
MELBOURNE, MECCA = (-37.81, 144.96), (21.42, 39.83)

indonesian = st.tuples(st.floats(-11.1, 6.1), st.floats(94.9, 141.1))
anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
crowded = st.tuples(
    st.integers(-60, -55).map(lambda n: n / 10), st.integers(1060, 1065).map(lambda n: n / 10)
)
"""Few places for many points: ties, and boxes of no size."""

Point = tuple[float, float]


def by_trying_all(
    points: Sequence[Point], here: Point, count: int, classes: Sequence[int] | None, wanted: int
) -> list[tuple[int, float]]:
    rows = (row for row in range(len(points)) if wanted >> (classes[row] if classes else 0) & 1)
    found = sorted((sphere.distance(*here, *points[row]), row) for row in rows)
    return [(row, metres) for metres, row in found[:count]]


def index(points: Sequence[Point], classes: Sequence[int] | None = None) -> Points:
    return Points([one[0] for one in points], [one[1] for one in points], classes)


@given(
    st.lists(st.one_of(indonesian, crowded, anywhere), max_size=120),
    st.one_of(indonesian, crowded, anywhere, st.sampled_from([SAPPORO, MELBOURNE, MECCA])),
    st.integers(1, 12),
    st.data(),
)
def test_the_nearest_are_those_that_trying_all_finds(
    points: list[Point], here: Point, count: int, data: st.DataObject
) -> None:
    size = len(points)
    classes = data.draw(st.lists(st.integers(0, 70), min_size=size, max_size=size))
    wanted = data.draw(st.one_of(st.just(ALL), st.integers(0, 2**71 - 1)))
    found = index(points, classes).nearest(*here, count, wanted=wanted)
    tried = by_trying_all(points, here, size, classes, wanted)
    assert [metres for _, metres in found] == [metres for _, metres in tried[:count]]
    assert set(found) <= set(tried)
    # Which of two places comes first that are equally far to the last bit nobody can say (seen from
    # a pole, all of the equator); of the same place it is the lower number.
    for place in {points[row] for row, _ in found}:
        rows = [row for row, _ in found if points[row] == place]
        assert rows == sorted(row for row, _ in tried if points[row] == place)[: len(rows)]


def test_equally_near_ones_from_a_pole_are_as_far_as_trying_all_finds() -> None:
    points = [(0.0, 95.0), (0.0, 106.75)]
    ((_, metres),) = index(points).nearest(90.0, 66.0, 1)
    assert metres == sphere.distance(90.0, 66.0, *points[0])


def test_among_thousands_in_towns_the_nearest_are_those_that_trying_all_finds() -> None:
    chance = Random(7)
    towns = [(chance.uniform(-11, 6), chance.uniform(95, 141)) for _ in range(30)]
    points = [
        (town[0] + chance.gauss(0, 0.1), town[1] + chance.gauss(0, 0.1))
        for town in chance.choices(towns, k=2_000)
    ]
    whole = index(points)
    for town in (*towns, *((chance.uniform(-20, 15), chance.uniform(80, 150)) for _ in range(30))):
        here = town[0] + chance.gauss(0, 0.1), town[1] + chance.gauss(0, 0.1)
        assert whole.nearest(*here, 5) == by_trying_all(points, here, 5, None, ALL)


@given(st.lists(crowded, min_size=1, max_size=60), crowded, st.floats(0, 60_000))
def test_none_is_farther_than_asked_and_none_that_near_is_missing(
    points: list[Point], here: Point, within: float
) -> None:
    all_of_them = by_trying_all(points, here, len(points), None, ALL)
    found = index(points).nearest(*here, len(points), within=within)
    assert found == [one for one in all_of_them if one[1] <= within]


def test_equally_near_points_come_in_the_order_in_which_they_were_given() -> None:
    points = [JAKARTA] * 40 + [KUPANG] * 40
    assert [row for row, _ in index(points).nearest(*KUPANG, 5)] == [40, 41, 42, 43, 44]


def test_a_thousand_kilometres_away_there_is_an_answer_and_with_no_point_there_is_none() -> None:
    ((row, metres),) = index([JAKARTA, KUPANG]).nearest(*MELBOURNE, 1)
    assert row == 1
    assert 3_000_000 < metres < 4_000_000
    assert index([]).nearest(*JAKARTA, 5) == []
    assert index([JAKARTA]).nearest(*JAKARTA, 0) == []


def test_what_is_rare_is_found_without_opening_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [(n / 100, 100 + m / 100) for n, m in product(range(60), range(60))]
    classes = [0] * len(places)
    classes[-1] = 1
    points, opened, apart = index(places, classes), [], sphere._apart

    def seen(*asked: Any) -> float:
        opened.append(asked)
        return apart(*asked)

    monkeypatch.setattr(sphere, "_apart", seen)
    assert [row for row, _ in points.nearest(0, 100, 5, wanted=1 << 1)] == [len(places) - 1]
    assert len(opened) < 20


def test_distances_are_the_great_circle_s() -> None:
    quarter = math.pi / 2 * RADIUS
    assert sphere.distance(0, 0, 0, 90) == pytest.approx(quarter)
    assert sphere.distance(-90, 0, 90, 17) == pytest.approx(2 * quarter)
    assert sphere.distance(0, 179.5, 0, -179.5) == pytest.approx(quarter / 90)
    # Jakarta to Kupang by the spherical law of cosines, another formula than ours.
    (south, west), (further, east) = ((math.radians(n) for n in one) for one in (JAKARTA, KUPANG))
    cosine = math.sin(south) * math.sin(further)
    cosine += math.cos(south) * math.cos(further) * math.cos(east - west)
    assert sphere.distance(*JAKARTA, *KUPANG) == pytest.approx(RADIUS * math.acos(cosine))


@pytest.mark.parametrize(
    ("there", "degrees"), [((1, 0), 0), ((0, 1), 90), ((-1, 0), 180), ((0, -1), 270), ((0, 0), 0)]
)
def test_directions_go_clockwise_from_north(there: Point, degrees: float) -> None:
    assert sphere.bearing(0, 0, *there) == pytest.approx(degrees)


@given(anywhere, anywhere)
def test_a_direction_is_below_a_whole_turn(here: Point, there: Point) -> None:
    assert 0 <= sphere.bearing(*here, *there) < 360


@pytest.mark.parametrize(
    "wrong", [(0, 0), (91, 100), (-6, 181), (math.nan, 100), (-6, math.inf), (-90.001, 0)]
)
def test_a_place_where_nobody_can_be_is_refused(wrong: Point) -> None:
    assert not sphere.is_point(*wrong)


@pytest.mark.parametrize("right", [JAKARTA, SAPPORO, (0, 109.3), (-90, -180)])
def test_a_place_on_the_earth_is_a_place(right: Point) -> None:
    assert sphere.is_point(*right)
