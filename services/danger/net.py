"""The danger net: which signs of danger the words of a message tell of.

The signs stand in content/danger.toml, the spellings in content/lexicon.toml. A sign only ever
raises: that none is found means nothing, and nothing ever says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from services.content import danger_signs
from services.reading import Word, meant, read

SPAN = 14
"""The words of one sign stand this near each other; further apart they tell of two things."""
_NOW = frozenset({"sekarang", "tadi", "barusan"})
_LONG_AGO = frozenset({"dulu", "pernah", "almarhum", "riwayat", "dulu_kala"})
_TOLD = frozenset({"berita", "materi"})
_ASKED = frozenset({"umum", "tanda"})
_PEOPLE = frozenset(
    {"anak", "bayi", "suami", "istri", "ibu", "mama", "ayah", "kakek", "nenek", "kakak", "adik",
     "mbah", "opa", "oma", "saya", "aku", "sy", "dia", "beta", "nyong", "ulun"}
)  # fmt: skip
_SELF = frozenset({"saya", "aku", "sy"})
_TENSI = re.compile(r"\b(\d{3})\s*[/-]\s*(\d{2,3})\b")
_SUGAR = re.compile(r"\bgula(?:\s*darah)?(?:nya)?\D{0,12}(\d{2,3})\b")
_PLATELETS = re.compile(r"\btrombo\w*\D{0,12}(\d{1,3})(?:[.,]000|\s*(?:rb|ribu|k))?\b")
_DAYS = {"hari": 1, "minggu": 7, "bulan": 30, "tahun": 365}
YOUNG = 61
"""Days: a sick infant up to two months is in danger by that alone (MTBM)."""
CHILDBED = 42


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
    who = _who(text.lower(), words, set(here))
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
    here = set().union(*clauses.values())
    if "binatang_saya" in here and not here & (_PEOPLE - _SELF | {"gigit"}):
        return set(clauses)
    return {
        clause
        for clause, here in clauses.items()
        if (here & _LONG_AGO and not here & _NOW)
        or here & _TOLD
        or (here & _ASKED and not here & (_PEOPLE | _NOW))
    }


def _who(text: str, words: Sequence[Word], here: set[str]) -> set[str]:
    """Tell who a message is about, as far as the signs ask for it."""
    who = set()
    ages = list(_ages(words))
    is_child = bool(here & {"anak", "bayi"}) or any(days < 12 * 365 for days in ages)
    if is_child:
        who.add("ANAK")
    if (is_child and any(days < YOUNG for days in ages)) or "baru_lahir" in here:
        who.add("BAYI")
    if "hamil" in here:
        who.add("HAMIL")
    if "melahirkan" in here and _childbed(words):
        who.add("NIFAS")
    if here & {"demam", "panas", "panas_tinggi", "dbd", "demam_berdarah", "trombosit"} or (
        "hari_demam" in here
    ):
        who |= {"DEMAM3"} if _third_day(words) or "dbd" in here else set()
    if "gula" in here:
        who.add("GULA")
    return who | _measured(text)


def _measured(text: str) -> set[str]:
    who = set()
    if any(int(high) >= 160 or int(low) >= 110 for high, low in _TENSI.findall(text)):
        who.add("TENSI160")
    if any(20 <= int(sugar) <= 60 for sugar in _SUGAR.findall(text)):
        who.add("GULA60")
    if any(int(count) <= 100 for count in _PLATELETS.findall(text)):
        who.add("TROMBO100")
    return who


def _spans(words: Sequence[Word]) -> list[tuple[int, float]]:
    """Give each stretch of time in a message: where it stands, and its days."""
    return [
        (place, float(one.plain.replace(",", ".")) * _DAYS[unit.plain])
        for place, (one, unit) in enumerate(pairwise(words))
        if unit.plain in _DAYS and re.fullmatch(r"\d{1,3}(?:[.,]\d+)?", one.plain)
    ]


def _ages(words: Sequence[Word]) -> list[float]:
    """Give the stretches that are ages: behind «umur» or a child, not behind «sudah» or a sign."""
    return [
        days
        for place, days in _spans(words)
        if _speaks_of_age({word.plain for word in words[max(0, place - 3) : place]})
    ]


def _speaks_of_age(before: set[str]) -> bool:
    if before & {"hamil", "melahirkan"}:
        return False
    child = "anak" in before and not before & {"demam", "panas", "panas_tinggi", "sudah"}
    return child or bool(before & {"umur", "bayi", "lahir"})


def _childbed(words: Sequence[Word]) -> bool:
    place = next(at for at, word in enumerate(words) if word.plain == "melahirkan")
    spans = [days for at, days in _spans(words) if abs(at - place) <= 5]
    return all(days <= CHILDBED for days in spans)


def _third_day(words: Sequence[Word]) -> bool:
    plain = " ".join(word.plain for word in words)
    counted = re.findall(r"\bhari_demam (\d+)|\bhari (\d+)\b|\b(\d+) hari\b", plain)
    return any(3 <= int(next(filter(None, one))) <= 7 for one in counted)


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
        tuple(frozenset(map(_plain, part.split("|"))) for part in parts if not part.isupper()),
        frozenset(part for part in parts if part.isupper()),
    )


def _plain(word: str) -> str:
    denied = "!" if word.startswith("!") else ""
    return denied + meant(word.removeprefix("!"))
