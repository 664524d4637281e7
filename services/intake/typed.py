"""Answers that somebody types instead of pressing a button, read leniently.

None is no refusal: what was not understood is asked again, and the words are kept in any case.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache

from services.content import intake_words
from services.intake.reading import read

RELATIONS = ("me", "child", "parent", "spouse", "other")
KIN = RELATIONS[1:]
ADULTS = ("nobody", "parent", "teacher", "family", "self")
SHORT = 5
"""Words of an answer; what is longer is a story, in which a «tidak» may deny anything."""


def relation(text: str) -> str | None:
    """Tell who is ill, seen from who writes; None where nobody or more than one is named."""
    low = text.lower()
    if re.search(r"\b(?:ibu|bapak|ayah|mama) dari\b", low):
        return "child"
    named = [kin for kin in KIN if _says("relation", kin, low)]
    if _says("relation", "me", low) and re.search(r"\b(?:hamil|bunting|mengandung)\b", low):
        # «hamil anak kedua» speaks of no child that is ill.
        named = [kin for kin in named if kin != "child" or "anak saya" in low]
    if len(named) == 1:
        return named[0]
    return "me" if not named and _says("relation", "me", low) else None


def has_given_birth(text: str) -> bool:
    """Tell whether a text speaks of a birth a short while ago."""
    return _says("said", "birth", text.lower())


def answer(field: str, text: str, on: date) -> object | None:
    """Give what a text answers to the question about one field; None where it is no answer."""
    reads = _READ.get(field)
    return None if reads is None else reads(text.strip(), on)


def _age(text: str, on: date) -> object | None:
    bare = re.fullmatch(r"(?:umur\w*\s*)?(\d{1,3}(?:[.,]\d+)?)\s*(?:\w+)?[.!]?", text.lower())
    said = read(f"umur {text}" if bare else text, on=on)
    return said[0].age_years if len(said) == 1 else None


def _sex(text: str, on: date) -> object | None:
    bare = "-".join(text.split())  # «laki laki»
    return read(f"L/P: {bare}\nKeluhan: -", on=on)[0].sex


def _pregnancy(text: str, on: date) -> object | None:
    low = text.lower()
    if has_given_birth(low):
        return "birth"
    if _is("neither", low):
        return "neither"
    pregnant = read(text, on=on)[0].pregnant if text else None
    return None if pregnant is None else "pregnant" if pregnant else "neither"


def _danger(text: str, on: date) -> object | None:
    low = text.lower()
    return next((one for one in ("unsure", "no", "yes") if _is(one, low)), None)


def _adult(text: str, on: date) -> object | None:
    low = text.lower()
    return next(
        (who for who in ADULTS if len(low.split()) <= SHORT and _says("adult", who, low)), None
    )


def _is(said: str, low: str) -> bool:
    bare = " ".join(re.findall(r"\w+", low))
    return len(bare.split()) <= SHORT and bare in _ways("said", said)


def _says(table: str, key: str, low: str) -> bool:
    return re.search(_pattern(table, key), low) is not None


@cache
def _pattern(table: str, key: str) -> str:
    ways = sorted(_ways(table, key), key=len, reverse=True)
    return rf"\b(?:{'|'.join(map(re.escape, ways))})\b"


@cache
def _ways(table: str, key: str) -> frozenset[str]:
    return frozenset(way.replace("_", " ") for way in intake_words()[table][key].split())


_READ: dict[str, Callable[[str, date], object | None]] = {
    "who": lambda text, on: relation(text),
    "age": _age,
    "sex": _sex,
    "pregnancy": _pregnancy,
    "danger": _danger,
    "adult": _adult,
}
