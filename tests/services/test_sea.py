"""Sea between two places: said where their codes make it certain, and nowhere else."""

import pytest

from services import region
from services.content import islands


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("53.71", "53.10.01.2001"),  # Kupang on Timor, Manggarai on Flores
        ("33.29", "64.03"),  # Brebes, Berau
        ("31.01.01.1001", "31.71"),  # Kepulauan Seribu, Jakarta Pusat
        ("12.78", "12.71"),  # Gunungsitoli, Medan
        ("52.71", "52.72"),  # Mataram, Bima
    ],
)
def test_between_islands_there_is_sea(code: str, other: str) -> None:
    assert region.is_across(code, other)
    assert region.is_across(other, code)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("33.29", "33.28"),
        ("35.26", "35.78"),  # Bangkalan and Surabaya have a bridge
        ("53.01", "53.71"),  # one of them may be on Semau, which nobody knows
        ("81.01", "82.71"),
        ("99.01", "33.29"),
        (None, "33.29"),
        ("33.29", None),
        ("", ""),
    ],
)
def test_nothing_is_said_that_nobody_knows(code: str | None, other: str | None) -> None:
    assert not region.is_across(code, other)


def test_every_province_is_in_a_group_and_no_code_in_two() -> None:
    groups = islands()["groups"]
    codes = [code for one in groups.values() for code in one]
    assert len(codes) == len(set(codes))
    provinces = {code[:2] for code in codes}
    assert len(provinces) == 38
    assert all(region.zone(code) for code in provinces)


def test_where_there_are_many_islands_is_known_by_regency_or_province() -> None:
    assert region.has_many_islands("53.01.01.2001")
    assert region.has_many_islands("31.01")
    assert not region.has_many_islands("31.71")
    assert not region.has_many_islands(None)
