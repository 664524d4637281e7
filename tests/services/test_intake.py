"""One message read as a request. What is done with it is told in the stories."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.words import fields
from services.intake import MOST, Intake, read

TODAY = date(2026, 11, 26)
DATA = Path(__file__).parent.parent / "data"
SENTENCES, OWN = (
    [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    for name in ("dev_intake.jsonl", "own_intake.jsonl")
)


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one["text"][:40])
def test_every_field_of_the_made_up_requests_is_read(sentence: dict[str, Any]) -> None:
    assert [field for field, is_right in fields(sentence) if not is_right] == []
    expected = sentence["expect"]
    assert len(read(sentence["text"], on=TODAY)) == (
        len(expected) if isinstance(expected, list) else 1
    )


def test_nearly_every_field_of_our_own_requests_is_read() -> None:
    right = [(one["text"], field, is_right) for one in OWN for field, is_right in fields(one)]
    wrong = [(text, field) for text, field, is_right in right if not is_right]
    assert len(wrong) <= 0.07 * len(right), wrong


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ny. Fatimah, 52 th, Desa Rungkang, kesemutan 1 bulan",
         Intake("Fatimah", 52, "P", duration_days=30, village="Rungkang")),
        ("opa Yosef 70 tahun batuk su dua minggu, kampung Ruteng Pu'u",
         Intake("Yosef", 70, "L", duration_days=14, village="Ruteng Pu'u")),
        ("P/45/Kersana/gatal gatal/2 minggu",
         Intake(None, 45, "P", duration_days=14, village="Kersana")),
        ("hamil 20 minggu umur 24 th keputihan 3 hari",
         Intake(None, 24, "P", duration_days=3, pregnant=True)),
        ("Nama : Yuni\nUsia : 33\nKeluhan : mual\nLama : 2 hr\nHamil : ya\nAlamat : desa Tarub",
         Intake("Yuni", 33, None, duration_days=2, pregnant=True, village="Tarub")),
        ("ibu saya 63 thn kakinya bengkak sejak kemarin", Intake(None, 63, "P", duration_days=1)),
        ("bu bidan, anak saya Bagas 2 tahun tidak mau makan sudah 5 hari",
         Intake("Bagas", 2, None, duration_days=5)),
        ("an. Rara / 4 th / P / batuk / 2 hari / ds Losari",
         Intake("Rara", 4, "P", duration_days=2, village="Losari")),
        ("saya budi, 41, batuk, telung dina", Intake("Budi", 41, None, duration_days=3)),
        ("Pasien: Sunarto, L, 58 thn, pusing sejak kemarin",
         Intake("Sunarto", 58, "L", duration_days=1)),
        ("Ibu Kartini (47) gatal 10 dinten desane Kedunguter",
         Intake("Kartini", 47, "P", duration_days=10, village="Kedunguter")),
        ("nama saya rahayu, keluhan: pegal 2 hari", Intake("Rahayu", None, None, duration_days=2)),
        ("bu anak saya umur 4 tahun pilek", Intake(None, 4, None)),
        ("umur saya 24, sariawan 1 tahun ini", Intake(None, 24, None, duration_days=365)),
        ("saya kesemutan, tensi 150, 3 hari", Intake(None, None, None, duration_days=3)),
    ],
)  # fmt: skip
def test_other_sentences_of_the_same_kinds_are_read(text: str, said: Intake) -> None:
    (found,) = read(text, on=TODAY)
    assert found.complaint
    for field in ("patient_name", "age_years", "sex", "duration_days", "pregnant", "village"):
        assert getattr(found, field) == getattr(said, field), field


def test_several_patients_are_several_requests() -> None:
    found = read("1. Ani 5 th batuk 3 hari\n2. Budi 40 th pusing sejak kemarin", on=TODAY)
    assert [(one.patient_name, one.age_years, one.duration_days) for one in found] == [
        ("Ani", 5, 3), ("Budi", 40, 1),
    ]  # fmt: skip


def test_a_birthday_that_never_was_is_no_age() -> None:
    (found,) = read("Nama: Ani\nTTL: 31-02-2020\nKeluhan: batuk", on=TODAY)
    assert found.age_years is None


def test_who_gives_only_a_name_has_no_complaint() -> None:
    (found,) = read("Nama: Ayu", on=TODAY)
    assert (found.patient_name, found.complaint) == ("Ayu", None)


def test_who_only_says_hello_has_no_complaint() -> None:
    assert read("Assalamualaikum, selamat pagi dok", on=TODAY)[0].complaint is None


@pytest.mark.parametrize(
    "wall", ["12 th 3 bln ", "(5 th) ", "Aldi 5 th sama ", "nama: ", "- a", "x"]
)
def test_a_wall_of_words_is_read_in_a_moment(wall: str) -> None:
    began = time.process_time()
    assert len(read((wall * 4096)[:4096], on=TODAY)) <= MOST
    assert time.process_time() - began < 2


@given(st.text(max_size=400))
def test_any_text_is_some_request(text: str) -> None:
    found = read(text, on=TODAY)
    assert found
    assert all(one.age_years is None or 0 <= one.age_years <= 130 for one in found)
