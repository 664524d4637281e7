"""The only reader of content/: words for people, lists of danger words.

Values are escaped on their way into a text, so nothing a person typed can become markup.
"""

import html
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from services.text import clean

CONTENT = Path(__file__).parent.parent / "content"
EMERGENCY = CONTENT / "emergency"


class Html(str):
    """Text that is markup already and goes into another text as it is."""

    __slots__ = ()


@cache
def catalogue(language: str = "id") -> dict[str, str]:
    """Give every text of one language by its key `<noun>.<what>`."""
    file = CONTENT / "words" / f"{language}.toml"
    nouns = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        f"{noun}.{what}": text.strip()
        for noun, texts in nouns.items()
        for what, text in texts.items()
    }


def words(key: str, **values: object) -> Html:
    """Give a text in Telegram's HTML, its values escaped; raises KeyError for a missing one."""
    safe = {name: escape(value) for name, value in values.items()}
    return Html(catalogue()[key].format_map(safe))


def plain(key: str, **values: object) -> str:
    """Give a text for a place without markup: a button, a toast."""
    return catalogue()[key].format_map({name: clean(str(value)) for name, value in values.items()})


def escape(value: object) -> str:
    """Make any value safe inside Telegram's HTML."""
    return value if isinstance(value, Html) else html.escape(clean(str(value)), quote=False)


@cache
def danger_signs() -> tuple[dict[str, Any], ...]:
    """Give the signs of the danger net, as content/danger.toml lists them."""
    return tuple(_table("danger.toml")["sign"])


@cache
def danger_questions() -> dict[str, dict[str, Any]]:
    """Give the closed questions about danger by group, as content/questions.toml lists them."""
    return {one["group"]: one for one in _table("questions.toml")["question"]}


@cache
def whom_to_call() -> dict[str, str]:
    """Give the numbers for people who are not safe, with their source, from the same file."""
    return {key: str(value) for key, value in _table("questions.toml")["unsafe"].items()}


@cache
def scam_call() -> dict[str, Any]:
    """Give whom to ask about a fraud in the name of JKN, with its source: content/scam.toml."""
    return dict(_table("scam.toml")["call"])


@cache
def lexicon() -> dict[str, dict[str, Any]]:
    """Give the words that mean the same, as content/lexicon.toml lists them."""
    return _table("lexicon.toml")


@cache
def intake_words() -> dict[str, dict[str, Any]]:
    """Give the words by which a request is read, as content/intake.toml lists them."""
    return _table("intake.toml")


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


@cache
def islands() -> dict[str, dict[str, list[str]]]:
    """Give the groups of whole islands and where many are, as content/islands.toml lists them."""
    return _table("islands.toml")


@cache
def fixed_holidays() -> dict[tuple[int, int], str]:
    """Give the names of the holidays that have the same date every year, by (month, day)."""
    days = tomllib.loads((CONTENT / "holidays.toml").read_text(encoding="utf-8"))["fixed"]
    return {(one["month"], one["day"]): one["name"] for one in days}


@cache
def phrase_words() -> tuple[str, ...]:
    """Give the 256 words of recovery phrases; their order is part of every phrase ever made."""
    return tuple((CONTENT / "phrase.txt").read_text(encoding="utf-8").split())


def district_numbers(code: str) -> list[object]:
    """Give what stands in the file of a regency's emergency numbers; nothing where there is none.

    It is read each time: people edit it while the service runs. Raises ValueError for what cannot
    be read.
    """
    file = EMERGENCY / f"{code}.toml"
    if not re.fullmatch(r"[0-9]{2}\.[0-9]{2}", code) or not file.exists():
        return []
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")).get("number", [])
    except OSError as error:
        raise ValueError(error.strerror) from None
    if not isinstance(found, list):
        raise ValueError("[[number]]")
    return found


def districts() -> list[str]:
    """Give the codes of the regencies for which there is a file of emergency numbers."""
    return sorted(file.stem for file in EMERGENCY.glob("[0-9][0-9].[0-9][0-9].toml"))


@cache
def _spelling() -> dict[str, Any]:
    return tomllib.loads((CONTENT / "spelling.toml").read_text(encoding="utf-8"))


def abbreviations() -> dict[str, str]:
    """Give how words of names are shortened, and what each stands for."""
    return dict(_spelling()["abbreviations"])


def other_names() -> dict[str, list[str]]:
    """Give what people call some provinces and cities beside the official name."""
    return dict(_spelling()["also"])


def place_words() -> dict[str, dict[str, Any]]:
    """Give the words around names of places: «levels» (the size of what follows) and «around»."""
    return {part: dict(_spelling()[part]) for part in ("levels", "around")}
