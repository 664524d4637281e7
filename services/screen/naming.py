"""Which screen somebody asks for with an ordinary word, and what says nothing at all.

Only what says nothing else is a screen's name: a complaint must never end in a menu.
"""

import re
import unicodedata
from functools import cache

from rapidfuzz.distance import OSA

from services.content import means, screen_words
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
    return next(
        (name for row in BIG for name in row if means(f"button.{name}", typed.strip())), None
    )


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
    filling = screen_words()["around"]["filling"].split()
    matter = [word for word in words if word not in filling]
    return " ".join(_spread(word) for word in matter or words)


def _spread(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


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
    near = (
        name
        for way, name in _names().items()
        if len(way) >= FORGIVEN and OSA.distance(way, said, score_cutoff=1) <= 1
    )
    return next(near, None)


def _is_mashed(word: str) -> bool:
    runs = [row + row[::-1] for row in ROWS]
    return len(word) >= MASHED and any(word in run for run in runs)
