"""Which facility somebody means: «puskesmas komodo labuan bajo», «rs siloam kupng», «klinik sehat».

Words for kinds say what it is and no more. The rest is cut wherever the name may end: what stands
before the cut is compared with all names, what stands behind it with where those facilities are.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, chain

from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.facility import Facility, Kind
from services import region
from services.atlas import atlas
from services.content import catalogue
from services.spelling import Names, Typed, words

MOST_WORDS = 8
OWN = 0.7
"""What a facility's own name counts beside where it is."""
CUT = 0.01
"""What the cut costs, so that «Kupang Kota» is one name rather than a name and a place."""
OTHER_KIND, NO_KIND = 0.15, 0.05
"""What it costs to be of another kind than was said, or of one that nobody knows."""
PART = 0.1
"""What it costs that one word of the name was said: «RSUD Johannes» of «Prof. W.Z. Johannes»."""
WORD = 4
"""Letters of a word by which a facility may be called."""
CLOSE = 0.12
"""Names so much less alike than the best are not looked at any further."""
SOME = 60
"""Facilities whose places are looked at: many may bear one name."""
LOW = 0.8
"""Below this the place is looked for before the name, too: «labuan bajo siloam»."""
ENOUGH = 60
"""The score below which nothing is like what was typed."""
_HOSPITALS = frozenset({Kind.HOSPITAL, Kind.PRATAMA_HOSPITAL})
_CLINICS = frozenset({Kind.CLINIC, Kind.MAIN_CLINIC, Kind.FORCES, Kind.DENTIST})


class FacilityNames:
    """The names of all facilities that have not ended, without the words for their kinds."""

    def __init__(self, session: Session) -> None:
        rows = select(Facility.id, Facility.kind, Facility.name).where(Facility.ended_on.is_(None))
        borne: defaultdict[str, list[int]] = defaultdict(list)
        self.ids, self._kinds = array("q"), list[Kind | None]()
        # The bare connection gives many rows in half the time that the session takes.
        found = session.connection().execute(
            rows.order_by(Facility.id), execution_options={"yield_per": 1000}
        )
        for row, (one, kind, name) in enumerate(found):
            self.ids.append(one)
            self._kinds.append(kind)
            core = _core(name)
            borne[" ".join(core)].append(row)
            for part in {part for part in core if len(part) >= WORD} if len(core) > 1 else ():
                borne[part].append(~row)  # below 0: the name is longer
        self.names = Names(list(borne))
        self._first = array("I", accumulate(map(len, borne.values()), initial=0))
        self._rows = array("i", chain.from_iterable(borne.values()))

    def alike(self, typed: Sequence[str]) -> dict[int, float]:
        """Give the rows of the facilities whose names are most like these words, and how like."""
        best: dict[int, float] = {}
        for number, like in self.names.find(Typed(typed), SOME):
            for row in self._rows[self._first[number] : self._first[number + 1]]:
                if row >= 0:
                    best[row] = max(like, best.get(row, 0))
                else:
                    best[~row] = max(like - PART, best.get(~row, 0))
        least = max(best.values(), default=0) - CLOSE
        return {row: like for row, like in best.items() if like > least}

    def is_of(self, row: int, kinds: frozenset[Kind]) -> bool | None:
        """Tell whether a facility is of one of the kinds; None where nobody knows."""
        kind = self._kinds[row]
        return None if kind is None else kind in kinds


def search(session: Session, text: str, *, limit: int = 5) -> list[tuple[Facility, float]]:
    """Give the facilities that a text may mean, the best first, each with a score up to 100; in
    spite of misspelling, with kinds and places as hints. The code finds the very one."""
    there = Facility.ended_on.is_(None)
    coded = session.scalar(select(Facility).where(Facility.code == text.strip(), there))
    if coded is not None:
        return [(coded, 100.0)]
    kept = atlas(session, FacilityNames)
    before, after, kinds = _asked(text)
    asked = (after + before)[:MOST_WORDS]
    best: dict[int, float] = {}

    def read(name: list[str], around: list[str]) -> None:
        found = kept.alike(name)
        places = _places(session, kept, found) if around else {}
        for row, like in found.items():
            if around:
                like = OWN * like + (1 - OWN) * _fits(around, places[row]) - CUT
            best[row] = max(like - _against(kept, row, kinds), best.get(row, 0))

    for end in range(1, len(asked) + 1):
        read(asked[:end], asked[end:])
    if max(best.values(), default=0) < LOW:
        for begin in range(1, len(asked)):
            read(asked[begin:], asked[:begin])
    ranked = sorted(best, key=lambda row: (-best[row], kept.ids[row]))
    scores = {kept.ids[row]: round(100 * min(1, best[row]), 1) for row in ranked[:limit]}
    good = {one: score for one, score in scores.items() if score >= ENOUGH}
    records = session.scalars(select(Facility).where(Facility.id.in_(good), there))
    by_id = {record.id: record for record in records}
    return [(by_id[one], score) for one, score in good.items() if one in by_id]


def _asked(text: str) -> tuple[list[str], list[str], frozenset[Kind]]:
    """Give the words before the first that says a kind, those after it, and the kinds.

    What stands before is mostly where it is: «labuan bajo puskesmas komodo». Words that are nothing
    but kinds are left as they are: there is nothing else to look for.
    """
    told, typed = _kind_words(), words(text)
    kinds, before, after = frozenset[Kind](), list[str](), list[str]()
    at = 0
    while at < len(typed):
        pair = " ".join(typed[at : at + 2])
        said = pair if pair in told else typed[at]
        if said not in told:
            after.append(said)
        elif told[said] and not kinds:
            kinds, before, after = told[said], after, []
        at += 2 if said is pair and len(typed) > at + 1 else 1
    return (before, after, kinds) if before or after else ([], typed, kinds)


def _core(name: str) -> list[str]:
    """Give the words of a facility's own name in their order."""
    before, after, _ = _asked(name)
    return before + after


@cache
def _kind_words() -> dict[str, frozenset[Kind]]:
    """Give what people call the kinds; words that say no kind («umum», «daerah») have none."""
    wide = {Kind.HOSPITAL: _HOSPITALS, Kind.CLINIC: _CLINICS}
    found = dict.fromkeys(catalogue()["search.filling"].split(" · "), frozenset[Kind]())
    for kind in Kind:
        if kind is not Kind.OTHER:
            said = catalogue()[f"search.{kind}"].split(" · ")
            found.update(dict.fromkeys(said, wide.get(kind, frozenset({kind}))))
    return found


def _against(kept: FacilityNames, row: int, kinds: frozenset[Kind]) -> float:
    if not kinds:
        return 0.0
    of = kept.is_of(row, kinds)
    return NO_KIND if of is None else 0.0 if of else OTHER_KIND


def _places(
    session: Session, kept: FacilityNames, found: dict[int, float]
) -> dict[int, frozenset[str]]:
    """Give the words of where facilities are: names, addresses, the regions around."""
    some = sorted(found, key=found.__getitem__, reverse=True)[: 4 * SOME]
    columns = select(Facility.id, Facility.name, Facility.address, Facility.region_code)
    there = {
        one: frozenset(words(f"{name} {address or ''} {_regions(session, code)}"))
        for one, name, address, code in session.execute(
            columns.where(Facility.id.in_([kept.ids[row] for row in some]))
        )
    }
    return {row: there.get(kept.ids[row], frozenset()) for row in found}


def _regions(session: Session, code: str | None) -> str:
    return " ".join(one.name for one in region.path(session, code)) if code else ""


def _fits(around: Iterable[str], place: frozenset[str]) -> float:
    """Tell how well words fit a place, from 0 to 1: each by the word there that is most like it."""
    like = [
        max((OSA.normalized_similarity(word, other) for other in place), default=0.0)
        for word in around
    ]
    return sum(like) / len(like)
