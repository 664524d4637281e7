"""What somebody says of a place: names, and words for how large each is, or what it is near."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.region import Level
from services.content import place_words
from services.spelling import words

MOST_WORDS = 8
LONGEST = 4
"""Words of a name that is followed by others without any sign between."""

_NO_REGION = re.compile(r"\b(?:rt|rw|no|nomor|gang|gg)\W{0,3}\d+\b", re.IGNORECASE)
"""What addresses have besides: a row of houses, a number."""
_PIECE = re.compile(r"[,;:()/\n]+")


@dataclass(frozen=True)
class Part:
    """Words that hold together, and what was said of their level."""

    words: tuple[str, ...]
    level: Level | None = None
    is_town: bool | None = None
    """Whether a kota or kelurahan was said (True), a kabupaten or desa (False)."""


def understood(text: str) -> tuple[list[Part], list[Part]]:
    """Cut a text into its parts, the smallest place first, and those of a place that is near."""
    near = place_words()["around"]["near"]
    pieces = [words(piece) for piece in _PIECE.split(_NO_REGION.sub(",", text))]
    for at, piece in enumerate(pieces):
        for place, word in enumerate(piece):
            if word in near and (at or place):
                rest = [piece[place + 1 :], *pieces[at + 1 :]]
                return _parts([*pieces[:at], piece[:place]]), _parts(rest)
    return _parts(pieces), []


def _parts(pieces: list[list[str]]) -> list[Part]:
    """Cut at commas, at «di» and before words that tell a level."""
    told, around = place_words()["levels"], place_words()["around"]
    parts: list[Part] = []
    left = MOST_WORDS
    for piece in pieces:
        level: str | None = None
        own: list[str] = []
        for word in ("kota" if one in around["city"] else one for one in piece):
            if word in told or word in around["between"]:
                if own:
                    parts.append(_part(own, level))
                level, own = (word if word in told else None), []
            elif left and (own or word not in around["before"]):
                own.append(word)
                left -= 1
        if own:
            parts.append(_part(own, level))
        elif level and parts and parts[-1].level is None:
            parts[-1] = _part(list(parts[-1].words), level)  # «banyuwangi kab»
    return _smallest_first(parts)


def _part(own: list[str], level: str | None) -> Part:
    if level is None:
        return Part(tuple(own))
    size = Level(place_words()["levels"][level])
    is_town = {"kab": False, "kel": True, "des": False, "ds": False}.get(level[:3])
    return Part(tuple(own), size, is_town)


def _smallest_first(parts: list[Part]) -> list[Part]:
    """Turn round what begins with the largest: «kab brebes, desa kluwut»."""
    levels = [part.level for part in parts if part.level]
    if len(parts) > 1 and parts[0].level is None and Level.VILLAGE in levels:
        levels.insert(0, Level.REGENCY)
    return parts[::-1] if len(levels) > 1 and levels == sorted(levels) else parts


def otherwise(parts: list[Part]) -> Iterator[list[Part]]:
    """Yield other readings: without a part that names no region, or with the larger place first."""
    own = parts[0].words
    told = [part for part in parts if part.level]
    if len(parts) > 1:
        if len(told) < len(parts):
            yield told or parts[1:]
    elif 1 < len(own) <= LONGEST:
        yield from ([Part(own[at:]), Part(own[:at])] for at in range(1, len(own)))
