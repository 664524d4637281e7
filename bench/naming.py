"""Facilities found by names that are misspelt by rule, beside RapidFuzz by itself."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from bench.directory import RING, Lists, code
from bench.misspelling import RULES, Said
from bench.places import Finder, Hits
from bench.table import Table
from bot.database import Database
from services.facility.search import search

SEED = 20261126
SLOW, SURE = 50, 95.0
"""Goals: milliseconds of the 99th of a hundred, percent among five."""
SOME = 5
"""A peer, which goes through all names each time, is asked every so manyth."""
_KINDS = re.compile(r"\b(puskesmas|pkm|rsud|rsu|rsia|rs|rumah sakit|klinik|utama|apotek|drg?)\b")
"""What one list writes in front of a name and another leaves out."""


def named(url: str, lists: Lists, count: int) -> Table:
    """Look for facilities by what people may type, most with the regency behind it."""
    typed = list(islice(_typed(lists), count))
    names = {code(number): name.lower() for number, name in enumerate(lists.names)}
    whole = {one: f"{name} {lists.addresses[int(one[1:])]}".lower() for one, name in names.items()}
    database = Database(url, RING)
    database.atlas.is_refreshed = True  # as in the service
    with closing(database), database.reading() as session:
        search(session, "mawar")  # reads the names
        ours = _asked(partial(_ours, session), typed)
        results = {
            f"services/facility, all {count}": ours,
            "services/facility": _asked(partial(_ours, session), typed[::SOME]),
            "RapidFuzz, letters (OSA), names": _plain_fuzz(
                names, OSA.normalized_similarity, typed[::SOME]
            ),
            "RapidFuzz, WRatio, names": _plain_fuzz(names, fuzz.WRatio, typed[::SOME]),
            "RapidFuzz, token set, names and places": _plain_fuzz(
                whole, fuzz.token_set_ratio, typed[::SOME]
            ),
        }
    base = results["services/facility"].row[3]
    return Table(
        title=f"Facilities by misspelt names, among {len(names):,}",
        columns=("finder", "typed", "first %", "in five %", "median ms", "p99 ms", "ratio"),
        rows=[(name, *hits.row, hits.row[3] / base) for name, hits in results.items()],
        notes=(
            f"goals: in five {SURE:.0f} %, p99 {SLOW} ms; CPU time, the database's work included",
            "right: a facility of that name, in that regency where one was typed",
        ),
    )


def _asked(finder: Finder, typed: Sequence[Said]) -> Hits:
    hits = Hits()
    for one in typed:
        hits.take(finder, one)
    return hits


def _ours(session: Session, text: str) -> list[str]:
    return [facility.code for facility, _ in search(session, text)]


def _plain_fuzz(names: dict[str, str], scorer: Callable[..., float], typed: Sequence[Said]) -> Hits:
    def find(text: str) -> list[str]:
        return [one for _, _, one in process.extract(text, names, scorer=scorer, limit=5)]

    return _asked(find, typed)


def _typed(lists: Lists) -> Iterator[Said]:
    """Yield without end what people type, every rule equally often."""
    chance, same = random.Random(SEED), defaultdict(set)
    for number, name in enumerate(lists.names):
        same[_own(name).replace(" ", "")].add(number)
    while True:
        for rule, misspell in RULES.items():
            while True:
                number = chance.randrange(len(lists.names))
                own = _own(lists.names[number])
                if not 5 <= len(own) <= 30 or (mistyped := misspell(chance, own)) == own:
                    continue
                regency = lists.regencies[number]
                told = bool(regency) and chance.random() < 0.7
                fits = {
                    one
                    for one in same[own.replace(" ", "")]
                    if not told or lists.regencies[one] == regency
                }
                text = f"{mistyped} {_bare(regency)}" if told else mistyped
                yield Said(text, rule, frozenset(map(code, fits)))
                break


def _own(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", _KINDS.sub(" ", name.lower())).split())


def _bare(regency: str) -> str:
    return re.sub(r"^(kabupaten|kab\.?|kota)( administrasi)? ", "", regency.lower()).strip()
