"""A word alone opens a screen; whatever says more stays what it is: a complaint."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import danger
from services.content import lexicon, screen_words
from services.screen import is_nonsense
from services.screen.naming import named, pressed
from services.screen.showing import SCREENS

DATA = Path(__file__).parent.parent / "data"
WAYS = [(way, name) for name, ways in screen_words()["screen"].items() for way in ways.split(" · ")]
SENTENCES = sorted(
    {
        json.loads(line)["text"]
        for file in DATA.glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "text" in json.loads(line)
    }
)


def test_every_word_opens_its_screen_and_every_screen_has_a_word() -> None:
    assert {name for _, name in WAYS} == {*SCREENS, "hello"}
    assert [(way, name, named(way)) for way, name in WAYS if named(way) != name] == []
    spelled = [way for way, _ in WAYS]
    assert len(set(spelled)) == len(spelled)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("SAKIT", "consult"), ("saya sakit", "consult"), ("mau tanya dok", "consult"),
        ("Antri??", "queue"), ("nomor saya berapa", "queue"), ("nomor antrian jkn", None),
        ("bantuaaan", "help"), ("batuan", "help"), ("tolong bantuan min 🙏", "help"),
        ("ganti bhasa", "language"), ("Bahasa Jawa", "language"), ("panduan JKN", "guide"),
        ("darurat!!!", "emergency"), ("tolong", "emergency"), ("batal", "leave"),
        ("gak jadi dok", "leave"), ("Ya, saya setuju", "agree"), ("kulo nuwun", "hello"),
        ("🩺 Konsultasi", "consult"),
    ],
)  # fmt: skip
def test_case_marks_spelling_and_politeness_are_forgiven(typed: str, name: str | None) -> None:
    assert named(typed) == name


@pytest.mark.parametrize("label", ["🩺 Consultation", "🏥 Faskes paling celak", "❓ Bantuan"])
def test_a_big_key_is_known_in_every_language(label: str) -> None:
    assert pressed(label) in SCREENS
    assert pressed(f"{label} saya") is None


def test_no_complaint_ever_ends_in_a_menu() -> None:
    """Neither what people really wrote, nor a sign in one word, nor a screen's word with more."""
    assert len(SENTENCES) > 100
    swallowed = [
        text
        for text in SENTENCES
        if named(text) not in (None, "hello", "letter") or is_nonsense(text)
    ]
    assert swallowed == []
    known = lexicon()
    signs = [*known["act"], *known["phrase"], *(way for ways in known["word"].values()
             for way in ways.split() if danger.find(way))]  # fmt: skip
    signs = [sign.replace("_", " ") for sign in signs]
    assert [sign for sign in signs if named(sign) or is_nonsense(sign)] == []
    for way, _ in WAYS:
        assert named(f"{way} perut sejak kemarin") is None, way
        assert not danger.find(way), way


@pytest.mark.parametrize(
    "text",
    ["batuk", "pusing", "gigi", "dada", "susu", "kuku", "dbd", "tbc", "panas", "mual", "diare",
     "demam 3 hari", "asam urat", "9" * 16],
)  # fmt: skip
def test_one_word_may_be_a_complaint(text: str) -> None:
    assert named(text) is None
    assert not is_nonsense(text)


@pytest.mark.parametrize(
    "text",
    ["?", "...", "😀😀", "123", "12 345", "asdf", "ASDFGH", "lkjh", "wkwkwk", "haha", "hmmmm", "ok",
     "ya", "👍 ok"],
)  # fmt: skip
def test_what_says_nothing_is_nonsense(text: str) -> None:
    assert is_nonsense(text)
    assert named(text) is None


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(text: str) -> None:
    assert named(text) is None or named(text) in {*SCREENS, "hello"}
    assert is_nonsense(text) in (True, False)


def test_twenty_thousand_letters_take_no_time() -> None:
    begun = time.perf_counter()
    for text in ("a" * 20_000, "bantuan " * 2_500, "1 " * 10_000):
        assert named(text) is None
        is_nonsense(text)
    assert time.perf_counter() - begun < 1
