"""Opening hours: read as people type them, kept and shown as one short line.

«Senin-Kamis 07.30-14.00; Jumat tutup» is first spelled out (a-d0730-1400ex), so that one pattern
holds the whole grammar. Times are the facility's own; a day that is not named is closed.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from models.facility import Facility, Zone
from services.content import Html, catalogue, joined, plain, words
from services.day import weekdays

Span = tuple[int, int]
"""Opening and closing, in minutes after midnight; a day ends at 1440."""
Week = tuple[tuple[Span, ...], ...]
"""The spans of each day, Monday first."""

MIDNIGHT = 24 * 60
LETTERS = "abcdefg"
_TOKEN = re.compile(r"24 *jam|\d{1,2}[.:]\d{2}|\d+|s/d|s\.d\.?|[^\W\d_]+|\S")
_ENTRY = re.compile(r"((?:[a-g](?:-[a-g])?)+)((?:\d{4}-\d{4})+|x)", re.ASCII)


def parse(typed: str) -> Week:
    """Understand the hours of a week; raises ValueError with what was not understood."""
    spelled = "".join(_spell(token) for token in _TOKEN.findall(re.sub("['’`]", "", typed.lower())))
    week: list[list[Span]] = [[] for _ in LETTERS]
    place = 0
    while entry := _ENTRY.match(spelled, place):
        for day in _days(entry[1]):
            week[day] += _spans(entry[2])
        place = entry.end()
    if place < len(spelled) or not any(week):
        raise ValueError("write days and hours, like «Senin-Kamis 07.30-14.00; Jumat 08.00-11.00»")
    return tuple(_in_order(spans) for spans in week)


def text(week: Week) -> str:
    """Give the hours in words, neighbouring days with equal hours together; `parse` reads them."""
    parts, day = [], 0
    for spans, same in groupby(week):
        last = day + len(list(same)) - 1
        if spans:
            parts.append(f"{_named(day, last)} {_spelled(spans)}")
        day = last + 1
    return "; ".join(parts)


def enter(facility: Facility, typed: str, zone: Zone) -> None:
    """Enter when a facility is open, and by which of the three times; raises ValueError."""
    facility.hours, facility.zone = text(parse(typed)), zone


def line(facility: Facility) -> Html:
    """Give the line that says when a facility is open; nothing where that is not known."""
    known = facility.open_hours
    if known is None:
        return Html()
    return joined("\n", [Html(), words("hours.line", facility=facility.name, hours=known)])


def _spell(token: str) -> str:
    if re.fullmatch(r"24 *jam", token):
        return "0000-2400"
    if token[0].isdecimal():
        return _time(token)
    if token in ("-", "–", "—", "s/d", "s.d", "s.d.", *_list("hours.until")):
        return "-"
    if token in _list("hours.daily"):
        return "a-g"
    if token in _list("hours.closed"):
        return "x"
    if not token.isalpha() or token in _list("hours.filling"):
        return ""
    begun = [letter for letter, name in zip(LETTERS, weekdays(), strict=True)
             if len(token) >= 3 and name.lower().startswith(token)]  # fmt: skip
    if not begun:
        raise ValueError(f"«{token}» is neither a day nor a time")
    return begun[0]


def _time(token: str) -> str:
    digits = re.sub("[.:]", "", token)
    digits = f"{digits}00" if len(digits) <= 2 else digits
    if len(digits) > 4 or int(digits[:-2]) * 60 + int(digits[-2:]) > MIDNIGHT or digits[-2] > "5":
        raise ValueError(f"«{token}» is not a time of a day")
    return digits.zfill(4)


def _days(spelled: str) -> Iterator[int]:
    for first, last in re.findall(r"([a-g])(?:-([a-g]))?", spelled):
        begin, end = LETTERS.index(first), LETTERS.index(last or first)
        yield from (day % 7 for day in range(begin, end + 1 if end >= begin else end + 8))


def _spans(spelled: str) -> list[Span]:
    pairs = re.findall(r"(\d\d)(\d\d)-(\d\d)(\d\d)", spelled)
    spans = [(60 * int(a) + int(b), 60 * int(c) + int(d) or MIDNIGHT) for a, b, c, d in pairs]
    if any(closes <= opens for opens, closes in spans):
        raise ValueError("a day's hours end after they begin; past midnight is the next day's")
    return spans


def _in_order(spans: list[Span]) -> tuple[Span, ...]:
    found = sorted(set(spans))
    if any(second[0] < first[1] for first, second in pairwise(found)):
        raise ValueError("hours of one day overlap")
    return tuple(found)


def _named(first: int, last: int) -> str:
    names = weekdays()
    if (first, last) == (0, 6):
        return plain("hours.every_day")
    return names[first] if first == last else f"{names[first]}–{names[last]}"


def _spelled(spans: tuple[Span, ...]) -> str:
    if spans == ((0, MIDNIGHT),):
        return plain("hours.all_day")
    both = f" {plain('hours.and')} "
    return both.join(f"{clock(opens)}–{clock(closes)}" for opens, closes in spans)


def clock(minutes: int) -> str:
    """Give a time of a day as people write it: «07.30»."""
    return f"{minutes // 60:02}.{minutes % 60:02}"


def _list(key: str) -> list[str]:
    return catalogue()[key].split(" · ")
