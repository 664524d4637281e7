"""One message read as a request: who is ill, how old, since when, with what, where.

Leniently: a filled-in template, «L/27/Tarus/panu/3 bulan», or free words. What is not said stays
empty, and is asked with buttons afterwards; nothing here is guessed from a name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import zip_longest

from services.content import intake_words

_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_EACH = re.compile(r"(?:^|(?<=[\s:;]))(?:\d{1,2}[.)]|-)\s+(?=\D)")
"""What begins each of several patients: «1. … 2. …»."""
_BIRTHDAY = re.compile(r"\b(\d{1,2})[-/. ](\d{1,2})[-/. ]((?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b(?:lahir|th lahir|tahun lahir|kelahiran)\D{0,12}((?:19|20)\d\d)\b")
MOST = 10
"""Patients that one message may name; what is said of more stays in the words themselves."""
_NAMED_MOTHER = re.compile(
    r"\b[Ii]?[Bb]u (?!Bidan|Dok|Kader|Perawat)[A-Z][a-z]+(?: [A-Z][a-z]+)?"
    r"\s*[,(]?\s*(?:\d|umur|usia)"
)
"""«Ibu Rina (42)» is the patient; «bu, anak saya umur 4» and «Bu Bidan» only hear of one."""
_OLDEST = 120
_NEAR = 40
"""What a number is, the letters just before it tell."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a message says about one patient; None where it says nothing."""

    patient_name: str | None = None
    age_years: float | None = None
    sex: str | None = None
    complaint: str | None = None
    duration_days: float | None = None
    pregnant: bool | None = None
    village: str | None = None


def read(text: str, *, on: date) -> list[Intake]:
    """Give what a message says, one for each patient it names, in order; `on` is today there."""
    return [_one(part, on) for part in people(text.strip())[:MOST]]


def _one(text: str, on: date) -> Intake:
    fields = _template(text)
    if len(fields.keys() - {"rest"}) < 2 and ("," in text or not fields):
        fields = _slashed(text)
    if not fields:
        return _free(text, on)
    said = _free(" , ".join(fields.get(key, "") for key in ("complaint", "rest")), on)
    name, village, age = fields.get("name"), fields.get("village"), fields.get("age", "")
    lasted = fields.get("duration", "")
    return Intake(
        patient_name=_tidy_name(name) if name else said.patient_name,
        age_years=_age(f"umur {age}", on) if age else said.age_years,
        sex=_sex_letter(fields.get("sex", "")) or said.sex,
        complaint=fields.get("complaint") or None,
        duration_days=_duration(_spelled_numbers(f"sejak {lasted}"))
        if lasted
        else said.duration_days,
        pregnant=_yes(fields["pregnant"]) if fields.get("pregnant") else said.pregnant,
        village=_tidy(village) if village else said.village,
    )


def _free(text: str, on: date) -> Intake:
    plain = _spelled_numbers(text)
    village = _village(plain)
    return Intake(
        patient_name=_name(plain, village),
        age_years=_age(plain, on),
        sex=_sex(plain),
        complaint=_complaint(text),
        duration_days=_duration(plain),
        pregnant=_pregnant(plain),
        village=village,
    )


# ── several patients ────────────────────────────────────────────────────────────────────────────


def people(text: str) -> list[str]:
    """Give the words about each where a message lists several patients, else the message."""
    parts = [part.strip() for part in _EACH.split(text)]
    if len(parts) > 2:
        return [part for part in parts[1:] if part]
    blocks = [
        block
        for block in re.split(r"\n\s*\n", text)
        if len(_template(block).keys() - {"rest"}) >= 2
    ]
    if len(blocks) > 1:
        return blocks
    return _side_by_side(text)


def _side_by_side(text: str) -> list[str]:
    """«Aldi 5 th sama Alda 3 th, sudah 3 hari»: two who have the same."""
    unit = _any("365") + "|" + _any("30")
    person = rf"[A-Z][a-z]+ \(?{_NUMBER} ?(?:{unit})\)?"
    found = re.search(rf"({person})(?:(?: sama | dan | n |, )({person}))+", text)
    if found is None:
        return [text]
    rest = f"{text[: found.start()]} {{}} {text[found.end() :]}"
    return [rest.format(one) for one in re.findall(person, found[0])]


# ── a template, or values between slashes ───────────────────────────────────────────────────────


def _template(text: str) -> dict[str, str]:
    """Give the fields that are named with a colon."""
    keys = {way: field for field, ways in _ways("field").items() for way in ways}
    names = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    found = list(re.finditer(rf"(?i)(?<![^\s,;.(])({names})\s*[:=]", text))
    fields: dict[str, str] = {}
    for one, after in zip_longest(found, found[1:]):
        value = text[one.end() : after.start() if after else len(text)]
        value = value.strip(" \n\t,;.")
        head, *rest = re.split(r"[\n;]|,(?=\s*(?:sdh|sudah|usia|umur))", value)
        fields[keys[one[1].lower()]] = head.strip(" ,.")
        fields["rest"] = f"{fields.get('rest', '')} , {' '.join(rest)}".strip(" ,")
    return fields


def _slashed(text: str) -> dict[str, str]:
    """Give the fields of «L/27/Tarus/panu/3 bulan», in whatever order they stand."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) < 4 or "\n" in text:
        return {}
    fields: dict[str, str] = {}
    for part in parts:
        if re.match(rf"(?i)(?:{_alternatives(_ways('title')['words'])})\b\.?\s+\w", part):
            fields.setdefault("name", part)
        elif re.match(rf"(?i)(?:{_mark('village')})\b\.?\s+\w", part):
            fields["village"] = part
        elif _sex_letter(part) and "sex" not in fields:
            fields["sex"] = part
        elif re.fullmatch(rf"{_NUMBER}\s*(?:{_any('365')})?", part.lower()) and "age" not in fields:
            fields["age"] = part
        elif _duration(f"sejak {part.lower()}") is not None:
            fields["duration"] = part
        elif part[:1].isupper() and "village" not in fields:
            fields["village"] = part
        else:
            fields["complaint"] = f"{fields.get('complaint', '')} {part}".strip()
    return fields


# ── single things ───────────────────────────────────────────────────────────────────────────────


def _age(text: str, on: date) -> float | None:
    low = text.lower()
    if written := _BIRTHDAY.search(low):
        born = _day(written)
        return None if born is None or born > on else (on - born).days / 365.25
    year = _YEAR.search(low)
    if year:
        return on.year - int(year[1])
    return next((age for age in _ages(low) if age <= _OLDEST), None)


def _ages(low: str) -> Iterator[float]:
    years, months, small = _any("365"), _any("30"), f"{_any('7')}|{_any('1')}"
    marks, since = _mark("age"), _mark("since")
    after = rf"(?:(?:{marks})\s*:?\s*(?:(?:baru|saya|sy|anak|dia)\s*){{0,2}})"
    yield from (
        _amount(one[1]) + (int(one[2]) / 12 if one[2] else 0)
        for one in re.finditer(
            rf"(?<!\d)({_NUMBER})\s*(?:an)?\s*(?:{years})\b(?!\s*(?:ini|terakhir|lalu)\b)(?:\s*(\d{{1,2}})\s*(?:{months})\b)?",
            low,
        )
        if not re.search(rf"\b(?:{since})\s*$", _before(low, one.start()))
        or _marked(low, one.start())
    )
    named = rf"(?!(?:{_mark('stop')})\b)\w+"  # «anak batuk 4 hari» is no child of four days
    yield from (
        _amount(one[1]) / {"m": 12, "w": 52.18, "d": 365.25}[_size(one[2])]
        for one in re.finditer(
            rf"(?:{after}|\b(?:bayi {named}|bayi|dedek|anak {named}|anak|anakku|an\.? \w+)\s+|\()"
            rf"({_NUMBER})\s*({months}|{small})\b",
            low,
        )
        if not re.search(rf"\b(?:{_mark('pregnancy')})\W+(?:\w+\W+)?$", _before(low, one.start(1)))
    )
    yield from (_amount(one[1]) for one in re.finditer(rf"{after}({_NUMBER})\s*(?:an)?\b", low))
    kin = "|".join(sorted({*_ways("sex")["L"], *_ways("sex")["P"], "saya"}, key=len, reverse=True))
    yield from (
        _amount(one[1])
        for one in re.finditer(rf"\b(?:{kin})\s*(?:saya|sy)?\s*[,(]\s*({_NUMBER})\s*[,)]", low)
    )
    titles = _alternatives(_ways("title")["words"])
    named = rf"\b(?:{_mark('myself')}|{titles})\.?\s+[a-z]{{3,}}(?: [a-z]{{3,}})?"
    yield from (
        _amount(one[2])
        for one in re.finditer(rf"({named})\s*[,(]\s*(\d{{1,3}})\s*[,)]", low)
        if not re.search(rf"\b(?:{_mark('measured')})$", one[1])
    )


def _marked(low: str, place: int) -> bool:
    return re.search(rf"\b(?:{_mark('age')})\W*$", _before(low, place)) is not None


def _before(low: str, place: int) -> str:
    """Give the words before a place: a few, or a long message would be read again and again."""
    return low[max(0, place - _NEAR) : place]


def _size(unit: str) -> str:
    days = next(int(size) for size, ways in _ways("unit").items() if unit in ways)
    return {30: "m", 7: "w", 1: "d"}[days]


def _duration(low: str) -> float | None:
    low = low.lower()
    since = _mark("since")
    for size, ways in sorted(_ways("unit").items(), key=lambda one: int(one[0])):
        unit = _alternatives(ways)
        for one in re.finditer(rf"(?<![\d.,/-])({_NUMBER})\s*(?:{unit})\b", low):
            before = _before(low, one.start())
            if re.search(rf"\b(?:{_mark('pregnancy')})\W+$", before) or _is_age(low, one):
                continue
            lately = re.match(r"\s*(?:ini|terakhir|lebih)\b", low[one.end() :])
            if int(size) < 365 or lately or re.search(rf"\b(?:{since})\s*(?:hampir\s*)?$", before):
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
    if re.search(rf"\b(?:{_any('365')})\s*$", before) and "umur" in before:
        return True
    if re.search(r"\b(?:bayi|dedek)\s*$|\(\s*$", before):
        return True
    unit = low[one.end(1) : one.end()].strip()
    is_large = unit in _ways("unit")["365"] or unit in _ways("unit")["30"]
    named = re.search(rf"\b(?:{_any('365')})\s*$", before)
    return bool(is_large and (named or re.search(r"\banak\s*\w*\s*$", before)) and behind)


def _sex(text: str) -> str | None:
    low = re.sub(_alternatives(_ways("title")["spoken_to"]), " ", text.lower())
    low = re.sub(r"\b(?:ibu|bapak|ayah|mama) dari\b", " ", low)
    found = {
        letter: re.search(rf"\b(?:{_alternatives(_ways('sex')[letter])})\b", low)
        for letter in ("L", "P")
    }
    mother = re.search(
        r"\bibu\b(?=\s*(?:saya|sy|umur|usia|mertua|\d))", low
    ) or _NAMED_MOTHER.search(text)
    places = {letter: one.start() for letter, one in found.items() if one}
    if not places and (
        letter := re.search(r"(?:^|[,(]|\d ?th\w*)\s*([lp])(?=\s*[,)]|\s+[a-z])", low)
    ):
        return letter[1].upper()
    if mother:
        places["P"] = min(mother.start(), places.get("P", len(low)))
    return min(places, key=places.__getitem__) if places else None


def _pregnant(text: str) -> bool | None:
    low = text.lower()
    found = re.search(rf"\b(?:({_mark('denial')})\s+(?:lagi\s+)?)?(?:{_mark('pregnancy')})\b", low)
    return None if found is None else found[1] is None


def _village(text: str) -> str | None:
    stop = _mark("stop")
    marks = rf"(?:{_mark('village')})\b\.?\s*(?:di\s+)?(?:(?:desa|ds|kelurahan|kel|kampung)\.?\s+)?"
    word = rf"(?!(?:{stop})\b)[^\W\d_]+(?:['’][^\W\d_]+)?"
    for one in re.finditer(rf"(?i)\b{marks}({word}(?: {word}){{0,2}})", text):
        return _tidy(one[1])
    named = re.search(r"[,.]\s*di ([A-Z][a-z]+(?: [A-Z][a-z]+){0,2})\s*$", text)
    return _tidy(named[1]) if named else None


def _name(text: str, village: str | None) -> str | None:
    titles = _alternatives(_ways("title")["words"])
    stop = rf"(?!(?:{_mark('stop')}|{titles}|saya|sy|aku|ini|itu|nya)\b)"
    word = rf"{stop}[^\W\d_]{{3,}}"
    capital = r"[A-Z][a-z]{2,}"
    whose = rf"(?:(?:saya|sy|aku|pasien|lengkap|{titles})\.?\s+){{0,2}}"
    asked = re.search(
        rf"(?i)\b(?:{_mark('name')})\s*:?\s+{whose}({word}(?-i:(?: {stop}{capital})?))", text
    )
    if asked:
        return _tidy_name(asked[1])
    behind = r"(?=\s*(?:\(?\d|,\s*\d|,?\s*(?:umur|usia|yuswa|kelas)))"
    aged = rf"(?=\s*,?\s*(?:umur|usia|yuswa|\d{{1,3}}\s*(?:{_any('365')}|,)))"
    for pattern in (
        rf"\b(?i:{titles})\.?\s+({capital}(?: {capital})?)",
        rf"(?i)\b(?:{titles})\.?\s+({word}){behind}",
        rf"\b(?i:{_mark('myself')}|saya|sy|sya|dari|bernama)\s+({capital}){behind}",
        rf"\b(?:(?i:{_mark('myself')})|ini|sya|bernama)\s+({stop}{capital}(?: {stop}{capital})?)",
        rf"(?i)\b(?:{_mark('myself')}|sya)\s+({word}){aged}",
        rf"\b({capital}(?: {capital})?)\s*{behind}",
        rf"\bdari ({capital})\b",
    ):
        for one in re.finditer(pattern, text):
            name = _tidy_name(one[1])
            if name and name.lower() not in _not_names() and name != village:
                return name
    return None


def _complaint(text: str) -> str | None:
    bare = [one for one in re.findall(r"[^\W\d_]+", text.lower()) if one not in _greetings()]
    return text if bare else None


# ── words and numbers ───────────────────────────────────────────────────────────────────────────


def _spelled_numbers(text: str) -> str:
    """Write numbers in words as digits: «lima puluh dua tahun» as «52 tahun»."""
    text = re.sub(r"\b(\d+)([a-zA-Z]{2,})", r"\1 \2", text)
    text = re.sub(r"(?i)\bse(tahun|taun|bulan|wulan|minggu|hari)\b", r"1 \1", text)
    text = re.sub(r"(?i)\b(\d) (tahun|taun) setengah\b", r"\1.5 \2", text)
    numbers = intake_words()["number"]
    one = "|".join(numbers)
    tens = rf"(?i)\b({one}) puluh(?: ({one}))?\b"
    text = re.sub(
        tens,
        lambda m: str(numbers[m[1].lower()] * 10 + (numbers[m[2].lower()] if m[2] else 0)),
        text,
    )
    text = re.sub(rf"(?i)\b({one}) belas\b", lambda m: str(numbers[m[1].lower()] + 10), text)
    units = "|".join(_alternatives(ways) for ways in _ways("unit").values())
    return re.sub(rf"(?i)\b({one})(?= (?:{units})\b)", lambda m: str(numbers[m[1].lower()]), text)


def _day(written: re.Match[str]) -> date | None:
    try:
        return date(int(written[3]), int(written[2]), int(written[1]))
    except ValueError:
        return None


def _amount(typed: str) -> float:
    return float(typed.replace(",", "."))


def _sex_letter(typed: str) -> str | None:
    bare = typed.strip(" .").lower()
    if bare in ("l", "p"):
        return bare.upper()
    return next((letter for letter, ways in _ways("sex").items() if bare in ways), None)


def _yes(typed: str) -> bool:
    return not re.match(rf"(?i)\s*(?:{_mark('denial')}|-|n\b)", typed)


def _tidy(place: str) -> str:
    place = re.sub(rf"(?i)^(?:{_mark('village')})\b\.?\s+", "", place.strip())
    return " ".join(part.capitalize() for part in place.split())


def _tidy_name(name: str) -> str:
    titles = _alternatives(_ways("title")["words"])
    bare = re.sub(rf"(?i)^(?:(?:{titles})\.?\s+)+", "", name.strip(" .,"))
    return " ".join(part.capitalize() if part.islower() else part for part in bare.split())


@cache
def _ways(table: str) -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(way.replace("_", " ") for way in ways.split())
        for key, ways in intake_words()[table].items()
    }


@cache
def _mark(what: str) -> str:
    return _alternatives(_ways("mark")[what])


@cache
def _any(size: str) -> str:
    return _alternatives(_ways("unit")[size])


def _alternatives(ways: Sequence[str]) -> str:
    return "|".join(re.escape(way) for way in sorted(ways, key=len, reverse=True))


@cache
def _greetings() -> frozenset[str]:
    return frozenset(_ways("mark")["greeting"])


@cache
def _not_names() -> frozenset[str]:
    """Words that begin with a capital for another reason."""
    return frozenset(
        {*_ways("sex")["L"], *_ways("sex")["P"], *_ways("title")["words"], *_greetings(),
         *_ways("mark")["age"], *_ways("mark")["stop"], *_ways("mark")["myself"], "nama", "keluhan",
         "lansia", "keponakan"}
    )  # fmt: skip
