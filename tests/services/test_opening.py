"""When a facility is open: by zone, across midnight, on holidays; and what nobody knows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.facility import Facility, Fact, Has, Holiday, Poli, Zone
from services.facility.opening import is_open, next_opening, opening_words
from services.facility.times import AHEAD, DAY, Times
from services.hours import MIDNIGHT, Week, text
from tests.services.places import place
from tests.services.test_hours import weeks

WEEK = "Senin–Kamis 07.30–14.00; Jumat 07.30–11.00; Sabtu 07.30–12.30"


def local(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of 2026 on WITA's clock, in UTC; 23 November is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - Zone.WITA.ahead


def says(session: Session, one: Facility, at: datetime) -> str:
    return opening_words(session, one, at)


def test_it_says_until_when_and_from_when_again(session: Session) -> None:
    one = place(session, "Puskesmas Contoh", hours=WEEK)
    assert says(session, one, local(23, 7, 29)) == "tutup, buka lagi 07.30"
    assert says(session, one, local(23, 7, 30)) == "buka sampai 14.00"
    assert says(session, one, local(23, 13, 59)) == "buka sampai 14.00"
    assert says(session, one, local(23, 14)) == "tutup, buka lagi besok 07.30"
    assert says(session, one, local(28, 12, 30)) == "tutup, buka lagi Senin 07.30"
    assert next_opening(one, local(28, 12, 30)) == local(30, 7, 30)
    assert next_opening(one, local(23, 8)) is None


@pytest.mark.parametrize(("zone", "hour"), [(Zone.WIB, 1), (Zone.WITA, 0), (Zone.WIT, 23)])
def test_each_zone_has_its_own_eight_o_clock(session: Session, zone: Zone, hour: int) -> None:
    one = place(session, "Puskesmas Contoh", zone=zone, hours="Setiap hari 08.00-09.00")
    opens = datetime(2026, 11, 24, hour, tzinfo=UTC)
    assert is_open(one, opens) is True
    assert is_open(one, opens - timedelta(minutes=1)) is False
    assert is_open(one, opens + timedelta(hours=1)) is False


def test_where_no_zone_is_stated_the_region_s_holds(session: Session) -> None:
    one = place(session, "A", zone=None, region_code="53.15.01", hours="Setiap hari 08.00-09.00")
    assert is_open(one, local(23, 8)) is True
    assert next_opening(one, local(23, 7)) == local(23, 8)


def test_a_night_is_one_opening(session: Session) -> None:
    one = place(session, "Klinik Malam", hours="Senin 20.00-24.00; Selasa 00.00-06.00")
    assert says(session, one, local(23, 23)) == "buka sampai besok 06.00"
    assert says(session, one, local(24, 5)) == "buka sampai 06.00"
    assert says(session, one, local(24, 6)) == "tutup, buka lagi Senin 20.00"
    late = place(session, "Klinik Sore", hours="Senin 16.00-24.00")
    assert says(session, late, local(23, 23)) == "buka sampai 24.00"
    assert says(session, late, local(24, 0)) == "tutup, buka lagi Senin 16.00"


def test_what_nobody_told_is_not_known(session: Session) -> None:
    silent, timeless = place(session, "A"), place(session, "B", hours=WEEK, zone=None)
    garbled = place(session, "C", hours="besok saja")
    for one in (silent, timeless, garbled):
        assert is_open(one, local(23, 8)) is None
        assert next_opening(one, local(23, 8)) is None
        assert says(session, one, local(23, 8)) == "jam buka belum diketahui"


def test_a_facility_that_has_ended_is_never_open(session: Session) -> None:
    one = place(
        session, "A", hours="Setiap hari 24 jam", has=(Has.ALL_DAY,), ended_on=date(2026, 1, 1)
    )
    assert is_open(one, local(23, 8)) is False
    assert next_opening(one, local(23, 8)) is None
    assert says(session, one, local(23, 8)) == "sudah tidak melayani"


def test_24_hours_are_said_only_where_somebody_confirmed_them(session: Session) -> None:
    sure = place(session, "A", hours=WEEK, has=(Has.ALL_DAY,))
    listed = place(session, "B", hours="Setiap hari 24 jam")
    denied = place(session, "C", hours=WEEK)
    denied.facts.append(
        Fact(what=Has.ALL_DAY, holds=False, checked_on=date(2026, 5, 1), by="admin")
    )
    at = local(22, 3)
    assert says(session, sure, at) == "buka 24 jam (dipastikan admin, 12 Mei 2026)"
    assert is_open(listed, at) is True
    assert "24" not in says(session, listed, at)
    assert "belum dipastikan" in says(session, listed, at)
    assert is_open(denied, at) is False


def test_a_holiday_closes_all_but_who_never_closes(session: Session) -> None:
    one = place(session, "A", hours=WEEK)
    sure, listed = (
        place(session, "B", has=(Has.ALL_DAY,)),
        place(session, "C", hours="Setiap hari 24 jam"),
    )
    christmas = local(25, 8, month=12)  # a Friday
    assert says(session, one, christmas) == "tutup (libur: Natal), buka lagi besok 07.30"
    assert is_open(sure, christmas) is True
    assert is_open(listed, christmas) is True
    assert says(session, one, local(24, 15, month=12)) == "tutup, buka lagi Sabtu 07.30"


def test_holidays_that_were_entered_close_all_or_the_one(session: Session) -> None:
    one, other = place(session, "A", hours=WEEK), place(session, "B", hours=WEEK)
    session.add(Holiday(on=date(2026, 11, 24), name="Hari Contoh"))
    session.add(Holiday(on=date(2026, 11, 25), name="Lokakarya", facility_id=one.id))
    session.flush()
    assert [is_open(each, local(24, 8)) for each in (one, other)] == [False, False]
    assert [is_open(each, local(25, 8)) for each in (one, other)] == [False, True]
    assert says(session, one, local(24, 8)) == "tutup (libur: Hari Contoh), buka lagi Kamis 07.30"
    sure = place(session, "C", has=(Has.ALL_DAY,))
    session.add(Holiday(on=date(2026, 11, 25), name="Banjir", facility_id=sure.id))
    session.flush()
    assert is_open(sure, local(25, 8)) is False
    assert says(session, sure, local(25, 8)) == "tutup"


def test_after_a_week_the_date_is_said(session: Session) -> None:
    one = place(session, "A", hours="Senin 08.00-09.00")
    session.add(Holiday(on=date(2026, 11, 30), name="Hari Contoh"))
    session.flush()
    assert says(session, one, local(24, 8)) == "tutup, buka lagi Senin, 7 Desember 2026, 08.00"


def test_a_poli_has_its_own_hours(session: Session) -> None:
    one = place(session, "A", hours=WEEK)
    teeth = Poli(name="Gigi", hours="Selasa 08.00–10.00")
    one.polis.append(teeth)
    assert is_open(one, local(23, 8), teeth) is False
    assert opening_words(session, one, local(23, 8), teeth) == "tutup, buka lagi besok 08.00"
    assert opening_words(session, one, local(24, 8), teeth) == "buka sampai 10.00"


def test_polis_alone_say_when_it_is_open_but_not_when_it_is_closed(session: Session) -> None:
    one = place(session, "A")
    one.polis.append(Poli(name="Gigi", hours="Selasa 08.00–10.00"))
    assert is_open(one, local(24, 8)) is True
    assert is_open(one, local(24, 10)) is None
    assert says(session, one, local(24, 8)) == "buka sampai 10.00"


BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * MIDNIGHT).map(lambda n: BEGIN + timedelta(minutes=n))
days = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=4)


@given(weeks(), st.sampled_from(Zone), moments, days)
def test_it_changes_when_it_says_and_not_before(
    week: Week, zone: Zone, at: datetime, holidays: frozenset[date]
) -> None:
    times = Times(zone, text(week))
    opened = times.is_open(at, holidays)
    change = (times.closes if opened else times.opens)(at, holidays)
    end = at + AHEAD * DAY if change is None else (change - zone.ahead).replace(tzinfo=UTC)
    assert times.is_open(end, holidays) is (opened if change is None else not opened)
    while (at := at + timedelta(minutes=27)) < end:
        assert times.is_open(at, holidays) is opened
