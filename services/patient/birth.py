"""When somebody was born, as people write it: a day, a month, a year, or only how old they are."""

import re
import unicodedata
from datetime import date, timedelta
from functools import cache

from services.content import catalogue, intake_words
from services.intake import typed as answers

OLDEST = 120
"""Years: nobody living is older."""
LONGEST = 80
"""Characters of an answer; what is longer is no answer to this."""
_UNIT = re.compile(
    r"\d\s*(?:an\s*)?(?:tahun|taun|thn|th|bulan|bln|minggu|mgg|hari|hr|wulan|dina)\b"
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def read(typed: str, on: date) -> date | float | None:
    """Give the day of birth, or an age in years where no day is told; None for what is neither, was
    never a day, lies ahead, or makes somebody older than 120. `on` is today."""
    text = unicodedata.normalize("NFKC", typed).lower()[: LONGEST + 1]
    if len(text) > LONGEST:
        return None
    if (ago := _days_ago(text)) is not None:
        return on - timedelta(days=ago)
    parts = _parts(text)
    told = [part for part in parts if not part.isalpha()]
    is_age = _UNIT.search(text) and not any(len(part) == 4 for part in told)
    if is_age or not told or (len(parts) == 1 and len(parts[0]) < 4):
        age = answers.answer("age", text, on)
        return float(age) if isinstance(age, float | int) else None
    born = _date(parts, on)
    if born is None:
        return _rough(parts, on)
    return born if born <= on and on.year - born.year <= OLDEST else None


def _parts(text: str) -> list[str]:
    """Give the numbers, and the months that are named, in their order; whatever else stands there
    (a place, «tgl», a weekday) says nothing."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+", text)
    if len(parts) == 1 and len(parts[0]) in (6, 8):
        (solid,) = parts
        return [solid[:2], solid[2:4], solid[4:]]
    months = _months()
    is_roman = len(parts) == 3 and parts[1] in _ROMAN
    if is_roman:
        parts[1] = str(_ROMAN.index(parts[1]) + 1)
    return [part for part in parts if part.isdecimal() or _month(part, months)]


def _date(parts: list[str], on: date) -> date | None:
    if len(parts) != 3:
        return None
    first, month, last = parts
    if len(first) == 4:
        first, last = last, first
    elif first.isalpha():
        first, month = month, first
    number = int(month) if month.isdecimal() else _month(month, _months())
    if not first.isdecimal() or not last.isdecimal() or number is None:
        return None
    years = {4: [int(last)], 2: [2000 + int(last), 1900 + int(last)]}.get(len(last), [])
    for year in years:
        try:
            born = date(year, number, int(first))
        except ValueError:
            continue
        if born <= on or len(years) == 1:
            return born
    return None


def _rough(parts: list[str], on: date) -> float | None:
    """Give an age from a year, or a month and a year: about the middle of it."""
    *months, year = parts or [""]
    if not re.fullmatch(r"(?:19|20)[0-9]{2}", year) or len(months) > 1:
        return None
    month = _month(months[0], _months()) if months and months[0].isalpha() else None
    if months and month is None:
        month = int(months[0]) if months[0].isdecimal() else None
        if month is None or not 1 <= month <= 12:
            return None
    middle = date(int(year), month, 15) if month else date(int(year), 7, 1)
    age = max((on - middle).days / 365.25, 0.0)
    return age if int(year) <= on.year and age <= OLDEST else None


def _days_ago(text: str) -> int | None:
    bare = " ".join(re.findall(r"\w+", text))
    said = intake_words()["born"]
    return next((int(days) for way, days in said.items() if re.search(rf"\b{way}\b", bare)), None)


def _month(part: str, months: tuple[str, ...]) -> int | None:
    """Give a month's number by its name, the beginning of it, or another way to spell it."""
    others = intake_words()["month"]
    if part in others:
        return int(others[part])
    named = [place for place, name in enumerate(months, start=1) if name.startswith(part)]
    return named[0] if len(part) >= 3 and len(named) == 1 else None


@cache
def _months() -> tuple[str, ...]:
    return tuple(catalogue()["day.months"].lower().split(" · "))
