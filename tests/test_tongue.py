"""Every language says what Indonesian says: the same keys, names in braces, tags and numbers."""

import html
import re
import string
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from models.person import Language
from services import content
from services.content import (
    CONTENT,
    catalogue,
    danger_questions,
    into,
    is_reviewed,
    misfits,
    words,
)
from services.text import units
from simulator.html_markup import parse_html
from tests.test_content import KEYS, LABEL, LONGEST, SIGN_TEXTS

OTHERS: list[Language] = [one for one in Language if one is not Language.INDONESIAN]
WRITTEN: dict[Language, dict[str, Any]] = {
    one: tomllib.loads((CONTENT / "words" / f"{one}.toml").read_text(encoding="utf-8"))
    for one in OTHERS
}
OWN = {
    language: {
        f"{noun}.{what}": text.strip()
        for noun, texts in written.items()
        if isinstance(texts, dict) and noun != "signs"
        for what, text in texts.items()
    }
    for language, written in WRITTEN.items()
}
TRANSLATED = {
    "person", "consent", "question", "ask", "who", "age", "sex", "pregnancy", "sign", "adult",
    "danger_staff", "command", "language", "guide", "queue", "leave", "nonsense", "profile",
    "waiting", "why_asker", "skill", "identity", "relation", "relation_short",
    "likeness",
}  # fmt: skip
"""What is read before the queue and by who is in danger: nouns that each language has whole."""
NOT_SAID = {"question.answered"}
"""A text that is nothing but its value."""
FOR_WORKERS = {"danger.worker", "danger.admin", "danger.number"}
FOR_ADMINS = {
    f"emergency.{one}"
    for one in (
        "fill", "try_again", "page", "page_empty", "stale", "tried", "bad_file", "bad_line",
        "new_number", "other_number", "never_mind", "left", "removed", "busy", "phone",
    )
}  # fmt: skip
"""The emergency numbers as an admin enters them."""


def fields(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name)


def commands(text: str) -> list[str]:
    return re.findall(r"(?<![\w<])/\w+", text)


def tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"</?[a-z]+", text))


def test_every_language_has_its_file_and_every_file_its_language() -> None:
    files = {file.stem for file in (CONTENT / "words").glob("*.toml")}
    assert files == {str(one) for one in Language}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fits_the_indonesian(language: Language) -> None:
    assert misfits(language) == [], "other keys, names in braces or tags"
    for key, text in OWN[language].items():
        said = KEYS[key]
        assert text.count(" · ") == said.count(" · "), key
        # A number to call is the same in every language, and none is lost.
        assert re.findall(r"\d{2,}", text) == re.findall(r"\d{2,}", said), key
        assert commands(text) == commands(said), key
        assert len(text) <= LONGEST, key
        if key.startswith("button."):
            assert len(text) <= LABEL, key
            assert not tags(text), key


@pytest.mark.parametrize("language", list(Language))
def test_no_text_is_over_telegram_s_limits_whatever_is_filled_in(language: Language) -> None:
    """Balanced markup, and at most 4,096 (Bot API, sendMessage) with the longest names we keep."""
    for key, text in catalogue(language).items():
        if key.startswith("signs."):
            continue
        values = dict.fromkeys(fields(text), "M&<" * 40)
        said = into(words(key, **values), language)
        shown, _ = parse_html(said)
        assert units(shown) <= 4096, key
        assert "{" not in shown.replace("M&<", ""), key


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_read_before_the_queue_and_in_danger_is_whole(language: Language) -> None:
    wanted = {key for key in KEYS if key.split(".")[0] in TRANSLATED} - NOT_SAID
    wanted |= {key for key in KEYS if key.startswith("danger.")} - FOR_WORKERS
    wanted |= {key for key in KEYS if key.startswith("emergency.")} - FOR_ADMINS
    assert wanted - OWN[language].keys() == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_sign_of_the_closed_questions_is_translated(language: Language) -> None:
    assert set(WRITTEN[language]["signs"]) == SIGN_TEXTS
    for one in danger_questions().values():
        lines = [WRITTEN[language]["signs"][sign["text"]] for sign in one["sign"]]
        assert len(set(lines)) == len(lines)
        assert all(html.escape(line, quote=False) == line for line in lines)


@pytest.mark.parametrize("language", OTHERS)
def test_labels_that_stand_together_can_be_told_apart(language: Language) -> None:
    for noun in ("who", "age", "sex", "pregnancy", "sign", "adult"):
        labels = [text for key, text in catalogue(language).items() if key.startswith(f"{noun}.")]
        assert len(set(labels)) == len(labels)


def test_a_slip_in_a_translation_is_said_in_indonesian_and_by_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A lost brace, a lost tag, a broken file: the card goes out all the same."""
    folder = tmp_path / "words"
    folder.mkdir()
    whole = (CONTENT / "words" / "id.toml").read_text(encoding="utf-8")
    for name, text in {
        "id": whole,
        "jv": "[danger]\ncard = ",
        "en": """
            [danger]
            card = "<b>Call {number}"
            card_nobody = "Call <b>119</b> {oops"
            card_unread = "<b>A</b> <b>B</b> <b>C</b> <b>D {numbers}"
            [who]
            me = "<i>Me</i>"
            child = "My child"
            """,
    }.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(content, "CONTENT", tmp_path)
    for cached in (content.catalogue, content._written):
        cached.cache_clear()
    try:
        for language in OTHERS:
            card = words("danger.card", numbers="")
            assert into(card, language) == card
        assert into(words("who.child"), Language.ENGLISH) == "My child"
        assert content.misfits(Language.ENGLISH) == [
            "danger.card", "danger.card_nobody", "danger.card_unread", "who.me",
        ]  # fmt: skip
        with pytest.raises(ValueError, match="value"):
            content.misfits(Language.JAVANESE)
    finally:
        for cached in (content.catalogue, content._written):
            cached.cache_clear()


def test_nobody_has_signed_yet_for_whom_no_name_stands() -> None:
    for language in OTHERS:
        signed = WRITTEN[language]["reviewed_by"]
        assert is_reviewed(language) is bool(signed.strip())
        assert not signed or re.search(r"\w+ .*\d{4}-\d{2}-\d{2}", signed), "name and day"
    assert is_reviewed(Language.INDONESIAN)
