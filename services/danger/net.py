"""The danger net: which signs of danger the words of a message tell of.

The signs stand in content/danger.toml, the spellings in content/lexicon.toml. A sign only ever
raises: that none is found means nothing, and nothing ever says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from services.content import danger_classes, danger_signs
from services.danger.whom import whom
from services.reading import Word, meant, read

SPAN = 14
"""The words of one sign stand this near each other; further apart they tell of two things."""
_NOW = frozenset({"sekarang", "tadi", "barusan"})
_LONG_AGO = frozenset({"dulu", "pernah", "almarhum", "riwayat", "dulu_kala"})
_TOLD = frozenset({"berita", "materi"})
_ASKED = frozenset({"umum", "tanda"})
_ASKS = frozenset(
    {"bagaimana", "harus", "boleh", "wajar", "apa", "biasanya", "sebaiknya", "diapain"}
)
_PEOPLE = frozenset(
    {"anak", "bayi", "suami", "istri", "ibu", "mama", "ayah", "kakek", "nenek", "kakak", "adik",
     "mbah", "opa", "oma", "saya", "aku", "sy", "dia", "beta", "nyong", "ulun"}
)  # fmt: skip
_ANYBODY = frozenset({"anak", "bayi", "ibu"})
_SELF = frozenset({"saya", "aku", "sy"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_BORN = frozenset({"lahir", "kelahiran"})


@dataclass(frozen=True, slots=True)
class Sign:
    """One line by which a sign is recognised: all of `parts` near each other, `who` anywhere."""

    group: str
    name: str
    asks: bool
    parts: tuple[frozenset[str], ...]
    who: frozenset[str]


def find(text: str) -> list[str]:
    """Give the groups of danger signs that a text tells of, in the order of the content."""
    return list(dict.fromkeys(sign.group for sign in found(text) if not sign.asks))


def doubts(text: str) -> list[str]:
    """Give the groups about which a closed question has to be asked."""
    return list(dict.fromkeys(sign.group for sign in found(text)))


def why(text: str) -> list[str]:
    """Give the names of the signs that a text tells of, for the people who edit the content."""
    return list(dict.fromkeys(sign.name for sign in found(text)))


def found(text: str) -> list[Sign]:
    """Give the signs that a text tells of: those for the card, and those to ask about."""
    words = read(text)
    here: dict[str, list[int]] = {}
    past = _past(words)
    for place, word in enumerate(words):
        if word.clause not in past:
            here.setdefault(f"!{word.plain}" if word.denied else word.plain, []).append(place)
    begun = {place for word in here for place in _begun_by().get(word, ())}
    signs = [_signs()[place] for place in sorted(begun)]
    signs = [one for one in signs if all(not part.isdisjoint(here) for part in one.parts)]
    if not signs:
        return []
    who = whom(text.lower(), words, set(here))
    return [one for one in signs if one.who <= who and _near(one.parts, here)]


def _near(parts: Sequence[frozenset[str]], here: dict[str, list[int]]) -> bool:
    places = [sorted(p for word in part for p in here.get(word, ())) for part in parts]
    return any(
        all(any(abs(other - first) < SPAN for other in rest) for rest in places[1:])
        for first in places[0]
    )


def _past(words: Sequence[Word]) -> set[int]:
    """Give the clauses that tell of long ago, ask in general, or speak of an animal."""
    clauses: dict[int, set[str]] = {}
    for word in words:
        clauses.setdefault(word.clause, set()).update(() if word.denied else (word.plain,))
    for before, word in pairwise(words):
        if before.plain == "tahun" and _YEAR.fullmatch(word.plain):
            clauses[word.clause] |= set() if clauses[word.clause] & _BORN else {"dulu"}
    here = set().union(*clauses.values())
    if "binatang_saya" in here and not here & (_PEOPLE - _SELF) and not _bites(words):
        return set(clauses)
    if words and words[0].plain == "ternak" and not here & (_PEOPLE - _SELF):
        return set(clauses)
    return {
        clause
        for clause, here in clauses.items()
        if (here & _LONG_AGO and not here & _NOW)
        or here & _TOLD
        or (
            _asks(here)
            and not here & (_NOW | _PEOPLE - (_ANYBODY if "biasanya" in here else set()))
        )
    }


def _bites(words: Sequence[Word]) -> bool:
    """Tell whether an animal bit somebody: «digigit kucing saya», not «kucing saya digigit»."""
    order = [one.plain for one in words if one.plain in ("binatang_saya", "gigit")]
    return "gigit" in order and not (
        order[0] == "binatang_saya" and any(one.typed.startswith("di") for one in words
                                            if one.plain == "gigit")
    )  # fmt: skip


def _asks(here: set[str]) -> bool:
    """Tell whether a thought asks in general: «apa tanda…», «kalau digigit anjing bagaimana»."""
    if "kalau" in here and here & _ASKS:
        return not here & {"sudah", "umur", "hari", "jam"}
    return bool(here & _ASKED)


@cache
def _begun_by() -> dict[str, list[int]]:
    """Give where the signs stand whose first words hold a word: most texts touch none."""
    begun: dict[str, list[int]] = {}
    for place, sign in enumerate(_signs()):
        for word in sign.parts[0]:
            begun.setdefault(word, []).append(place)
    return begun


@cache
def _signs() -> tuple[Sign, ...]:
    return tuple(_line(sign, line) for sign in danger_signs() for line in sign["when"])


def _line(sign: dict[str, object], line: str) -> Sign:
    parts = line.split()
    return Sign(
        str(sign["group"]),
        str(sign["name"]),
        bool(sign.get("ask")),
        tuple(_any_of(part) for part in parts if not part.isupper()),
        frozenset(part for part in parts if part.isupper()),
    )


def _any_of(part: str) -> frozenset[str]:
    named = (danger_classes().get(one, one) for one in part.split("|"))
    return frozenset(_plain(word) for words in named for word in words.split())


def _plain(word: str) -> str:
    denied = "!" if word.startswith("!") else ""
    return denied + meant(word.removeprefix("!"))
