"""Which screen somebody asks for with an ordinary word, and what says nothing at all.

Only what says nothing else is a screen's name: a complaint must never end in a menu.
"""

import re
import unicodedata
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.content import labels, screen_words
from services.menu import BIG
from services.text import mask

LONGEST = 60
"""Characters: nobody asks for a screen in more."""
FORGIVEN = 6
"""Letters of a word from which one slip of the finger is forgiven."""
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
MASHED = 4
"""Letters beside each other on the keys that are no word: «asdf», «lkjh»."""


def pressed(typed: str) -> str | None:
    """Give the screen whose big key wrote this, in any language."""
    return _keys().get(typed.strip().casefold())


def named(typed: str) -> str | None:
    """Give the screen that a text asks for and says nothing else; None for everything else."""
    if len(typed) > LONGEST:
        return None
    said = _bare(typed)
    return _names().get(said) or _nearly(said)


def is_greeting(typed: str) -> bool:
    """Tell whether a text only says hello."""
    return named(typed) == "hello"


def is_nonsense(typed: str) -> bool:
    """Tell whether a text says nothing: no letter, laughter, fingers on the keys. A number that
    may be a NIK or a card is something."""
    if mask(typed) != typed:
        return False
    said = re.findall(r"[^\W\d_]+", typed.lower())
    nothing = screen_words()["nonsense"]["words"].split()
    return len(typed) <= LONGEST and all(
        _spread(word) in map(_spread, nothing) or _is_mashed(word) for word in said
    )


def _bare(typed: str) -> str:
    """Give the words that matter: without case, marks, spread letters and the words around."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", typed).lower())
    matter = [word for word in words if word not in _filling()]
    return _spread(" ".join(matter or words))


def _spread(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


@cache
def _keys() -> dict[str, str]:
    return {
        label.casefold(): name for row in BIG for name in row for label in labels(f"button.{name}")
    }


@cache
def _filling() -> frozenset[str]:
    return frozenset(screen_words()["around"]["filling"].split())


@cache
def _names() -> dict[str, str]:
    return {
        _bare(way): name
        for name, ways in screen_words()["screen"].items()
        for way in ways.split(" · ")
    }


def _nearly(said: str) -> str | None:
    if len(said) < FORGIVEN:
        return None
    near = process.extractOne(said, _long_ways(), scorer=OSA.distance, score_cutoff=1)
    return _names()[near[0]] if near else None


@cache
def _long_ways() -> list[str]:
    return [way for way in _names() if len(way) >= FORGIVEN]


def _is_mashed(word: str) -> bool:
    runs = [row + row[::-1] for row in ROWS]
    return len(word) >= MASHED and any(word in run for run in runs)
