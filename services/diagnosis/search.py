"""Which diagnosis somebody's words mean: «batuk pilek», «hipertensi esensial», «dispepsi», «j06.9».

Every name, ours and the list's in both languages, is a set of words. A word that was typed finds
the words it is, begins or resembles (services/spelling.py); the rarer a word, the more it says.
What is said and not named, and what is named and was not said, both count against a name.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import nlargest
from math import log
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.diagnosis import Diagnosis
from services.content import frequent_diagnoses
from services.diagnosis.code import leading
from services.spelling import Names, Typed, spelled, words

LONG, MOST_WORDS = 200, 8
"""Characters and words of a text that are looked at."""
PREFIX, MOST_WORDS_ALIKE = 3, 12
"""Letters from which the beginning of a word stands for it, and how many such words are taken."""
ALIKE = 0.75
"""How alike a misspelt word must be."""
BEGINNING = 0.85
"""What the beginning of a word counts beside the word."""
SAID = 0.75
"""What it counts that everything typed is in the name, beside that the name says no more."""
OURS = 0.12
"""What it counts to be one of the frequent ones."""
SITE, PLAIN = -0.1, 0.05
"""What it counts that a code names a site, too («M54.59»), and that it is the plain one of its kind
(«J18.9»): who meant another would have said so."""
FOUND = 0.35
"""The score below which nothing is like what was typed."""
_SAYS_LITTLE = frozenset(
    ("dan", "yang", "yg", "oleh", "di", "pada", "dengan", "tidak", "spesifik", "tanpa", "lainnya",
     "lain", "of", "and", "the", "in", "with", "not", "elsewhere", "classified", "unspecified",
     "other", "sdr", "susp", "suspek", "e", "c", "ec", "karena", "akibat")
)  # fmt: skip


class Match(NamedTuple):
    """One diagnosis that a text may mean."""

    code: str
    name: str
    score: float
    """How well it fits, up to 100."""


class Diagnoses:
    """All diagnoses in memory: ours first, then the list's."""

    def __init__(self, session: Session) -> None:
        self._codes: list[str] = []
        self._names: list[str] = []
        self._places: dict[str, int] = {}
        self._owners = array("I")
        """Which diagnosis each name belongs to."""
        self._exact: dict[tuple[str, ...], int] = {}
        named: list[tuple[str, ...]] = []
        for place, name in self._read(session):
            said = _said(name)
            if said:
                self._owners.append(place)
                named.append(said)
                self._exact.setdefault(tuple(sorted(said)), place)
        self._index(named)

    def _read(self, session: Session) -> Iterator[tuple[int, str]]:
        """Yield every name with its diagnosis."""
        for one in frequent_diagnoses():
            place = self._add(one["code"], one["name"])
            yield place, one["name"]
            yield from ((place, also) for also in one["also"].split(" · "))
        self._ours = len(self._codes)
        rows = select(Diagnosis.code, Diagnosis.name, Diagnosis.other_name)
        for code, name, other in session.connection().execute(rows.order_by(Diagnosis.code)):
            # Translations are informal («Demam berdarah» for A38), so the English stands beside.
            place = self._add(code, f"{name} / {other}" if other else name)
            yield from ((place, one) for one in (name, other) if one)

    def _add(self, code: str, name: str) -> int:
        place = self._places.setdefault(code, len(self._codes))
        if place == len(self._codes):
            self._codes.append(code)
            self._names.append(name)
        return place

    def _index(self, named: list[tuple[str, ...]]) -> None:
        where: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, said in enumerate(named):
            for word in said:
                where[word].append(number)
        self._words = sorted(where)
        self._where = [where[word] for word in self._words]
        # How much a word says: nothing, nearly, where every name has it.
        self._says = array("d", (log(1 + len(named) / len(found)) for found in self._where))
        self._whole = array("d", [0.0]) * len(named)
        for says, numbers in zip(self._says, self._where, strict=True):
            for number in numbers:
                self._whole[number] += says
        self._spelled = Names(self._words)

    def name(self, code: str) -> str:
        """Give how a code is called; nothing for one that is not known."""
        place = self._places.get(code)
        return self._names[place] if place is not None else ""

    def exact(self, text: str) -> Match | None:
        """Give the diagnosis that has this very name or code."""
        code, rest = leading(text[:LONG])
        if code and (not rest or code in self._places):
            return Match(code, self.name(code), 100.0)
        place = self._exact.get(tuple(sorted(_said(text[:LONG]))))
        return Match(self._codes[place], self._names[place], 100.0) if place is not None else None

    def find(self, text: str, *, limit: int = 5) -> list[Match]:
        """Give the diagnoses most alike, the best first."""
        code, rest = leading(text[:LONG])
        found = list(self._of_code(code, limit)) if code else []
        said = _said(rest if code else text[:LONG])[:MOST_WORDS]
        best: dict[int, float] = {}
        for number, score in self._scored(said):
            place = self._owners[number]
            score += OURS * (place < self._ours) + _kind(self._codes[place])
            best[place] = max(score, best.get(place, 0.0))
        places = nlargest(limit, best, key=lambda place: (best[place], -len(self._names[place])))
        known = {one.code for one in found}
        found += [
            Match(self._codes[place], self._names[place], round(100 * min(1.0, best[place]), 1))
            for place in places
            if best[place] >= FOUND and self._codes[place] not in known
        ]
        return found[:limit]

    def _of_code(self, code: str, limit: int) -> Iterator[Match]:
        """Yield a code and those inside it."""
        inside = [one for one in self._places if one.startswith(code)]
        for one in sorted(inside)[:limit]:
            yield Match(one, self.name(one), 100.0)

    def _scored(self, said: tuple[str, ...]) -> Iterable[tuple[int, float]]:
        """Yield each name that has any of the words, with how well it fits."""
        heard: defaultdict[int, float] = defaultdict(float)
        total = 0.0
        for word in said:
            alike = self._alike(word)
            total += max((self._says[at] for at in alike), default=self._rare)
            own: dict[int, float] = {}
            for at, like in alike.items():
                for number in self._where[at]:
                    own[number] = max(like * self._says[at], own.get(number, 0.0))
            for number, says in own.items():
                heard[number] += says
        for number, says in heard.items():
            named = min(1.0, says / self._whole[number])
            yield number, SAID * min(1.0, says / total) + (1 - SAID) * named

    @property
    def _rare(self) -> float:
        return log(1 + len(self._whole))

    def _alike(self, word: str) -> dict[int, float]:
        """Give the known words that a word is, begins, or resembles, each with how much."""
        first = bisect_left(self._words, word)
        alike = {}
        if len(word) >= PREFIX:
            last = bisect_left(self._words, word + "\uffff")
            shorter = sorted(range(first, last), key=lambda at: len(self._words[at]))
            alike = dict.fromkeys(shorter[:MOST_WORDS_ALIKE], BEGINNING)
        if first < len(self._words) and self._words[first] == word:
            return alike | {first: 1.0}
        if not alike and (bare := word.removesuffix("nya").removesuffix("an")) != word:
            alike = self._alike(bare)  # «kudisan», «maagnya»
        if not alike and len(word) > PREFIX:
            near = self._spelled.find(Typed([word]), 5)
            alike = {at: like for at, like in near if like >= ALIKE}
        return alike


def _kind(code: str) -> float:
    """Tell what the kind of a code counts beside how it is called."""
    _, _, part = code.partition(".")
    return SITE if len(part) > 1 else PLAIN if part == "9" else 0.0


def _said(text: str) -> tuple[str, ...]:
    """Give the words of a text that say something, each once."""
    return tuple(dict.fromkeys(one for one in spelled(words(text)) if one not in _SAYS_LITTLE))
