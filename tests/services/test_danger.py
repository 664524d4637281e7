"""The danger net: which words it hears. What it sets off is told in the stories."""

import json
from collections import Counter
from pathlib import Path

import pytest

from services.content import danger_words
from services.danger import find

SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "dev_danger.jsonl")
    .read_text()
    .splitlines()
]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Anak saya kejang", "kesadaran"),
        ("KEJANG!!!", "kesadaran"),
        ("sudah dua kali kejangnya", "kesadaran"),
        ("bapak pingsan, tidak sadar", "kesadaran"),
        ("sesek nafas dari tadi", "napas"),
        ("dia sesak... napas", "napas"),
        ("ｓｅｓａｋ ｎａｐａｓ", "napas"),
        ("nyeri dada tembus punggung", "dada"),
        ("mulutnya mencong sebelah", "stroke"),
        ("ada pendarahan", "perdarahan"),
        ("tidak demam tapi kejang", "kesadaran"),
        ("bayi tidak mau menyusu", "anak"),
        ("saya ingin mati", "bunuh_diri"),
        ("suami dipukuli, saya juga dipukuli", "kekerasan"),
    ],
)
def test_a_sign_is_heard(text: str, group: str) -> None:
    assert group in find(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Halo dok",
        "batuk pilek tiga hari",
        "tidak kejang",
        "tdk sesak napas",
        "ga kejang kok dok",
        "belum ada apa-apa, tidak pingsan",
        "tanpa nyeri dada",
        "bukan stroke kata dokter",
    ],
)
def test_what_is_none_is_not(text: str) -> None:
    assert find(text) == []


def test_several_signs_are_all_heard() -> None:
    assert find("kejang dan sesak napas") == ["kesadaran", "napas"]


@pytest.mark.parametrize("phrase", [phrase for _, phrases in danger_words() for phrase in phrases])
def test_every_phrase_is_heard_as_people_would_write_it(phrase: str) -> None:
    group = next(group for group, phrases in danger_words() if phrase in phrases)
    for text in (phrase, phrase.upper(), f"Bu, {phrase}!", f"anak saya {phrase} dok"):
        assert group in find(text)


def test_the_net_hears_no_worse_than_it_did() -> None:
    """A floor, not a goal: better words raise it, and whoever changes them changes this line."""
    right = Counter((bool(find(one["text"])), one["danger"]) for one in SENTENCES)
    assert right[True, True] >= 12, "of 80 sentences with a sign"
    assert right[True, False] <= 4, "of 60 without one"
