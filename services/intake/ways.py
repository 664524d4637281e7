"""The words by which a request is read, as content/intake.toml lists them, ready for patterns."""

import re
from collections.abc import Sequence
from functools import cache

from services.content import intake_words

NUMBER = r"\d{1,3}(?:[.,]\d+)?"


@cache
def ways(table: str) -> dict[str, tuple[str, ...]]:
    """Give the ways to write each thing of a table, words that belong together with a space."""
    return {
        key: tuple(way.replace("_", " ") for way in ways.split())
        for key, ways in intake_words()[table].items()
    }


@cache
def mark(what: str) -> str:
    """Give a pattern for the words that mark something: an age, a village, a denial …"""
    return alternatives(ways("mark")[what])


@cache
def unit(days: str) -> str:
    """Give a pattern for a unit of time, named by its days: «1», «7», «30», «365»."""
    return alternatives(ways("unit")[days])


def alternatives(ways: Sequence[str]) -> str:
    """Give a pattern for any of these, the longest first."""
    return "|".join(re.escape(way) for way in sorted(ways, key=len, reverse=True))


@cache
def greetings() -> frozenset[str]:
    """Give the words that greet and say no more."""
    return frozenset(ways("mark")["greeting"])


@cache
def not_names() -> frozenset[str]:
    """Give words that begin with a capital for another reason."""
    return frozenset(
        {*ways("sex")["L"], *ways("sex")["P"], *ways("title")["words"], *greetings(),
         *ways("mark")["age"], *ways("mark")["stop"], *ways("mark")["myself"], "nama", "keluhan",
         "lansia", "keponakan"}
    )  # fmt: skip
