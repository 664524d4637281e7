"""Names of places as people mistype them: by rule, from random names, so that nobody learns them by
heart."""

import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.region import Place, Regions

Rule = Callable[[random.Random, str], str]

SHORT = {
    "barat": ("brt", "bar", "brat"), "timur": ("tmr", "tim", "tmur"),
    "selatan": ("slt", "sel", "sltn"), "utara": ("utr", "ut"), "tengah": ("tgh", "tngh"),
    "kulon": ("kln",), "wetan": ("wtn",), "kidul": ("kdl",), "hilir": ("hlr",), "ilir": ("ilr",),
    "tanjung": ("tj", "tjg", "tg"), "gunung": ("gn", "gng"), "kelapa": ("klp",),
    "teluk": ("tlk", "tl"), "pulau": ("p", "pl"), "sungai": ("s", "sei", "sn"),
    "kampung": ("kp", "kmp"), "simpang": ("sp", "simp"), "pasar": ("psr",), "padang": ("pdg",),
    "pondok": ("pd", "pdk"), "bandar": ("bdr",), "batu": ("bt",), "bukit": ("bkt",),
    "lubuk": ("lb", "lbk"), "kebon": ("kbn", "kb"), "karang": ("kr", "krg"), "muara": ("ma",),
    "rantau": ("rt", "rtu"), "tanah": ("tnh",), "besar": ("bsr",), "baru": ("bru", "br"),
    "jaya": ("jy",), "sumber": ("sbr",), "kepulauan": ("kep",), "bendungan": ("bend",),
    "pangkalan": ("pkl",), "banjar": ("bjr",), "labuan": ("lab",), "kuala": ("kl",),
}  # fmt: skip
_NUMBERS = {"satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "i": "1", "ii": "2",
            "iii": "3", "iv": "4"}  # fmt: skip
_OLD = (("u", "oe"), ("j", "dj"), ("c", "tj"), ("y", "j"))


class Said(NamedTuple):
    """What somebody types, which mistakes are in it, and the codes of the places that it fits."""

    text: str
    rule: str
    codes: frozenset[str]


def dropped(chance: random.Random, name: str) -> str:
    """Leave out a letter, not the first."""
    at = chance.randrange(1, len(name))
    return name[:at] + name[at + 1 :] if name[at].isalpha() else name


def swapped(chance: random.Random, name: str) -> str:
    """Exchange two neighbours."""
    at = chance.randrange(1, len(name) - 1)
    pair = name[at : at + 2]
    return name[:at] + pair[::-1] + name[at + 2 :] if pair.isalpha() else name


def doubled(chance: random.Random, name: str) -> str:
    """Press a key twice."""
    at = chance.randrange(len(name))
    return name[: at + 1] + name[at:] if name[at].isalpha() else name


def wrong(chance: random.Random, name: str) -> str:
    """Write another letter that sounds or lies near."""
    near = {"a": "e", "e": "ai", "i": "e", "o": "u", "u": "o", "d": "t", "t": "d", "b": "p",
            "p": "b", "g": "k", "k": "gq", "n": "m", "m": "n", "l": "r", "r": "l", "c": "s",
            "s": "zc", "j": "y", "y": "i"}  # fmt: skip
    at = chance.randrange(1, len(name))
    return name[:at] + chance.choice(near.get(name[at], name[at])) + name[at + 1 :]


def old(_: random.Random, name: str) -> str:
    """Write as until 1947."""
    for modern, former in _OLD:
        name = name.replace(modern, former)
    return name


def shortened(chance: random.Random, name: str) -> str:
    """Shorten the words that people shorten."""
    return " ".join(chance.choice(SHORT.get(word, (word,))) for word in name.split())


def split(chance: random.Random, name: str) -> str:
    """Write one word as two."""
    if " " in name or len(name) < 6:
        return name
    at = chance.randrange(3, len(name) - 2)
    return f"{name[:at]} {name[at:]}"


def joined(_: random.Random, name: str) -> str:
    """Write all words as one."""
    return name.replace(" ", "")


def counted(_: random.Random, name: str) -> str:
    """Write numbers as digits."""
    return " ".join(_NUMBERS.get(word, word) for word in name.split())


def bare(chance: random.Random, name: str) -> str:
    """Leave out two of the vowels."""
    for _ in range(2):
        places = [at for at, one in enumerate(name) if one in "aiueo" and at]
        if places:
            at = chance.choice(places)
            name = name[:at] + name[at + 1 :]
    return name


def twice(chance: random.Random, name: str) -> str:
    """Make two mistakes in a long name."""
    if len(name) < 9:
        return name
    for _ in range(2):
        name = chance.choice([dropped, swapped, doubled, wrong])(chance, name)
    return name


RULES: dict[str, Rule] = {
    "dropped": dropped,
    "swapped": swapped,
    "doubled": doubled,
    "wrong": wrong,
    "old": old,
    "shortened": shortened,
    "split": split,
    "joined": joined,
    "counted": counted,
    "bare": bare,
    "two": twice,
}


def said(regions: Regions, seed: int) -> Iterator[Said]:
    """Yield without end what people type, every rule equally often."""
    chance = random.Random(seed)
    while True:
        for rule in RULES:
            yield _said(regions, chance, rule)


def _said(regions: Regions, chance: random.Random, rule: str) -> Said:
    while True:
        row = chance.randrange(len(regions))
        path = [regions.place(one) for one in reversed(regions.above(row))]
        name = _plain(path[0])
        if len(name) < 4:
            continue
        mistyped = RULES[rule](chance, name)
        if mistyped != name:
            text, inside, level = _with_parents(chance, path, mistyped)
            codes = _fitting(regions, row, inside, level)
            if codes:
                return Said(text, rule, codes)


def _with_parents(
    chance: random.Random, path: list[Place], own: str
) -> tuple[str, str, int | None]:
    """Give a sentence, the code of the place around that it names, and the level that it tells."""
    word = {4: ("desa", "ds", "ds.", "kel"), 3: ("kec", "kec.", "kecamatan"), 2: ("kab", "kota"),
            1: ("prov", "provinsi")}  # fmt: skip
    level = path[0].level
    if level < 3:
        if level == 1:
            return own, "", None
        said = "kota" if path[0].name.startswith("Kota") else "kab"
        return f"{said} {own}", "", level
    tells = chance.choice(word[level]) + " " if chance.random() < 0.5 else ""
    around = chance.choice(path[1:-1])
    named = _plain(around)
    if chance.random() < 0.2 and len(named) > 5:
        named = chance.choice([dropped, swapped, doubled])(chance, named)
    how = chance.random()
    between = " "
    if how < 0.4:
        between = " kec " if around.level == 3 else " kab "
        if around.level == 2 and around.name.startswith("Kota"):
            between = " kota "
    elif how < 0.6:
        between = ", "
    if how > 0.85 and level == 4:  # without any place around: only if that is enough
        return f"{tells}{own}", "", level if tells else None
    return f"{tells}{own}{between}{named}", around.code, level if tells else None


def _fitting(regions: Regions, row: int, inside: str, level: int | None) -> frozenset[str]:
    """Give the codes of all places of this name there; none where that would be too many."""
    wanted = _plain(regions.place(row)).replace(" ", "")
    same = [
        place.code
        for number, name in enumerate(regions.names.names)
        if name.lower().replace(" ", "")[:3] == wanted[:3]
        for one in regions.named(number)
        if _plain(place := regions.place(one)).replace(" ", "") == wanted
        and place.code.startswith(inside)
        and (level is None or place.level == level)
    ]
    return frozenset(same) if inside or len(same) <= 2 else frozenset()


def _plain(place: Place) -> str:
    name = (
        re.sub(r"^(Kabupaten|Kota)( Administrasi)? ", "", place.name)
        if place.level == 2
        else place.name
    )
    return re.sub(r"[^a-z0-9 ]", "", name.lower().replace("-", " "))
