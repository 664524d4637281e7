"""The closed questions catch every danger, also where the net over the words hears nothing."""

import json
from datetime import date
from pathlib import Path

import pytest

from services.content import danger_questions, danger_signs
from services.intake import read
from services.intake.asking import PRIVATE, group_of, missing
from services.intake.typed import has_given_birth

DATA = Path(__file__).parent.parent / "data" / "dev_danger.jsonl"
SENTENCES = [json.loads(line) for line in DATA.read_text().splitlines()]
DANGERS = [one for one in SENTENCES if one["danger"]]
OF_AGE = {"bayi": 0.05, "anak": 3.0}
"""What the asker answers about age where the sentence's group says it and its words do not."""


def asked(sentence: dict[str, str]) -> list[str]:
    """The groups whose question somebody with this sentence may be put: all that its words leave
    open, as whoever answers knows more than the words tell."""
    text, group = sentence["text"], sentence["group"]
    (said, *_) = read(text, on=date(2026, 11, 26))
    if group in ("bayi", "anak", "hamil", "nifas"):
        return [group]
    if said.age_years is not None:
        return [group_of({"age": said.age_years})]
    if said.pregnant or has_given_birth(text):
        return ["hamil" if said.pregnant else "nifas"]
    child = any(word in text.split() for word in ("anak", "ana", "adik"))
    return ["anak", "dewasa"] if child else ["dewasa"]


@pytest.mark.parametrize("sentence", DANGERS, ids=[one["text"][:30] for one in DANGERS])
def test_the_question_put_to_such_a_person_lists_a_sign_of_the_group(
    sentence: dict[str, str],
) -> None:
    for group in asked(sentence):
        signs = danger_questions()[group]["sign"]
        assert [one for one in signs if sentence["group"] in one["covers"]], group


def test_nobody_comes_to_a_worker_without_the_question() -> None:
    for age in (0.05, 3.0, 9.0, 15.0, 35.0, 70.0):
        for sex in ("L", "P"):
            whole = {"complaint": True, "who": "other", "age": age, "sex": sex}
            assert missing(whole | {"pregnancy": "neither"}) == "danger"


def test_a_question_is_short_and_names_its_sources() -> None:
    groups = {one["group"] for one in danger_signs()} | {"dewasa"}
    assert set(danger_questions()) == {"bayi", "anak", "hamil", "nifas", "dewasa"}
    for question in danger_questions().values():
        assert 4 <= len(question["sign"]) <= 8
        for sign in question["sign"]:
            assert len(sign["text"]) <= 100
            assert set(sign["covers"]) <= groups
            assert sign["source"]
            assert isinstance(sign["checked"], date)


def test_what_is_told_in_private_stands_last_in_words_that_name_nothing() -> None:
    for question in danger_questions().values():
        private = [bool(one.get("private")) for one in question["sign"]]
        assert private == sorted(private)
        told = " ".join(one["text"].lower() for one in question["sign"])
        assert not any(word in told for word in ("bunuh", "kekerasan", "perkosa"))
    assert set(PRIVATE.values()) <= {
        covered for one in danger_questions()["dewasa"]["sign"] for covered in one["covers"]
    }


@pytest.mark.parametrize("text", ["Anak batuk 4 hari", "bayi demam 3 hari"])
def test_how_long_somebody_is_ill_is_not_how_old_they_are(text: str) -> None:
    assert read(text, on=date(2026, 11, 26))[0].age_years is None
