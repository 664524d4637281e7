"""Opening hours: read as people type them, shown as one line that reads back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.facility import Zone
from services import hours
from services.hours import MIDNIGHT, Week, parse, text
from tests.services.cast import home

USUAL = "Senin–Kamis 07.30–14.00; Jumat 07.30–11.00; Sabtu 07.30–12.30"


@pytest.mark.parametrize(
    "typed",
    [
        "Senin-Kamis 07.30-14.00; Jumat 07.30-11.00; Sabtu 07.30-12.30",
        "senin s/d kamis 7.30 - 14, jumat 7:30–11:00, sabtu 7.30 sampai 12.30",
        "Senin s.d. Kamis: pukul 07.30 s.d. 14.00 WITA\nJum'at 07.30-11.00\nSab 0730-1230",
        "Sen-Kam jam 730-1400. Jum 07:30 - 11. Sabtu buka 07.30 sd 12.30. Minggu tutup",
        "SENIN, SELASA, RABU & KAMIS 07.30—14.00; JUMAT 07.30-11.00; SABTU 07.30-12.30",
        USUAL,
    ],
)
def test_the_same_hours_are_typed_in_many_ways(typed: str) -> None:
    assert text(parse(typed)) == USUAL


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Setiap hari 24 jam", "Setiap hari 24 jam"),
        ("tiap hari 8-20", "Setiap hari 08.00–20.00"),
        ("Senin 8-12 dan 16-20", "Senin 08.00–12.00 dan 16.00–20.00"),
        ("Senin 16-20; Senin 8-12", "Senin 08.00–12.00 dan 16.00–20.00"),
        ("Sabtu-Senin 9-12", "Senin 09.00–12.00; Sabtu–Minggu 09.00–12.00"),
        ("Jumat 16.00-00.00", "Jumat 16.00–24.00"),
    ],
)
def test_other_weeks_than_the_usual_one(typed: str, shown: str) -> None:
    assert text(parse(typed)) == shown


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "write days and hours"),
        ("buka", "write days and hours"),
        ("Senin", "write days and hours"),
        ("07.30-14.00 Senin", "write days and hours"),
        ("Senin 07.30", "write days and hours"),
        ("Minggu tutup", "write days and hours"),
        ("Senin-Kamis pagi", "«pagi» is neither a day nor a time"),
        ("Monday 8-12", "«monday» is neither a day nor a time"),
        ("Senin 25-26", "«25» is not a time of a day"),
        ("Senin 07.75-09.00", "«07.75» is not a time of a day"),
        ("Senin 14-7", "end after they begin"),
        ("Senin 8-12 dan 11-14", "overlap"),
    ],
)
def test_what_is_not_understood_is_named(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse(typed)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Any week with at least one open day."""

    def day() -> tuple[tuple[int, int], ...]:
        moments = draw(st.lists(st.integers(0, MIDNIGHT), unique=True, max_size=6).map(sorted))
        return tuple(zip(moments[::2], moments[1::2], strict=False))

    week = tuple(day() for _ in range(7))
    return week if any(week) else (*week[:6], ((0, MIDNIGHT),))


@given(weeks())
def test_what_is_shown_reads_back_the_same(week: Week) -> None:
    assert parse(text(week)) == week


@given(st.text() | st.text("senijumatb-–.;:0123456789 ") | st.text("senin 0123456789-.;, jam24"))
def test_anything_typed_is_understood_or_refused(typed: str) -> None:
    try:
        week = parse(typed)
    except ValueError:
        return
    assert parse(text(week)) == week


def test_the_line_is_there_only_when_the_hours_are_known(session: Session) -> None:
    one = home(session)
    assert hours.line(one) == ""
    hours.enter(one, "senin-jumat 8-14", Zone.WIT)
    assert one.hours == "Senin–Jumat 08.00–14.00"
    assert hours.line(one) == "\n🕗 Jam buka Puskesmas Contoh: Senin–Jumat 08.00–14.00 WIT"
