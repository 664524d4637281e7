"""The only reader of content/: words for people, lists of danger words.

Values are escaped on their way into a text, so nothing a person typed can become markup.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from models.person import Language
from services.text import clean
from services.tongue import Html, Said, Text, escape, fits, into, joined, listed

__all__ = ["Html", "escape", "into", "joined", "listed"]
"""Words and the ways to put them together are asked for in one place."""

CONTENT = Path(__file__).parent.parent / "content"
EMERGENCY = CONTENT / "emergency"
GUIDANCE = CONTENT / "guidance"


@cache
def catalogue(language: Language = Language.INDONESIAN) -> dict[str, str]:
    """Give every text of one language by its key `<noun>.<what>`; what is not translated, or so
    that it could not be sent, is there in Indonesian: no card fails by a slip in a translation."""
    own = {
        f"{noun}.{what}": str(text).strip()
        for noun, texts in _written(language).items()
        if isinstance(texts, dict)
        for what, text in texts.items()
    }
    if language is Language.INDONESIAN:
        return own
    return catalogue() | {key: text for key, text in own.items() if _fits(key, text)}


def misfits(language: Language) -> list[str]:
    """Give what is wrong with a translation: keys that translate nothing, or not what is there;
    raises ValueError or OSError for a file that cannot be read."""
    return [
        f"{noun}.{what}"
        for noun, texts in _read(language).items()
        if isinstance(texts, dict)
        for what, text in texts.items()
        if not _fits(f"{noun}.{what}", str(text))
    ]


def _fits(key: str, text: str) -> bool:
    """Tell whether a translation has the names in braces and the tags of the Indonesian text."""
    if key.startswith("signs."):
        return "<" not in text and "&" not in text
    return key in catalogue() and fits(text, catalogue()[key])


def is_reviewed(language: Language) -> bool:
    """Tell whether a speaker has signed the words of a language; Indonesian is what was written."""
    return language is Language.INDONESIAN or bool(_written(language).get("reviewed_by"))


@cache
def _written(language: Language) -> dict[str, Any]:
    if language is Language.INDONESIAN:
        return _read(language)
    try:
        return _read(language)
    except (OSError, ValueError):
        return {}  # `telekonsul check` says what is wrong with it


def _read(language: Language) -> dict[str, Any]:
    file = CONTENT / "words" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def words(key: str, **values: object) -> Html:
    """Give a text in Telegram's HTML, its values escaped; raises KeyError for a missing one."""

    def say(language: Language) -> str:
        safe = {name: escape(into(value, language)) for name, value in values.items()}
        return catalogue(language)[key].format_map(safe)

    return Text(say)


def plain(key: str, **values: object) -> str:
    """Give a text for a place without markup: a button, a toast."""
    if not values:
        return _label(key)

    def say(language: Language) -> str:
        said = {name: clean(str(into(value, language))) for name, value in values.items()}
        return catalogue(language)[key].format_map(said)

    return Said(say)


@cache
def _label(key: str) -> str:
    return Said(lambda language: catalogue(language)[key].format_map({}))


def one_of(key: str, place: int) -> str:
    """Give one of the words that a text lists between « · »."""
    return Said(lambda language: catalogue(language)[key].split(" · ")[place])


def means(key: str, typed: str) -> bool:
    """Tell whether somebody wrote (or pressed a key that writes) this label, in any language."""
    said = typed.strip().casefold()
    return any(said == label.casefold() for label in labels(key))


def labels(key: str) -> list[str]:
    """Give a label in every language."""
    return [catalogue(language)[key] for language in Language]


def sign_text(text: str) -> Html:
    """Give one sign of a closed question. Its translation stands under the Indonesian words
    themselves: when those are changed it no longer counts, and they are shown as they are."""
    return Text(lambda language: escape(catalogue(language).get(f"signs.{text}", text)))


@cache
def danger_signs() -> tuple[dict[str, Any], ...]:
    """Give the signs of the danger net, as content/danger.toml lists them."""
    return tuple(_table("danger.toml")["sign"])


@cache
def danger_classes() -> dict[str, str]:
    """Give the names under which the danger net lists many words at once, each with its words."""
    return {f"@{name}": str(words) for name, words in _table("danger.toml")["class"].items()}


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
def skills() -> dict[str, dict[str, Any]]:
    """Give what in a complaint asks for which skill, as content/skill.toml lists it."""
    return _table("skill.toml")


@cache
def screen_words() -> dict[str, dict[str, str]]:
    """Give the words that open a screen, as content/screens.toml lists them."""
    return _table("screens.toml")


@cache
def guidance_shelves() -> dict[str, list[str]]:
    """Give the topics of the articles by shelf, as content/guidance/shelves.toml lists them."""
    return dict(_table("guidance/shelves.toml")["shelf"])


@cache
def frequent_diagnoses() -> tuple[dict[str, str], ...]:
    """Give the frequent diagnoses in our own words, as content/diagnosis.toml lists them."""
    return tuple(_table("diagnosis.toml")["diagnosis"])


@cache
def scopes() -> dict[str, dict[str, Any]]:
    """Give what each profession may do, as content/scope.toml lists it."""
    return _table("scope.toml")


@cache
def guidance_asked() -> dict[str, list[str]]:
    """Give ways in which people ask, by the topic that answers them: content/guidance/asked."""
    return {
        file.stem: [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        for file in sorted((GUIDANCE / "asked").glob("*.txt"))
    }


@cache
def guidance_lessons() -> dict[str, dict[str, Any]]:
    """Give the lessons and what may go wrong in them, as content/guidance/lesson.toml has it."""
    return _table("guidance/lesson.toml")


@cache
def guidance_picture(name: str) -> bytes:
    """Give a drawing of content/guidance/picture; raises OSError where there is none."""
    return (GUIDANCE / "picture" / f"{name}.png").read_bytes()


@cache
def guidance_words() -> dict[str, dict[str, str]]:
    """Give the words that mean the same when people ask, from the same folder."""
    return _table("guidance/asked/words.toml")


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
