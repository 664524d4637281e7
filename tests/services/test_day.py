"""Days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import day

DAY = date(2028, 12, 31)


@pytest.mark.parametrize(
    "typed",
    [
        "31 Desember 2028", "31 des 2028", "31-12-2028", "31/12/2028", "31.12.2028", "2028-12-31",
        "  31  DESEMBER, 2028 ",
    ],
)  # fmt: skip
def test_the_same_day_is_written_in_many_ways(typed: str) -> None:
    assert day.read(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    ["", "besok", "31 Februari 2028", "31-12-28", "12/31/2028", "31 J 2028", "31 Ju 2028", "2028",
     "31 Desember", "tiga Mei 2028", "31 Desember 2028 pagi", "1 Mei 0001", "٣١-12-2028x"],
)  # fmt: skip
def test_what_is_no_day_is_none(typed: str) -> None:
    assert day.read(typed) is None


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_what_is_shown_reads_back_the_same(one: date) -> None:
    assert day.read(day.text(one)) == one


@given(st.text() | st.text("0123456789-/ maret"))
def test_anything_typed_is_a_day_or_none(typed: str) -> None:
    found = day.read(typed)
    assert found is None or isinstance(found, date)
