"""Messages as people type them, turned into plain words: what the danger net and the intake read.

«bayi ga mau netek» and «dedek ora gelem nenen» both become `bayi tidak mau menyusu`. The words that
mean the same stand in content/lexicon.toml, which a midwife can edit; here is only how they are
found: letters folded, typing errors forgiven, endings taken off, phrases joined, denials marked.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from services.content import lexicon

_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d_]+|[.,;:!?()\n]")
_STOP = frozenset(".,;:!?()\n")
_SPREAD = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"(?<!\w)([^\W\d_]{2,30})2(nya|an|e|ne)?(?!\d)")
_ENDINGS = ("nya", "ne", "ku", "mu", "lah", "kah", "pun", "an", "e")
_VOWELS = frozenset("aeiou")
_LONGEST = 30
"""No word has more letters: what has is read as it stands, or a wall of letters would take long."""
_LONG = 5
"""From so many letters on, one typing error may still leave a word itself."""
_REACH = 3
"""So many words behind «tidak» are denied."""
DENIALS = frozenset({"tidak", "belum"})


@dataclass(slots=True)
class Word:
    """One word as it is meant (`plain`) and as it was typed."""

    plain: str
    typed: str
    clause: int
    denied: bool = False


def read(text: str) -> list[Word]:
    """Give the words of a message in order; `denied` are those that «tidak» speaks of."""
    words = list(_words(unicodedata.normalize("NFKC", text)))
    words = _joined(words)
    _deny(words)
    return words


def _words(text: str) -> Iterable[Word]:
    clause = 0
    folded = _SPREAD.sub(r"\1", text.lower().replace("'", "").replace("’", ""))
    for found in _TOKEN.finditer(_DOUBLED.sub(r"\1 \1\2", folded)):
        typed = found[0]
        if typed in _STOP:
            clause += 1
            continue
        for part in lexicon()["split"].get(typed, typed).split():
            plain = part if part[0].isdigit() or len(part) > _LONGEST else meant(part)
            clause += plain in _breaks()
            yield Word(plain, typed, clause)


@lru_cache(20_000)
def meant(typed: str) -> str:
    """Give the word that is meant by one typed word; itself where the lexicon does not know it."""
    known = _singles()
    if typed in known:
        return known[typed]
    for bare in _without_endings(typed):
        if bare in known:
            return known[bare]
    near = [one for one in _forgiven() if _is_slip(typed, one)] if len(typed) >= _LONG else []
    return known[near[0]] if len(near) == 1 and typed not in _ordinary() else typed


def _is_slip(typed: str, word: str) -> bool:
    """Tell whether one letter was lost, added, swapped with its neighbour, or is another vowel."""
    if typed[0] != word[0] or OSA.distance(typed, word, score_cutoff=1) != 1:
        return False
    if len(typed) != len(word) or sorted(typed) == sorted(word):
        return True
    return next(
        one in _VOWELS and other in _VOWELS
        for one, other in zip(typed, word, strict=True)
        if one != other
    )


def _without_endings(typed: str) -> Iterable[str]:
    for ending in _ENDINGS:
        if typed.endswith(ending) and len(typed) - len(ending) >= (3 if len(ending) > 2 else 4):
            bare = typed[: -len(ending)]
            yield bare
            if ending in ("nya", "ku", "mu", "ne", "e"):
                yield from (bare[:-2] for deeper in ("an",) if bare.endswith(deeper))
    if typed[-1:] == typed[-2:-1]:
        yield typed[:-1]


def _joined(words: Sequence[Word]) -> list[Word]:
    """Join the words of a known phrase into one, the longest first."""
    joined, place = [], 0
    while place < len(words):
        first = words[place]
        for parts, name in _phrases().get(first.plain, ()):
            part = words[place : place + len(parts)]
            if part[-1].clause == first.clause and parts == [one.plain for one in part]:
                joined.append(Word(name, " ".join(one.typed for one in part), first.clause))
                place += len(parts)
                break
        else:
            joined.append(first)
            place += 1
    return joined


def _deny(words: Sequence[Word]) -> None:
    for place, word in enumerate(words):
        if word.plain not in DENIALS:
            continue
        left = _REACH
        for later in words[place + 1 :]:
            if later.clause != word.clause or not left or later.plain in DENIALS:
                break
            later.denied = True
            left = _REACH if later.plain == "atau" else left - 1


@cache
def _singles() -> dict[str, str]:
    """Each typed word and what it means."""
    found = {one: name for name, ways in lexicon()["word"].items() for one in ways.split()}
    return found | {name: name for name in lexicon()["word"]}


@cache
def _phrases() -> dict[str, list[tuple[list[str], str]]]:
    """Each phrase by its first word, its words made plain, and what it means; the longest first."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for name, ways in lexicon()["phrase"].items():
        for way in ways:
            parts = [meant(part) for part in way.split()]
            found.setdefault(parts[0], []).append((parts, name))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return found


@cache
def _forgiven() -> tuple[str, ...]:
    """Words for which a typing error is forgiven: those on which much depends."""
    return tuple(lexicon()["reading"]["forgiven"].split())


@cache
def _ordinary() -> frozenset[str]:
    """Words that look like a typing error of another and are none."""
    return frozenset(lexicon()["reading"]["ordinary"].split())


@cache
def _breaks() -> frozenset[str]:
    """Words with which another thought begins: what was denied before is not denied behind."""
    return frozenset(lexicon()["reading"]["breaks"].split())
