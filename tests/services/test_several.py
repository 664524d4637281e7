"""Several people in one message: told apart where the words do it, and no word is lost."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.several import apart, is_of_another


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("anak saya demam, ibu saya juga batuk", ["anak saya demam", "ibu saya juga batuk"]),
        ("Anak saya 3 th demam dan suami saya pusing",
         ["Anak saya 3 th demam dan", "suami saya pusing"]),
        ("saya dan anak saya batuk 3 hari", ["saya dan batuk 3 hari", "anak saya batuk 3 hari"]),
        ("anak saya demam, saya juga pusing", ["anak saya demam", "saya juga pusing"]),
        ("anak saya demam, kakaknya juga", ["anak saya demam", "kakaknya juga"]),
        ("anak saya demam, anak saya yang kedua batuk",
         ["anak saya demam", "anak saya yang kedua batuk"]),
        ("bapak saya pusing, ibu saya nyeri lutut", ["bapak saya pusing", "ibu saya nyeri lutut"]),
        ("1. Ani 5 th batuk\n2. Budi 40 th pusing", ["Ani 5 th batuk", "Budi 40 th pusing"]),
    ],
)  # fmt: skip
def test_each_person_has_their_own_words(text: str, parts: list[str]) -> None:
    assert [" ".join(part.split()).strip(" ,") for part in apart(text)] == parts


@pytest.mark.parametrize(
    "text",
    [
        "anak saya demam, saya khawatir", "anak saya demam, saya sudah kasih obat panas",
        "suami saya kerja di luar kota, anak saya demam", "saya ibunya, anak saya demam",
        "saya hamil anak kedua, mual dan pusing", "ibu saya batuk dan pilek, sudah 3 hari",
        "bu bidan, anak saya batuk", "anak saya batuk, bapaknya merokok", "demam dan batuk", "",
    ],
)  # fmt: skip
def test_one_person_stays_one(text: str) -> None:
    assert apart(text) == [text]


def test_words_about_somebody_else_are_known_by_who_is_being_asked_about() -> None:
    assert is_of_another("suami saya juga pusing", "child")
    assert not is_of_another("suami saya juga pusing", None)
    assert not is_of_another("anak saya muntah juga", "child")
    assert not is_of_another("suami saya di luar kota", "child")
    assert not is_of_another("saya kasih obat panas", "child")


@given(st.lists(st.sampled_from(
    ["anak saya", "ibu saya", "saya", "dan", "sama", ",", ".", "batuk", "juga", "3 th", "kakaknya"]
), max_size=30))  # fmt: skip
def test_no_word_is_lost(pieces: list[str]) -> None:
    text = " ".join(pieces)
    kept = " ".join(apart(text))
    assert set(re.findall(r"\w+", text)) <= set(re.findall(r"\w+", kept))


@pytest.mark.parametrize("wall", ["anak saya demam, ", "saya dan ", ", ", "a ", "x"])
def test_a_wall_of_words_is_read_in_a_moment(wall: str) -> None:
    began = time.process_time()
    apart((wall * 20_000)[:20_000])
    assert time.process_time() - began < 2
