"""The nearest facilities: of the kinds, with what is confirmed, open now; nothing ended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from models.facility import Facility, Fact, Has, Holiday, Kind, Poli, Zone
from services import atlas, sphere
from services.facility.near import Near, nearest
from tests.services.places import BAJO, CHECKED, JAKARTA, KUPANG, place

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)  # Monday 10.00 in Labuan Bajo


def names(session: Session, found: list[Near]) -> list[str]:
    return [session.get_one(Facility, one.facility_id).name for one in found]


def test_the_nearest_come_first_with_distance_and_direction(session: Session) -> None:
    far = place(session, "Jauh", BAJO[0] + 0.02, BAJO[1])
    close = place(session, "Dekat", BAJO[0], BAJO[1] - 0.01)
    found = nearest(session, *BAJO, at=AT)
    assert [one.facility_id for one in found] == [close.id, far.id]
    assert found[0].metres == sphere.distance(*BAJO, BAJO[0], BAJO[1] - 0.01)
    assert [round(one.bearing) for one in found] == [270, 0]


def test_more_goes_on_where_the_first_ended(session: Session) -> None:
    for place_ in range(7):
        place(session, f"P{place_}", BAJO[0] + place_ / 100)
    assert names(session, nearest(session, *BAJO, at=AT)) == ["P0", "P1", "P2", "P3", "P4"]
    assert names(session, nearest(session, *BAJO, at=AT, skip=5)) == ["P5", "P6"]
    assert names(session, nearest(session, *BAJO, at=AT, skip=1, limit=2)) == ["P1", "P2"]
    assert names(session, nearest(session, *BAJO, at=AT, within=1_200)) == ["P0", "P1"]
    assert nearest(session, *BAJO, at=AT, skip=7) == []


def test_of_the_kinds_and_with_every_need_confirmed(session: Session) -> None:
    place(session, "Puskesmas")
    place(session, "RS", kind=Kind.HOSPITAL, has=(Has.IGD,))
    place(session, "RS lain", kind=Kind.HOSPITAL, has=(Has.IGD, Has.PONED))
    denied = place(session, "RS tanpa IGD", kind=Kind.HOSPITAL)
    denied.facts.append(Fact(what=Has.IGD, holds=False, checked_on=CHECKED, by="admin"))
    atlas.changed(session)
    found = nearest(session, *BAJO, at=AT, kinds=[Kind.HOSPITAL])
    assert names(session, found) == ["RS", "RS lain", "RS tanpa IGD"]
    found = nearest(session, *BAJO, at=AT, kinds=[Kind.HOSPITAL, Kind.PUSKESMAS])
    assert len(found) == 4
    assert names(session, nearest(session, *BAJO, at=AT, needs=[Has.IGD])) == ["RS", "RS lain"]
    found = nearest(session, *BAJO, at=AT, needs=[Has.IGD, Has.PONED])
    assert names(session, found) == ["RS lain"]
    assert nearest(session, *BAJO, at=AT, kinds=[Kind.DENTIST]) == []
    assert nearest(session, *BAJO, at=AT, kinds=[Kind.PUSKESMAS], needs=[Has.IGD]) == []


def test_open_now_is_what_is_known_to_be_open(session: Session) -> None:
    place(session, "Tidak diketahui")
    place(session, "Pagi", hours="Senin 08.00–12.00")
    place(session, "Sore", hours="Senin 15.00–20.00")
    place(session, "Selalu", has=(Has.ALL_DAY,))
    place(session, "Wilayah", zone=None, region_code="53.15", hours="Senin 09.00–11.00")
    place(session, "Timur", *KUPANG, hours="Senin 11.00–12.00", zone=Zone.WIT)
    one = place(session, "Poli")
    one.polis.append(Poli(name="Gigi", hours="Senin 09.00–11.00"))
    atlas.changed(session)

    def at(hours: int) -> list[str]:
        return names(
            session, nearest(session, *BAJO, at=AT + timedelta(hours=hours), open_now=True)
        )

    assert at(0) == ["Pagi", "Selalu", "Wilayah", "Poli", "Timur"]
    assert at(6) == ["Sore", "Selalu"]
    assert at(14) == ["Selalu"]


def test_holidays_close_what_is_near(session: Session) -> None:
    place(session, "A", hours="Setiap hari 08.00–12.00")
    own = place(session, "B", hours="Setiap hari 08.00–12.00")
    session.add(Holiday(on=date(2026, 11, 24), name="Banjir", facility_id=own.id))
    session.add(Holiday(on=date(2026, 11, 25), name="Hari Contoh"))
    atlas.changed(session)
    found = [
        names(session, nearest(session, *BAJO, at=AT + timedelta(days=days), open_now=True))
        for days in (0, 1, 2, 32)
    ]
    assert found == [["A", "B"], ["A"], [], []]


def test_nobody_is_sent_to_what_has_ended_or_has_no_point(session: Session) -> None:
    place(session, "Tutup", ended_on=date(2026, 1, 1))
    place(session, "Entah di mana", None, None)
    stays = place(session, "Ada")
    assert names(session, nearest(session, *BAJO, at=AT)) == ["Ada"]
    stays.ended_on = date(2026, 11, 1)
    atlas.changed(session)
    assert nearest(session, *BAJO, at=AT) == []


def test_who_is_abroad_or_at_sea_hears_of_the_nearest(session: Session) -> None:
    place(session, "Jakarta", *JAKARTA)
    place(session, "Kupang", *KUPANG)
    (found,) = nearest(session, -37.81, 144.96, at=AT, limit=1)
    assert names(session, [found]) == ["Kupang"]
    assert found.metres > 3_000_000
    assert nearest(session, -37.81, 144.96, at=AT, within=25_000) == []


@pytest.mark.parametrize("wrong", [(0, 0), (91, 100), (-6, 200), (float("nan"), 100)])
def test_a_place_where_nobody_can_be_is_refused(
    session: Session, wrong: tuple[float, float]
) -> None:
    with pytest.raises(ValueError, match="no place"):
        nearest(session, *wrong, at=AT)
