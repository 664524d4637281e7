"""NIK, card and birth date as people type them: read by their form, refused where they are none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import identity
from services.patient import birth

TODAY, BORN = date(2026, 11, 26), date(1990, 1, 5)
NIK, WOMAN, CARD = "9901010501900001", "9901014501900001", "9990000000001"


@pytest.mark.parametrize(
    "typed",
    [
        NIK, "9901 0105 0190 0001", "99.01.01.050190.0001", "99-01-01-050190-0001",
        f"NIK saya {NIK}",
        "NIK: 9901010501900001.", "９９０１０１０５０１９００００１", "٩٩٠١٠١٠٥٠١٩٠٠٠٠١",
        "990101 050190 0001 umur 36",
    ],
)  # fmt: skip
def test_a_nik_is_read_however_it_is_typed(typed: str) -> None:
    assert identity.read("nik", typed) == NIK


@pytest.mark.parametrize("typed", [NIK[:15], NIK + "1", "0" * 16, "9" * 16, "", "tidak tahu", CARD])
def test_what_has_not_sixteen_digits_is_no_nik(typed: str) -> None:
    assert identity.read("nik", typed) is None


@pytest.mark.parametrize(
    "typed", [CARD, "9990 0000 00001", "no kartu 9990000000001", "٩٩٩٠٠٠٠٠٠٠٠٠١"]
)
def test_a_card_is_read_however_it_is_typed(typed: str) -> None:
    assert identity.read("card", typed) == CARD


@pytest.mark.parametrize("typed", [CARD[:12], CARD + "0", NIK])
def test_what_has_not_thirteen_digits_is_no_card(typed: str) -> None:
    assert identity.read("card", typed) is None


def test_a_day_that_no_office_gives_is_odd_and_a_woman_s_is_not() -> None:
    assert not identity.is_odd(NIK)
    assert not identity.is_odd(WOMAN)
    assert not identity.is_odd("9901017101900001"), "day 31 of a woman"
    for part in ("000190", "320190", "720190", "051390", "050090"):
        assert identity.is_odd(f"990101{part}0001"), part
    assert identity.is_odd("9901010501900000")


def test_the_birth_date_in_a_nik_is_never_in_the_future() -> None:
    assert identity.birth_in(NIK, TODAY) == identity.birth_in(WOMAN, TODAY) == date(1990, 1, 5)
    assert identity.birth_in("9901010501200001", TODAY) == date(2020, 1, 5)
    assert identity.birth_in("9901012712260001", TODAY) == date(1926, 12, 27)
    assert identity.birth_in("9901013102900001", TODAY) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5 Januari 1990", BORN), ("05-01-1990", BORN),
        ("5/1/90", BORN), ("5.1.1990", BORN), ("1990-01-05", BORN),
        ("05011990", BORN), ("050190", BORN), ("5 jan 90", BORN),
        ("5jan1990", BORN), ("5-I-1990", BORN),
        ("5 Agt 2001", date(2001, 8, 5)),
        ("5 nopember 2001", date(2001, 11, 5)), ("tgl 5 bulan 1 tahun 1990", BORN),
        ("Kupang, 5 Januari 1990", BORN), ("lahir hari Senin 5 Januari 1990", BORN),
        ("５－１－１９９０", BORN), ("29-2-2024", date(2024, 2, 29)),
        ("kemarin", date(2026, 11, 25)),
        ("baru lahir hari ini", TODAY), ("1 des 26", date(1926, 12, 1)), ("35", 35.0),
        ("35 tahun", 35.0),
        ("umur 35 th", 35.0), ("umurnya 3 tahun", 3.0), ("lima tahun", 5.0),
    ],
)  # fmt: skip
def test_a_birth_date_is_read_as_people_write_it(typed: str, said: date | float) -> None:
    assert birth.read(typed, TODAY) == said


def test_a_year_or_a_month_alone_is_about_an_age() -> None:
    for typed in ("1990", "tahun 1990", "lahir 1990", "Juli 1990", "7/1990"):
        age = birth.read(typed, TODAY)
        assert isinstance(age, float), typed
        assert 35.5 < age < 37, typed
    small = birth.read("8 bulan", TODAY)
    assert isinstance(small, float)
    assert abs(small - 8 / 12) < 0.01


@pytest.mark.parametrize(
    "typed",
    [
        "31 Februari 1990", "31-02-1990", "29-2-2023", "5-1-2100", "5 Januari 2027", "32-1-1990",
        "5-13-1990", "5-1-1890", "130", "130 tahun", "5-1-190", "", "entah", "5 1", "2100",
        "1 2 3 4", "besok", "x" * 5000,
    ],
)  # fmt: skip
def test_a_day_that_never_was_is_no_birth_date(typed: str) -> None:
    assert birth.read(typed, TODAY) is None


@given(st.text(max_size=120))
def test_whatever_is_typed_gives_a_living_person_s_birth_or_nothing(typed: str) -> None:
    said = birth.read(typed, TODAY)
    if isinstance(said, date):
        assert date(1905, 1, 1) < said <= TODAY
    elif said is not None:
        assert 0 <= said <= birth.OLDEST
    assert identity.read("nik", typed) is None or len(identity.read("nik", typed) or "") == 16
