"""How old somebody is, and since when they are ill: the stretches of time in a message."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from services.content import intake_words
from services.intake.ways import NUMBER, alternatives, mark, unit, ways

_BIRTHDAY = re.compile(r"\b(\d{1,2})[-/. ](\d{1,2})[-/. ]((?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b(?:lahir|th lahir|tahun lahir|kelahiran)\D{0,12}((?:19|20)\d\d)\b")
_LISTED = re.compile(
    r"(?:^|[.\n;]\s*|\bnama\s+)[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?"
    r"(?:,\s*(\d{1,3})\s*(?:,|$)|\s*\((\d{1,3})\))"
)
"""«Rudi, 35, Maulafa» and «Rudi (35)»."""
_OLDEST = 120
_NEAR = 40
"""What a number is, the letters just before it tell."""


def age(text: str, on: date) -> float | None:
    """Give the age in years that a text tells; `on` is today."""
    low = text.lower()
    if written := _BIRTHDAY.search(low):
        born = _day(written)
        return None if born is None or born > on else (on - born).days / 365.25
    year = _YEAR.search(low)
    if year:
        return on.year - int(year[1])
    listed = (float(one[1] or one[2]) for one in _LISTED.finditer(text))
    return next((age for age in (*_ages(low), *listed) if age <= _OLDEST), None)


def _ages(low: str) -> Iterator[float]:
    years, months, small = unit("365"), unit("30"), f"{unit('7')}|{unit('1')}"
    marks, since = mark("age"), mark("since")
    after = rf"(?:(?:{marks})\s*:?\s*(?:(?:baru|saya|sy|anak|dia)\s*){{0,2}})"
    bare = rf"{after}({NUMBER})\b(?!\s*(?:an\s*)?(?:{_units()})\b|[.,/]\d)"
    yield from (_amount(one[1]) for one in re.finditer(bare, low))
    yield from (
        _amount(one[1]) + (int(one[2]) / 12 if one[2] else 0)
        for one in re.finditer(
            rf"(?<!\d)({NUMBER})\s*(?:an)?\s*(?:{years})\b(?!\s*(?:ini|terakhir|lalu)\b)(?:\s*(\d{{1,2}})\s*(?:{months})\b)?",
            low,
        )
        if not re.search(rf"\b(?:{since})\s*$", _before(low, one.start()))
        or _marked(low, one.start())
        or re.search(r"\b(?:si|anak|adek|dedek) \w+ baru\s*$", _before(low, one.start()))
    )
    named = rf"(?!(?:{mark('stop')})\b)\w+"  # «anak batuk 4 hari» is no child of four days
    yield from (
        _amount(one[1]) / {"m": 12, "w": 52.18, "d": 365.25}[_size(one[2])]
        + (int(one[3]) * (7 if one[4] in ways("unit")["7"] else 1) / 365.25 if one[3] else 0)
        for one in re.finditer(
            rf"(?:{after}|\b(?:(?:bayi|dedek|anak|anakku)(?: (?:{mark('gender')}|{named}))?"
            rf"|an\.? \w+)\s+|\()"
            rf"({NUMBER})\s*({months}|{small})\b(?:\s*(\d{{1,2}})\s*({small})\b)?",
            low,
        )
        if not re.search(rf"\b(?:{mark('pregnancy')})\W+(?:\w+\W+)?$", _before(low, one.start(1)))
    )
    yield from (_amount(one[1]) for one in re.finditer(rf"{after}({NUMBER})\s*(?:an)?\b", low))
    kin = "|".join(sorted({*ways("sex")["L"], *ways("sex")["P"], "saya"}, key=len, reverse=True))
    yield from (
        _amount(one[1])
        for one in re.finditer(rf"\b(?:{kin})\s*(?:saya|sy)?\s*[,(]\s*({NUMBER})\s*[,)]", low)
    )
    yield from (float(one[1]) for one in re.finditer(rf"\b(?:{kin})\s+(\d{{2}})\s?an\b", low))
    titles = alternatives(ways("title")["words"])
    named = rf"\b(?:{mark('myself')}|{titles})\.?\s+[a-z]{{3,}}(?: [a-z]{{3,}})?"
    yield from (
        _amount(one[2])
        for one in re.finditer(rf"({named})\s*[,(]\s*(\d{{1,3}})\s*[,)]", low)
        if not re.search(rf"\b(?:{mark('measured')})$", one[1])
    )


def _marked(low: str, place: int) -> bool:
    return re.search(rf"\b(?:{mark('age')})\W*$", _before(low, place)) is not None


def _before(low: str, place: int) -> str:
    """Give the words before a place: a few, or a long message would be read again and again."""
    return low[max(0, place - _NEAR) : place]


def _size(named: str) -> str:
    days = next(int(size) for size, said in ways("unit").items() if named in said)
    return {30: "m", 7: "w", 1: "d"}[days]


def duration(text: str) -> float | None:
    """Give the days since when somebody is ill, as a text tells it."""
    low, since = text.lower(), mark("since")
    for size in sorted(ways("unit"), key=int):
        for one in re.finditer(rf"(?<![\d.,/-])({NUMBER})\s*(?:{unit(size)})\b", low):
            before = _before(low, one.start())
            if re.search(rf"\b(?:{mark('pregnancy')})\W+$", before) or _is_age(low, one):
                continue
            lately = re.match(r"\s*(?:ini|terakhir|lebih)\b", low[one.end() :])
            if (
                int(size) < 365
                or lately
                or one[1] == "0.5"
                or re.search(rf"\b(?:{since})\s*(?:hampir\s*)?$", before)
            ):
                return _amount(one[1]) * int(size)
    for ago, days in intake_words()["ago"].items():
        if re.search(rf"\b{ago}\b", low):
            return float(days)
    return None


def _is_age(low: str, one: re.Match[str]) -> bool:
    """Tell whether a stretch of time is how old somebody is."""
    before, behind = _before(low, one.start()), one.end() < len(low)
    if _marked(low, one.start()) or re.search(r"\b(?:umur\w*|usia\w*)\s+baru\s*$", before):
        return True
    if re.search(rf"\b(?:{unit('365')})\s*$", before) and "umur" in before:
        return True
    young = r"\b(?:bayi|dedek|anak|umur\w*|usia\w*)\b.*\d"
    if re.search(rf"{young}\s*(?:{unit('30')})\s*$", before):
        return True
    if re.search(rf"\b(?:bayi|dedek)\s*(?:{mark('gender')})?\s*$|\(\s*$", before):
        return True
    counted = low[one.end(1) : one.end()].strip()
    is_large = counted in ways("unit")["365"] or counted in ways("unit")["30"]
    named = re.search(rf"\b(?:{unit('365')})\s*$", before)
    return bool(is_large and (named or re.search(r"\banak\s*\w*\s*$", before)) and behind)


def spelled(text: str) -> str:
    """Write numbers in words as digits: «lima puluh dua tahun» as «52 tahun»."""
    text = re.sub(r"\b(\d+)([a-zA-Z]{2,})", r"\1 \2", text)
    text = re.sub(r"(?i)\bse(tahun|taun|bulan|wulan|minggu|hari)(?:an)?\b", r"1 \1", text)
    numbers = intake_words()["number"]
    one = "|".join(numbers)
    text = re.sub(
        rf"(?i)\b({one}|\d) setengah (?=(?:{_units()})\b)",
        lambda m: f"{_half_more(m[1])} ",
        text,
    )
    text = re.sub(
        rf"(?i)\b({one}|\d) ({_units()}) setengah\b",
        lambda m: f"{_half_more(m[1])} {m[2]}",
        text,
    )
    tens = rf"(?i)\b({one}) puluh(?: ({one}))?\b"
    text = re.sub(
        tens,
        lambda m: str(numbers[m[1].lower()] * 10 + (numbers[m[2].lower()] if m[2] else 0)),
        text,
    )
    text = re.sub(rf"(?i)\b({one}) belas\b", lambda m: str(numbers[m[1].lower()] + 10), text)
    return re.sub(
        rf"(?i)\b({one})(?= (?:{_units()})\b)", lambda m: str(numbers[m[1].lower()]), text
    )


def _half_more(number: str) -> float:
    return float(intake_words()["number"].get(number.lower(), number)) + 0.5


@cache
def _units() -> str:
    return "|".join(unit(days) for days in ways("unit"))


def _day(written: re.Match[str]) -> date | None:
    try:
        return date(int(written[3]), int(written[2]), int(written[1]))
    except ValueError:
        return None


def _amount(typed: str) -> float:
    return float(typed.replace(",", "."))
