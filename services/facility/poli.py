"""The polis of a facility that have hours of their own: read as people type them, and kept."""

import re

from models.facility import Facility, Poli
from services import hours
from services.content import plain
from services.text import clean, is_blank

LONGEST = 40
"""Characters of a poli's name."""
LINE = 200
"""Characters of a line: each beginning of it may be the name."""
MOST = 20
"""Polis of one facility: the page of a facility must stay one message."""
_COLON = re.compile(r"(?<=[^\W\d_]):")


def read(line: str) -> tuple[str, str]:
    """Give the name of a poli and its hours, from «Poli Gigi: Senin dan Kamis jam 8 sampai 11»;
    raises ValueError where one of them is missing or not understood."""
    parts = _COLON.sub(": ", clean(line)).split() if len(line) <= LINE else []
    for at in range(len(parts)):
        try:
            week = hours.parse(" ".join(parts[at:]))
        except ValueError:
            continue
        return _name(parts[:at]), hours.text(week)
    raise ValueError("write the poli's name, then days and hours: «Gigi: Senin 08.00-11.00»")


def enter(facility: Facility, typed: str) -> None:
    """Enter polis, one a line, or take away those behind which «hapus» stands; those that are not
    named stay. Raises ValueError, and changes nothing, where one line is not understood."""
    known = {_key(one.name): (one.name, one.hours) for one in facility.polis}
    lines = [line for line in re.split(r"[\n|]", typed) if not is_blank(line)]
    for line in lines:
        before, _, last = line.strip().rpartition(" ")
        if last.lower() == plain("setup.remove"):
            if known.pop(_key(_name(before.split())), None) is None:
                raise ValueError(f"«{before}» is not known")
        else:
            name, week = read(line)
            known[_key(name)] = name, week
    if not lines or len(known) > MOST:
        raise ValueError(f"one to {MOST} polis")
    keep(facility, list(known.values()))


def keep(facility: Facility, named: list[tuple[str, str]]) -> None:
    """Let a facility have these polis with these hours, and no others."""
    now = {one.name: one for one in facility.polis}
    facility.polis = [now.get(name) or Poli(name=name, hours=week) for name, week in named]
    for one, (_, week) in zip(facility.polis, named, strict=True):
        one.hours = week


def _name(parts: list[str]) -> str:
    name = " ".join(parts).strip(" :-–")
    if is_blank(name) or len(name) > LONGEST:
        raise ValueError(f"the poli has no name, or one of more than {LONGEST} characters")
    return name


def _key(name: str) -> str:
    """Give what tells a poli from another: «Poli Gigi» is «gigi»."""
    return name.lower().removeprefix("poli ").strip()
