"""Facilities found by name: misspelt, with the kind and the place as hints."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.database import Database
from models.facility import Kind
from models.region import Region
from models.seal import KeyRing
from services.facility.near import search
from tests.services.places import KUPANG, place


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A few facilities of two regencies."""
    file = tmp_path_factory.mktemp("search") / "town.db"
    database = Database(f"sqlite+pysqlite:///{file}", KeyRing([b"o" * 32]))
    database.migrate()
    with database.session() as session:
        for code, level, name in (
            ("53.15", 2, "Kabupaten Manggarai Barat"),
            ("53.15.01", 3, "Komodo"),
            ("53.15.01.1001", 4, "Labuan Bajo"),
            ("53.71", 2, "Kota Kupang"),
            ("53.71.01", 3, "Alak"),
        ):
            session.add(Region(code=code, level=level, name=name, latitude=None, longitude=None))
        place(session, "Puskesmas Labuan Bajo", region_code="53.15.01.1001")
        place(session, "UPTD Puskesmas Komodo", region_code="53.15.01")
        place(session, "RSUD Komodo", region_code="53.15.01", kind=Kind.HOSPITAL)
        place(session, "KOMODO", *KUPANG, region_code="53.71.01", kind=Kind.PUSKESMAS)
        place(session, "RS Siloam Kupang", *KUPANG, region_code="53.71.01", kind=Kind.HOSPITAL)
        place(session, "Siloam Hospital Labuan Bajo", region_code="53.15.01", kind=Kind.HOSPITAL)
        place(
            session, "RSUD Prof. Dr. W.Z. Johannes", *KUPANG, kind=Kind.HOSPITAL, address="Kupang"
        )
        place(session, "Klinik Melati", kind=None, address="Jl. Contoh, Labuan Bajo")
        place(session, "Puskesmas Lama", ended_on=date(2026, 1, 1), code="LAMA0001")
        place(session, "Puskesmas Alak", None, None, region_code="53.71.01", code="ALAK0001")
        session.flush()
        yield session
        session.rollback()
    database.close()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("puskesmas labuan bajo", "Puskesmas Labuan Bajo"),
        ("pkm labuhan bajo", "Puskesmas Labuan Bajo"),
        ("puskesmas komodo labuan bajo", "UPTD Puskesmas Komodo"),
        ("labuan bajo puskesmas komodo", "UPTD Puskesmas Komodo"),
        ("puskesmas komodo kupang", "KOMODO"),
        ("komodo alak kupang", "KOMODO"),
        ("rumah sakit komdo", "RSUD Komodo"),
        ("RSUD KOMODO!!", "RSUD Komodo"),
        ("rs siloam kupng", "RS Siloam Kupang"),
        ("siloam labuan bajo", "Siloam Hospital Labuan Bajo"),
        ("kupang johannes", "RSUD Prof. Dr. W.Z. Johannes"),
        ("rs johanes kupang", "RSUD Prof. Dr. W.Z. Johannes"),
        ("klinik melati labuan bajo", "Klinik Melati"),
        ("alak", "Puskesmas Alak"),
        ("ALAK0001", "Puskesmas Alak"),
    ],
)
def test_the_first_is_the_one_that_is_meant(directory: Session, typed: str, name: str) -> None:
    found = search(directory, typed)
    assert found[0][0].name == name
    assert 60 <= found[0][1] <= 100
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_kind_is_a_hint_and_no_wall(directory: Session) -> None:
    (first, best), (second, next_best), *_ = search(directory, "puskesmas siloam kupang")
    assert (first.name, second.name) == ("RS Siloam Kupang", "Siloam Hospital Labuan Bajo")
    assert best > next_best


@pytest.mark.parametrize("typed", ["", "xyzzy qqq", "LAMA0001", "...", "a" * 5000])
def test_what_is_like_nothing_finds_nothing(directory: Session, typed: str) -> None:
    assert search(directory, typed) == []


def test_what_has_ended_is_not_found(directory: Session) -> None:
    assert "Puskesmas Lama" not in [one.name for one, _ in search(directory, "puskesmas lama")]


def test_no_more_are_given_than_asked_for(directory: Session) -> None:
    assert len(search(directory, "komodo", limit=2)) == 2
