"""What words ask for that ask for a facility and nothing else: «puskesmas terdekat», «klinik di
Reok». Everything else is for somebody else."""

import re
from functools import cache
from typing import NamedTuple

from services.content import catalogue
from services.facility.wish import ANY

LONGEST_PLACE = 6
"""Words of a place's name with those around it; what is longer and names none is a complaint."""


class Request(NamedTuple):
    """What words ask for that ask for a facility and nothing else."""

    group: str
    place: str


def request(typed: str) -> Request | None:
    """Understand «puskesmas terdekat» and «klinik di Reok»; None for everything else."""
    said = re.findall(r"\w+", typed.lower())
    text, group = " ".join(said), ANY
    for letter, names in _names():
        found = re.search(rf"\b(?:{names})\b", text)
        if found is not None:
            group = letter
            break
    else:
        return None
    before, after = text[: found.start()].split(), text[found.end() :].split()
    filling = _filling()
    if not set(before) <= filling:
        return None
    while after and after[0] in filling:
        after.pop(0)
    while after and after[-1] in filling:
        after.pop()
    return Request(group, " ".join(after)) if len(after) <= LONGEST_PLACE else None


def names_a_level(typed: str) -> bool:
    """Tell whether words say of themselves that they name a place: «desa …», «kec. …»."""
    begins = catalogue()["place.levels"].split(" · ")
    return any(word in begins for word in re.findall(r"\w+", typed.lower()))


@cache
def _names() -> list[tuple[str, str]]:
    """Give the ways to name each kind as a pattern, the longer ones first."""
    found = []
    for letter in ("g", "r", "k", "p", ANY):
        names = catalogue()[_NAMES[letter]].split(" · ")
        found.append((letter, "|".join(re.escape(one) for one in names)))
    return found


@cache
def _filling() -> set[str]:
    return set(catalogue()["place.filling"].split(" · "))


_NAMES = {
    "g": "place.dentists", "r": "place.hospitals", "k": "place.clinics", "p": "place.puskesmas",
    ANY: "place.facilities",
}  # fmt: skip
