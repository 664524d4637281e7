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
from itertools import pairwise, product

from rapidfuzz.distance import OSA

from services.content import danger_signs, lexicon

_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d_]+|[.,;:!?()\n]")
_STOP = frozenset(".,;:!?()\n")
_SPREAD = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"(?<!\w)([^\W\d_]{2,30})2(nya|an|e|ne)?(?!\d)")
_ENDINGS = ("nya", "ne", "ku", "mu", "lah", "kah", "pun", "an", "e")
_VOWELS = frozenset("aeiou")
_LONGEST = 30
"""No word has more letters: what has is read as it stands, or a wall of letters would take long."""
_O_BEFORE = re.compile(r"o([^aeiou]+)o$")
_SAID = 4
"""So many letters a word has in which Javanese or passive forms are looked for."""
_LONG = 5
"""From so many letters on, one typing error may still leave a word itself."""
_REACH = 3
"""So many words behind «tidak» are denied."""
_BACK = 2
"""So many words before «tidak ada» are denied: «nyeri dada tidak ada»."""
_SKIPPED = 3
"""So many little words may stand inside a phrase: «kaki *anak saya* dingin»."""
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
    _tell_time(words)
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
    for bare in (*_without_endings(typed), *_in_javanese(typed), *_suffered(typed)):
        if bare in known:
            return known[bare]
    for bare in (typed, typed.removeprefix("ba")):
        if bare in _in_banjar() and typed not in _ordinary():
            return _in_banjar()[bare]
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


def _suffered(typed: str) -> Iterable[str]:
    """«Ditahan» is what «tahan» does to somebody, «bagarak» what somebody does in Banjar."""
    if typed.startswith(("di", "ba")) and len(typed) >= _SAID + 2:
        yield from (typed[2:], *_without_endings(typed[2:]))


def _in_javanese(typed: str) -> Iterable[str]:
    """«Ngendhat» is written with dh, and «dodo» is how «dada» is said."""
    plain = typed.replace("dh", "d").replace("th", "t")
    if plain != typed:
        yield plain
    if typed.endswith("o") and len(typed) >= _SAID and typed not in _ordinary():
        yield f"{typed[:-1]}a"
        yield _O_BEFORE.sub(r"a\1a", typed)


def _tell_time(words: Sequence[Word]) -> None:
    """«Pukul 8» and «pukul berapa» strike nobody; «pukul 2 kali» does."""
    for place, (word, after) in enumerate(pairwise(words)):
        is_hour = after.plain[0].isdigit() or after.plain == "berapa"
        times = [one.plain for one in words[place + 2 : place + 3]]
        if word.typed == "pukul" and is_hour and times != ["kali"]:
            word.plain = "jam"


def _joined(words: Sequence[Word]) -> list[Word]:
    """Join the words of a known phrase into one, the longest first; little words follow it."""
    phrases, joined, place = _phrases_in(words), [], 0
    while place < len(words):
        first = words[place]
        for parts, name in phrases.get(first.plain, ()):
            if end := _end(words, place, parts):
                taken = words[place:end]
                joined.append(Word(name, " ".join(one.typed for one in taken), first.clause))
                joined.extend(one for one in taken if one.plain not in parts)
                place = end
                break
        else:
            joined.append(first)
            place += 1
    return joined


def _phrases_in(words: Sequence[Word]) -> dict[str, list[tuple[list[str], str]]]:
    """Give the phrases of which a text has all words: a few of thousands."""
    here, known = {word.plain for word in words}, _phrases()
    return {
        first: [one for one in known[first] if here.issuperset(one[0])]
        for first in here & known.keys()
    }


def _end(words: Sequence[Word], place: int, parts: Sequence[str]) -> int:
    """Give where a phrase ends that begins here, with little words between; 0 if it does not."""
    clause, little, skipped = words[place].clause, _little(), 0
    for part in parts[1:]:
        place += 1
        while place < len(words) and words[place].plain != part:
            if skipped == _SKIPPED or words[place].plain not in little:
                return 0
            skipped += 1
            place += 1
        if place == len(words) or words[place].clause != clause:
            return 0
    return place + 1


def _deny(words: Sequence[Word]) -> None:
    for place, word in enumerate(words):
        if word.plain not in DENIALS:
            continue
        if _ends_with_none(words, place):
            _deny_back(words[:place], word.clause)
            continue
        left = _REACH
        for later in words[place + 1 :]:
            if later.clause != word.clause or not left or later.plain in DENIALS:
                break
            later.denied = True
            left = _REACH if later.plain == "atau" else left - 1


def _ends_with_none(words: Sequence[Word], place: int) -> bool:
    """Tell whether a thought ends with «… tidak ada», or with «… tidak ada dok»."""
    rest = [one.plain for one in words[place + 1 : place + 4] if one.clause == words[place].clause]
    return rest[:1] == ["ada"] and len(rest) < 3 and all(one in _little() for one in rest[1:])


def _deny_back(before: Sequence[Word], clause: int) -> None:
    for word in before[: -_BACK - 1 : -1]:
        if word.clause != clause or word.plain in _lacking():
            break
        word.denied = True


def forms(root: str) -> Iterable[str]:
    """Give what becomes of «pukul»: dipukul, kepukul, mukul, memukul, mukulin, dipukuli …"""
    lost = {"t": "n", "p": "m", "k": "ng", "s": "ny", "c": "ny"}.get(root[0])
    before = {"b": "m", "d": "n", "j": "n", "c": "n", "g": "ng", "r": "", "l": ""}.get(
        root[0], "ng"
    )
    nasal = [lost + root[1:]] if lost else []
    nasal += [] if lost and root[0] != "c" else [before + root]
    stems = [root, *(before + root for before in ("di", "ke", "ka", "ter", "tar", "ta"))]
    stems += [start + one for one in nasal for start in ("", "me", "ma")] + [f"nge{root}"]
    return [stem + ending for stem in stems for ending in ("", "i", "in", "kan", "an", "ake", "en")]


@cache
def _singles() -> dict[str, str]:
    """Each typed word and what it means; what is written out counts before what is formed."""
    acts = lexicon()["act"].items()
    found = {one: name for name, roots in acts for root in roots.split() for one in forms(root)}
    found |= {one: name for name, ways in lexicon()["word"].items() for one in ways.split()}
    found |= {name: name for table in ("act", "word") for name in lexicon()[table]}
    return {one: one for one in _spoken_of()} | found


def _spoken_of() -> Iterable[str]:
    """Give the words of which phrases and signs are made: an ending changes nothing on them."""
    for ways in lexicon()["phrase"].values():
        yield from (part for way in ways for part in way.split())
    lines = (line for sign in danger_signs() for line in sign["when"])
    for part in (part for line in lines for part in line.split() if not part.isupper()):
        yield from (word.lstrip("!@") for word in part.split("|"))


@cache
def _in_banjar() -> dict[str, str]:
    """Longer words as Banjar says them, with a for e and u for o: tabantur, kapala, mangantuk."""
    heard: dict[str, set[str]] = {}
    acts = {
        one for roots in lexicon()["act"].values() for root in roots.split() for one in forms(root)
    }
    for word in {*acts, *lexicon()["word"], *_forgiven()}:
        name = _singles()[word]
        said = re.sub(r"^(ter|ber)(?=\w{4})", lambda m: m[0][0] + "a", word)
        said = said.translate(str.maketrans("eo", "au"))
        if said != word and len(said) >= _LONG and said not in _singles():
            heard.setdefault(said, set()).add(name)
    return {said: names.pop() for said, names in heard.items() if len(names) == 1}


@cache
def _phrases() -> dict[str, list[tuple[list[str], str]]]:
    """Each phrase by its first word, its words made plain, and what it means; the longest first."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    said = [(way, name) for name, ways in lexicon()["phrase"].items() for way in ways]
    for way, name in (*_cannot(), *said):
        parts = [meant(part) for part in way.split()]
        found.setdefault(parts[0], []).append((parts, name))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return found


def _cannot() -> Iterable[tuple[str, str]]:
    """Give the ways to say that somebody does not do a thing, and what each means."""
    ways = lexicon()["cannot"]["ways"]
    for name, doings in lexicon()["cannot"].items():
        if name != "ways":
            for way, doing in product(ways, doings):
                yield f"{way} {doing}", name
                yield f"{doing} {way}", name


@cache
def _forgiven() -> tuple[str, ...]:
    """Words for which a typing error is forgiven: those on which much depends."""
    return tuple(lexicon()["reading"]["forgiven"].split())


@cache
def _ordinary() -> frozenset[str]:
    """Words that look like a typing error of another and are none."""
    return frozenset(lexicon()["reading"]["ordinary"].split())


@cache
def _little() -> frozenset[str]:
    """Words that may stand inside a phrase and change nothing."""
    return frozenset(lexicon()["reading"]["little"].split())


@cache
def _lacking() -> frozenset[str]:
    """What is missing with «tidak ada» is a thing or a person, and the sign before it stands."""
    return frozenset(lexicon()["reading"]["lacking"].split())


@cache
def _breaks() -> frozenset[str]:
    """Words with which another thought begins: what was denied before is not denied behind."""
    return frozenset(lexicon()["reading"]["breaks"].split())
