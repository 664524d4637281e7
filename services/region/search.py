"""Which place somebody means: «ds klwut kec bulakamba», «guci tegal», «kota kupang», «33.29.14».

The words are cut wherever a name may end: the first part is the place, the rest is a place around
it, cut again in the same way. Every part is compared with all names, and with those inside each
place that the rest may mean, where even a badly spelled name is found. Among all cuts the most
alike wins.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from math import exp
from typing import NamedTuple

from models.region import Level
from services.content import place_words
from services.region.gazetteer import Place, Regions
from services.region.reading import LONGEST, Part, otherwise, understood
from services.spelling import Typed
from services.sphere import distance

LONG = 200
"""Characters of a text that are looked at."""
PARENTS = 12
"""How many places around are looked into for each part of what was typed."""
WIDE = 1500
"""A place with more regions inside is not searched by itself: the search of all must do."""
OWN = 0.6
"""What a place's own name counts beside the names around it."""
CUT = 0.01
"""What every cut costs, so that «Kupang Tengah» is one name rather than two."""
TOLD = 0.12
"""What it costs to be of another level than was said."""
SMALLER = {Level.PROVINCE: 0.0, Level.REGENCY: 0.0, Level.DISTRICT: 0.01, Level.VILLAGE: 0.02}
"""Of places with the same name people mostly mean the largest."""
NEAR, SAID = 0.04, 0.1
"""What it costs to be far from where the person probably is, and from a place that was named."""
FAR = 50_000.0
"""Metres at which a third counts as near; from 70 km on, nobody is asked which one was meant."""
LOW = 0.75
"""Below this the words are tried in another order, too."""
UNLIKE = 0.6
"""Places around that are less alike are not looked into."""
ALONE = 0.6
"""What is left of the place around where the name inside it cannot be found."""
LESS = 0.1
"""What another reading costs than the one that the words suggest."""
EQUAL = 3.0
"""Scores so near to the best are as good."""

_CODE = re.compile(r"\b\d\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?\b(?!\.?\d)")


class Match(NamedTuple):
    """A place that a text may mean; the score is from 0 to 100."""

    place: Place
    score: float


Found = dict[int, float]
"""Likeness by row."""


def find(regions: Regions, text: str, *, limit: int = 5, hint: str | None = None) -> list[Match]:
    """Give the places a text may mean, the best first; of equally good ones those near `hint`, the
    code of where the person probably is."""
    text = text[:LONG]
    coded = _by_code(regions, text)
    if coded is not None:
        return [Match(regions.place(coded), 100.0)]
    parts, beside = understood(text)
    found = _best(regions, parts)
    if beside and found:
        near = _best(regions, beside)
        _prefer(
            regions, found, [one for one in near if near[one] > max(near.values()) - TOLD], SAID
        )
    if hint and (row := regions.row(hint)) is not None:
        _prefer(regions, found, [row], NEAR)
    ranked = sorted(found, key=lambda row: (-found[row], row))[:limit]
    return [Match(regions.place(row), round(100 * max(found[row], 0.0), 1)) for row in ranked]


def is_ambiguous(matches: Collection[Match]) -> list[Match]:
    """Give the matches to offer where several different places fit equally well, else nothing.

    A kecamatan and the village in it that bears its name are one place to people.
    """
    best = max((match.score for match in matches), default=0)
    different: list[Match] = []
    for match in matches:
        code = match.place.code
        if match.score > best - EQUAL and not any(
            code.startswith(other.place.code) or other.place.code.startswith(code)
            for other in different
        ):
            different.append(match)
    return different if len(different) > 1 else []


def _by_code(regions: Regions, text: str) -> int | None:
    bare = text.strip()
    if bare.isdecimal() and len(bare) in (2, 4, 6, 10):
        return regions.row(bare)
    codes = _CODE.findall(text)
    return regions.row(codes[0]) if codes and ("." in codes[0] or codes[0] == bare) else None


def _best(regions: Regions, parts: list[Part]) -> Found:
    if not parts:
        return {}
    found = _Search(regions, parts).all()
    if max(found.values(), default=0) < LOW:
        for other in otherwise(parts):
            _merge(found, _Search(regions, other).all(), minus=LESS)
    return found


def _prefer(regions: Regions, found: Found, near: list[int], weight: float) -> None:
    """Let those of the found places come first that are near one of some others."""
    for row in found if near else ():
        found[row] -= weight * (1 - max(_closeness(regions, row, other) for other in near))


def _closeness(regions: Regions, row: int, other: int) -> float:
    if row == other or row in regions.inside(other) or other in regions.inside(row):
        return 1.0
    here, there = regions.middle(row), regions.middle(other)
    return exp(-distance(*here, *there) / FAR) if here and there else 0.0


def _merge(
    into: Found, others: Found, *, times: float = 1, plus: float = 0, minus: float = 0
) -> None:
    for row, like in others.items():
        total = times * like + plus - minus
        if total > into.get(row, 0):
            into[row] = total


class _Search:
    """One reading of a text: every way of cutting it into a place and the places around it."""

    def __init__(self, regions: Regions, parts: list[Part]) -> None:
        self._regions = regions
        self._words = [word for part in parts for word in part.words]
        self._starts: dict[int, Part] = {}
        at = 0
        for part in parts:
            self._starts[at] = part
            at += len(part.words)
        self._around: dict[int, Found] = {}

    def all(self) -> Found:
        """Give the places that the whole of it may mean."""
        return self._from(0)

    def _from(self, start: int) -> Found:
        """Give the places that the words from one on may mean; only the first may be a village."""
        found: Found = {}
        below = self._regions.larger if start else None
        for end in self._ends(start):
            readings = list(self._readings(start, end))
            everywhere: Found = {}
            for typed, part in readings:
                names = self._regions.names.find(typed, below=below)
                _merge(everywhere, self._judged(names, part))
            if end == len(self._words):
                _merge(found, everywhere)
            else:
                self._before(found, readings, everywhere, self._parents(end))
        return found

    def _ends(self, start: int) -> Iterator[int]:
        """Yield where a name may end that begins there; long ones only with their part."""
        for end in range(start + 1, len(self._words) + 1):
            is_end = end == len(self._words) or end in self._starts
            if is_end or end - start <= LONGEST:
                yield end
            if end in self._starts:
                return

    def _before(
        self,
        found: Found,
        readings: list[tuple[Typed, Part]],
        everywhere: Found,
        parents: Found,
    ) -> None:
        """Take what stands before the names of places around it."""
        _merge(found, everywhere, times=OWN)
        for parent, sure in parents.items():
            inside = self._regions.inside(parent)
            here: Found = {}
            if len(inside) > WIDE:
                here = {row: like for row, like in everywhere.items() if row in inside}
            else:
                numbers = self._regions.name_numbers(inside)
                for typed, part in readings:
                    among = self._regions.names.among(typed, numbers)
                    _merge(here, self._judged(among, part, inside))
            _merge(found, here, times=OWN, plus=(1 - OWN) * sure, minus=CUT)
        _merge(found, parents, times=ALONE)

    def _parents(self, start: int) -> Found:
        """Give the few places around that the words from one on may mean."""
        if start not in self._around:
            large = {
                row: like
                for row, like in self._from(start).items()
                if self._regions.level(row) < Level.VILLAGE
            }
            self._around[start] = self._few(large)
        return self._around[start]

    def _few(self, large: Found) -> Found:
        """Leave the most alike: as many as have not too many regions inside."""
        few, inside = {}, 0
        for row in sorted(large, key=large.__getitem__, reverse=True)[:PARENTS]:
            if large[row] > UNLIKE and inside < WIDE:
                few[row] = large[row]
                inside += size if (size := len(self._regions.inside(row))) <= WIDE else 0
        return few

    def _readings(self, start: int, end: int) -> Iterator[tuple[Typed, Part]]:
        """Yield a name as it stands, and without a word that may only tell what the place is."""
        own = self._words[start:end]
        part = self._starts.get(start, Part(()))
        yield _typed(*own), part
        if len(own) < 2 or part.level:
            return
        if "kota" in (own[0], own[-1]):
            rest = own[1:] if own[0] == "kota" else own[:-1]
            yield _typed(*rest), Part((), Level.REGENCY, is_town=True)
        elif own[0] in place_words()["around"]["perhaps"]:
            yield _typed(*own[1:]), Part((), Level.VILLAGE)

    def _judged(
        self, names: list[tuple[int, float]], part: Part, inside: range | None = None
    ) -> Found:
        """Give the places that bear these names, less what speaks against each."""
        found: Found = {}
        for number, like in names:
            for row in self._regions.named(number):
                if inside is None or row in inside:
                    found[row] = max(like - self._against(row, part), found.get(row, 0.0))
        return found

    def _against(self, row: int, part: Part) -> float:
        level = self._regions.level(row)
        if part.level is None:
            return SMALLER[level]
        if level != part.level:
            is_close = level > part.level and (part.is_town or part.level == Level.DISTRICT)
            return TOLD / 2 if is_close else TOLD
        if part.is_town is None or level in (Level.PROVINCE, Level.DISTRICT):
            return 0.0
        if level == Level.VILLAGE:
            return 0.0 if part.is_town == self._regions.is_town_village(row) else CUT
        return 0.0 if part.is_town == self._regions.is_city(row) else TOLD


@lru_cache(256)
def _typed(*own: str) -> Typed:
    return Typed(own)
