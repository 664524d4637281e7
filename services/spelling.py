"""Names found although they are misspelt: dropped, swapped and doubled letters, old spelling,
abbreviations, split and joined words, numbers as digits or words.

Names and what people type become words, and the words one key without spaces. An index of the
keys' trigrams (of all letters, and of the consonants alone, because vowels are what people drop)
gives candidates; RapidFuzz counts the letters in which they differ.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from heapq import nlargest
from itertools import islice
from math import ceil

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.content import abbreviations

MOST, MOST_OF_SHORT = 4_000, 12_000
"""Entries of the index that are read for one key, the rarer trigrams first; a short key has few
trigrams, and one mistake spoils three of them."""
SHORT = 8
"""Letters of a short key."""
SHARED = 0.3
"""Of the trigrams that were looked up, a candidate has at least so many."""
FAR = 0.45
"""Keys that are less alike than this are not compared any further."""
CLOSEST = 60
"""Names that are compared word by word."""
TOGETHER = 5_000
"""Names that become keys as one text, which takes a tenth of the time."""
SHORTENED = 0.92
"""How alike a name is whose words were all shortened at will («bend hilir»)."""

_WORD = re.compile(r"[^\W\d_]+|\d+")
_WORD_OR_END = re.compile(r"[^\W\d_]+|\d+|\n")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʻʼ"))
_NUMBERS = (
    "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
)  # fmt: skip
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_NUMERALS = {
    spelt: word
    for place, word in enumerate(_NUMBERS)
    for spelt in (str(place + 1), f"{place + 1:02}", _ROMAN[place])
}
_OLD = (("oe", "u"), ("tj", "c"), ("dj", "j"), ("nj", "ny"), ("sj", "sy"), ("ch", "kh"))
"""The spelling until 1972 (oe until 1947), which lives on in names."""
_SOUNDS = (
    ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("q", "k"), ("v", "p"),
    ("f", "p"), ("z", "j"), ("x", "ks"),
)  # fmt: skip
"""Letters that many people write for one another."""
_TWICE = re.compile(r"([^\n])\1+")
_VOWELS = dict.fromkeys(map(ord, "aiueo"))


def words(text: str) -> list[str]:
    """Give the words and numbers of a text in small letters, without accents or apostrophes."""
    return _WORD.findall(_plain(text))


def spelled(parts: Iterable[str]) -> list[str]:
    """Give the words with abbreviations and numbers spelled out."""
    full = _full()
    return [full.get(part, part) for part in parts]


def keys(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield what each name is compared by: one key, two where it may be spelled in the old way."""
    left = iter(names)
    while some := list(islice(left, TOGETHER)):
        yield from _keys(some)


def _keys(names: list[str]) -> Iterator[tuple[str, ...]]:
    text = _plain("\n".join(name.replace("\n", " ") for name in names))
    full = _full()
    joined = "".join([full.get(part, part) for part in _WORD_OR_END.findall(text)]).replace(" ", "")
    modern = joined
    for old, new in _OLD:
        modern = modern.replace(old, new)
    for one, other in zip(_heard(joined).split("\n"), _heard(modern).split("\n"), strict=True):
        yield (one,) if one == other else (one, other)


class Typed:
    """A name as somebody typed it, ready to be compared."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.words = tuple(parts)
        self.letters = "".join(self.words)
        both = keys([" ".join(self.words), self.letters])
        self.keys = [*dict.fromkeys(key for found in both for key in found)]
        self._consonants = [key.translate(_VOWELS) for key in self.keys]

    def likeness(self, name: str, key: str) -> float:
        """Tell how alike a name with this key is, from 0 to 1 (only the very letters are 1)."""
        bare = key.translate(_VOWELS)
        like = max(
            0.75 * OSA.normalized_similarity(mine, key)
            + 0.25 * OSA.normalized_similarity(consonants, bare)
            for mine, consonants in zip(self.keys, self._consonants, strict=True)
        )
        others = words(name)
        if like < SHORTENED and self._shortens(others):
            like = SHORTENED
        return 0.99 * like + 0.01 * ("".join(others) == self.letters)

    def _shortens(self, others: Sequence[str]) -> bool:
        return 1 < len(others) == len(self.words) and all(
            map(_is_short_for, self.words, spelled(others))
        )


class Names:
    """Names, numbered as they are given, that are found by how they are spelled."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self._keys: list[str] = []
        self._first = array("I", [0])  # the first key of every name, and an end
        self._owners = array("I")
        for number, own in enumerate(keys(names)):
            self._keys += own
            self._owners.extend([number] * len(own))
            self._first.append(len(self._keys))
        self._places = _index(self._keys)

    def find(
        self, typed: Typed, limit: int = 40, *, below: int | None = None
    ) -> list[tuple[int, float]]:
        """Give the names most alike, by number and likeness, the best first; only those numbered
        `below` something where that is given, which is as much faster as they are fewer."""
        end = len(self._keys) if below is None else self._first[below]
        near = {
            place: self._keys[place] for key in typed.keys for place in self._candidates(key, end)
        }
        return self._ranked(typed, near, limit)

    def among(
        self, typed: Typed, numbers: Iterable[int], limit: int = 40
    ) -> list[tuple[int, float]]:
        """Give the most alike of certain names, in the same way."""
        first = self._first
        near = {
            place: self._keys[place]
            for number in set(numbers)
            for place in range(first[number], first[number + 1])
        }
        return self._ranked(typed, near, limit)

    def _candidates(self, key: str, end: int) -> list[int]:
        grams = _grams(key)
        lists = [places for gram in grams if (places := self._places.get(gram))]
        if end < len(self._keys):
            lists = [cut for places in lists if (cut := places[: bisect_left(places, end)])]
        most = MOST if len(key) > SHORT else MOST_OF_SHORT
        shared: Counter[int] = Counter()
        read = used = 0
        for places in sorted(lists, key=len):
            if read + len(places) > most and used > 2:
                break
            shared.update(places)
            read, used = read + len(places), used + 1
        needed = max(2, ceil(SHARED * used))
        return [place for place, count in shared.items() if count >= needed]

    def _ranked(self, typed: Typed, near: dict[int, str], limit: int) -> list[tuple[int, float]]:
        close: dict[int, float] = {}
        for key in typed.keys:
            found = process.extract(
                key, near, scorer=OSA.normalized_similarity, score_cutoff=FAR, limit=CLOSEST
            )
            for _, like, place in found:
                close[place] = max(like, close.get(place, 0))
        best: dict[int, float] = {}
        for place in nlargest(CLOSEST, close, key=close.__getitem__):
            number = self._owners[place]
            like = typed.likeness(self.names[number], self._keys[place])
            best[number] = max(like, best.get(number, 0))
        return sorted(best.items(), key=lambda one: -one[1])[:limit]


def _plain(text: str) -> str:
    small = text.lower().translate(_APOSTROPHES)
    if small.isascii():
        return small
    return _FOREIGN.sub(_bare, small)


def _bare(letters: re.Match[str]) -> str:
    apart = unicodedata.normalize("NFKD", letters[0]).lower().translate(_APOSTROPHES)
    return "".join(one for one in apart if not unicodedata.combining(one))


@cache
def _full() -> dict[str, str]:
    return abbreviations() | _NUMERALS


def _heard(joined: str) -> str:
    for written, sound in _SOUNDS:
        joined = joined.replace(written, sound)
    return _TWICE.sub(r"\1", joined)


def _index(all_keys: Sequence[str]) -> "dict[str, array[int]]":
    """Give where each trigram stands."""
    places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for place, key in enumerate(all_keys):
        for gram in _grams(key):
            places[gram].append(place)
    return dict(places)


def _grams(key: str) -> set[str]:
    """Give a key's trigrams, its edges marked, and in other marks those of its consonants."""
    whole, bare = f"^{key}$", f"<{key.translate(_VOWELS)}>"
    grams = {whole[at : at + 3] for at in range(len(whole) - 2)}
    grams.update([bare[at : at + 3] for at in range(len(bare) - 2)])
    return grams


def _is_short_for(short: str, word: str) -> bool:
    """Tell whether a word stands for another: the same, its beginning, or some of its consonants
    in their order, beginning with the first letter."""
    if word.startswith(short):
        return True
    rest: Iterator[str] = iter(word)
    is_bare = short == short.translate(_VOWELS)
    return is_bare and short[:1] == word[:1] and all(letter in rest for letter in short)
