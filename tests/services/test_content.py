"""Names and words on their way into a text of ours: shown as typed, never read as markup."""

import json
import random

import pytest

from models.person import Person
from models.seal import KeyRing
from services import person
from services.content import Html, catalogue, escape, plain, words
from services.text import clean
from simulator.html_markup import parse_html

PIECES = [
    "Sari", "<b>", "</b>", "<i", "&lt;", "&amp;", "&#60;", "&#x3c", "&", "<", ">", "</code>", '"',
    '<a href="tg://user?id=1">', "<tg-spoiler>", "{name}", "{0.__class__}", "%s", "${jndi:", "'",
    "\u202e", "\u2068", "\u2069", "\0", "\x1b", "\ud83d", "\udc00", "😀", "👩\u200d👩\u200d👧",
    "عمر", " ", "\n", "\t", "_*[]()~`#+-=|!", "\u200b", "é", "🇮🇩", "; DROP TABLE person",
]  # fmt: skip
RNG = random.Random(20261124)
NAMES = [
    json.loads(json.dumps("".join(RNG.choices(PIECES, k=RNG.randint(1, 8))))) for _ in range(2000)
]


def shown(html: str) -> str:
    """What a reader sees; raises what Telegram would answer to markup it cannot read."""
    return parse_html(html)[0]


def test_two_thousand_names_are_shown_as_typed() -> None:
    around = shown(words("person.greeting", name="•")).split("•")
    for name in NAMES:
        text, entities = parse_html(words("person.greeting", name=name))
        assert text == clean(name).join(around)
        assert len(entities) == len(parse_html(words("person.greeting", name=""))[1])


def test_a_name_cannot_turn_or_open_the_text_around_it() -> None:
    ring, who = KeyRing([b"k" * 32]), Person()
    for name in NAMES:
        who.write(ring, name=name)
        safe = person.name_of(ring, who)  # type: ignore[arg-type]  # reads with a bare ring, too
        line = " ".join(clean(name).split())
        inner = shown(safe)
        assert inner in (line, f"\u2068{line}\u2069")
        assert shown(words("relay.from_asker", dot="", number=1, name=safe)) == f"No. 1 · {inner}"


def test_a_label_without_markup_is_cleaned_but_not_escaped() -> None:
    label = plain("button.to_asker", dot="", number=1, name="A & B\u202e\0\ud83d <b>")
    assert label == "No. 1 · A & B <b>"


def test_markup_of_ours_goes_into_a_text_as_it_is() -> None:
    assert escape(Html("<b>&amp;</b>")) == "<b>&amp;</b>"
    assert escape("<b>&amp;</b>") == "&lt;b&gt;&amp;amp;&lt;/b&gt;"


def test_every_text_is_markup_that_telegram_takes() -> None:
    for key, text in catalogue().items():
        assert shown(text).strip(), key


def test_a_missing_key_or_value_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        words("person.nothing")
    with pytest.raises(KeyError):
        words("person.greeting")
