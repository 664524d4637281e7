"""Points as lists write them: any way of writing a valid point reads back, a doubtful one never."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.listing.coordinate import meanings, read, read_pair
from services.listing.defect import Defect
from services.region.entering import EAST, NORTH, SOUTH, WEST

latitudes = st.floats(SOUTH, NORTH).map(lambda value: round(value, 6))
longitudes = st.floats(WEST, EAST).map(lambda value: round(value, 6))


def plain(value: float) -> str:
    return f"{value:.6f}"


def degrees(value: float, marks: tuple[str, str, str], names: tuple[str, str]) -> str:
    seconds = round(abs(value) * 3600, 4)
    whole, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    name = names[value < 0]
    return f"{int(whole)}{marks[0]}{int(minutes)}{marks[1]}{left:.4f}{marks[2]}{name}"


MARKS = st.sampled_from([("°", "'", '"'), ("o ", "’ ", "”"), ("º", "′", "″"), (".", "'", "")])
LATITUDE = st.sampled_from([("N", "S"), ("LU", "LS"), ("U", "S")])
LONGITUDE = st.sampled_from([("E", "W"), ("BT", "BB"), ("T", "B")])


@given(latitudes, longitudes, st.sampled_from(["plain", "comma", "space", "tail", "zoom", "link"]))
def test_any_notation_reads_back(latitude: float, longitude: float, way: str) -> None:
    north, east = plain(latitude), plain(longitude)
    if way == "comma":
        north, east = north.replace(".", ","), east.replace(".", ",")
    elif way == "space":
        north = north.replace("-", "- ")
    elif way == "tail":
        north, east = f"{north},", f"{east}."
    elif way == "zoom":
        east = f"{east},17"
    elif way == "link":
        north = f"{north}!4d106"
    found = read(north, east)
    assert (found.latitude, found.longitude) == (latitude, longitude)
    assert found.is_plain == (
        way == "plain" or (way == "space" and latitude >= 0 and "- " not in north)
    )


@given(latitudes, longitudes, MARKS, LATITUDE, LONGITUDE)
def test_degrees_minutes_seconds_read_back(
    latitude: float, longitude: float, marks: tuple[str, str, str],
    north: tuple[str, str], east: tuple[str, str],
) -> None:  # fmt: skip
    found = read(degrees(latitude, marks, north), degrees(longitude, marks, east))
    assert found.latitude is not None
    assert found.longitude is not None
    if "60.0000" in degrees(latitude, marks, north) + degrees(longitude, marks, east):
        return  # no clock shows it
    assert math.isclose(found.latitude, latitude, abs_tol=1e-6)
    assert math.isclose(found.longitude, longitude, abs_tol=1e-6)
    assert not found.is_plain


@given(latitudes, longitudes, st.sampled_from([",", ", ", ";", " "]))
def test_both_in_one_cell_read_back(latitude: float, longitude: float, between: str) -> None:
    cell = plain(latitude) + between + plain(longitude)
    for found in (
        read("-2.4", cell),
        read_pair(cell),
        read_pair(f"https://peta.example/?q={cell}"),
    ):
        assert (found.latitude, found.longitude) == (latitude, longitude)


@given(latitudes.filter(lambda value: value < -6.2), longitudes)
def test_a_point_that_was_turned_or_lost_its_minus_is_among_its_meanings(
    latitude: float, longitude: float
) -> None:
    point = (latitude, longitude)
    assert {defect: meant for meant, defect in meanings(longitude, latitude)} == {
        Defect.SWAPPED: point
    }
    assert {defect: meant for meant, defect in meanings(-latitude, longitude)} == {
        Defect.SIGN: point
    }


@given(st.floats(1, NORTH), longitudes)
def test_a_point_without_its_decimal_points_is_among_its_meanings(
    latitude: float, longitude: float
) -> None:
    north, east = round(latitude, 5), round(longitude, 5)
    found = [meant for meant, defect in meanings(round(north * 1e5), round(east * 1e5))
             if defect is Defect.NO_DECIMALS]  # fmt: skip
    assert any(math.isclose(a, north) and math.isclose(b, east) for a, b in found)


@pytest.mark.parametrize(
    "cell",
    ["-0.060.449", "03.256.15", "0'39", "-", "", "abc", "1e999", "nan", "7°61'3\"S", "7°1'61\"S",
     "S7°1'1\"N", "6,17,03", "--", "-6.-5", "=6.5", "6.5+1", "٦.٥", "1.2.3.4"],
)  # fmt: skip
def test_what_is_not_certain_is_not_read(cell: str) -> None:
    assert read(cell, "109.1").latitude is None
    assert read("-6.9", cell).longitude is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_stands_there_nothing_breaks(latitude: str, longitude: str) -> None:
    for found in (read(latitude, longitude), read_pair(latitude)):
        for value in (found.latitude, found.longitude):
            assert value is None or math.isfinite(value)
    found = read(latitude, longitude)
    if found.latitude is not None and found.longitude is not None:
        assert all(defect for _, defect in meanings(found.latitude, found.longitude))
