"""One line of a list, read: what it says of which facility, and what had to be mended for that."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from sys import intern
from typing import Any

from models.facility import Kind
from services import hours
from services.facility import poli
from services.listing import kind, phone, placing
from services.listing.column import Columns, Field
from services.listing.country import Country, city
from services.listing.defect import Defect, Remark
from services.listing.placing import Placed, Survey, place
from services.listing.table import Line

_SOURCED = re.compile(r"([a-z][a-z0-9_]{1,39}):(.+)", re.DOTALL)
"""A code that names its list, as collections of several lists have them."""
_BPJS = re.compile(r"\d{4}[0-9A-Z]\d{3}", re.ASCII)
"""The form of BPJS's codes; what they mean is nobody's but BPJS's to say."""
_NOTHING = frozenset({"", "-", "--", ".", "0", "null", "none", "nan", "n/a", "#n/a", "tidak ada"})
_YES, _NO = {"ya", "yes", "y", "1", "true", "ada"}, {"tidak", "no", "n", "false", "bukan"}
_OSM_DAYS = {"mo": "senin", "tu": "selasa", "we": "rabu", "th": "kamis", "fr": "jumat",
             "sa": "sabtu", "su": "minggu"}  # fmt: skip
_KECAMATAN = re.compile(r"\b(?:kec(?:amatan)?\b|distrik\b)[\s.:]*([^,.;()\d]{3,40})", re.IGNORECASE)


@dataclass(slots=True)
class Entry:
    """What one line says; `values` are columns of models.facility.Facility, the known ones only,
    and its polis by name and hours."""

    line: int
    source: str
    code: str
    name: str
    values: dict[str, Any]
    remarks: list[Remark] = field(default_factory=list)
    rejected: str = ""
    """Why nothing of it is taken, where nothing is."""
    digest: bytes = b""

    @property
    def facility_code(self) -> str:
        """Give the code under which a new facility is entered."""
        return self.code if _BPJS.fullmatch(self.code) else f"{self.source}:{self.code}"


@dataclass(slots=True)
class Reader:
    """Reads the lines of one list."""

    columns: Columns
    source: str
    country: Country
    survey: Survey
    today: date
    _codes: dict[tuple[str, str], int] = field(default_factory=dict)

    def read(self, line: Line) -> Entry:
        """Read one line; what cannot be used comes back rejected, with the reason."""
        cells = self.columns.values(line.cells)
        source, code = self._code(cells)
        entry = Entry(line.number, source, code, "", {})
        if line.fault:
            return _reject(entry, Defect.UNREADABLE, "", line.fault)
        texts = {what: _clean(entry, what, cell) for what, cell in cells.items()}
        entry.name = texts.get(Field.NAME, "")[:200]
        self._number(entry, texts)
        if entry.name.lower() in _NOTHING:
            return _reject(entry, Defect.NO_NAME, entry.name, "a facility needs a name")
        if kind.is_bureau(texts.get(Field.KIND, ""), entry.name):
            return _reject(entry, Defect.NO_FACILITY, entry.name, "an office treats nobody")
        twin = self._codes.setdefault((entry.source, entry.code), line.number)
        if twin != line.number:
            return _reject(entry, Defect.SAME_CODE, entry.code, f"line {twin} has this code")
        self._describe(entry, texts)
        placed = self._place(entry, texts)
        said = entry.values | placed.values()
        entry.values = {what: value for what, value in said.items() if value is not None}
        entry.digest = sha256(repr((line.cells, sorted(entry.values.items()))).encode()).digest()
        return entry

    def _code(self, cells: dict[Field, str]) -> tuple[str, str]:
        code = " ".join(cells.get(Field.CODE, "").split())
        sourced = _SOURCED.fullmatch(code)
        source, code = (sourced[1], sourced[2].strip()) if sourced else (self.source, code)
        source = intern(source)
        return source, "" if code.lower() in _NOTHING - {"0"} else code[:100]

    def _number(self, entry: Entry, texts: dict[Field, str]) -> None:
        """Name a line without a code by what it says, so that it is the same line next time."""
        if entry.code:
            return
        said = "|".join(kind.plain(texts.get(what, "")) for what in (
            Field.NAME, Field.KIND, Field.ADDRESS, Field.DISTRICT, Field.REGENCY))  # fmt: skip
        entry.code = f"~{sha256(said.encode()).hexdigest()[:12]}"
        if Field.CODE in self.columns.places:
            _remark(entry, Defect.NO_CODE, True, "", entry.code, "known by its name and place")

    def _describe(self, entry: Entry, texts: dict[Field, str]) -> None:
        word, values = texts.get(Field.KIND, ""), entry.values
        values["name"] = entry.name
        values["kind"] = kind.understood(word, entry.name, self.columns.kinds, self.survey.doubted)
        if word and values["kind"] is None:
            done = "not known: the list's word does not say it, nor does the name"
            _remark(entry, Defect.KIND, False, word, "", done)
        elif not kind.is_refined(kind.meant(word), values["kind"]):
            _remark(entry, Defect.KIND, True, word, str(values["kind"]), "as the name says")
        for what in (Field.ADDRESS, Field.OWNER, Field.SERVICES):
            values[what] = texts.get(what, "")[:500] or None
        values["phone"] = _phone(entry, texts.get(Field.PHONE, ""))
        values["whatsapp"] = _phone(entry, texts.get(Field.WHATSAPP, ""))
        values["hours"] = _hours(entry, texts.get(Field.HOURS, ""))
        values["polis"] = _polis(entry, texts.get(Field.POLIS, ""))
        grade = texts.get(Field.CLASS, "").upper().removeprefix("KELAS ").strip()
        values["hospital_class"] = grade if grade in ("A", "B", "C", "D") else None
        partner = texts.get(Field.PARTNER, "").lower()
        values["is_partner"] = True if partner in _YES else False if partner in _NO else None
        values["partner_until"] = _day(entry, texts.get(Field.PARTNER_UNTIL, ""))
        closed = _day(entry, texts.get(Field.CLOSED, ""))
        values["ended_on"] = closed if closed and closed <= self.today else None
        for what in (Field.DOCTORS, Field.DENTISTS):
            count = texts.get(what, "")
            values[what] = int(count) if re.fullmatch(r"\d{1,4}", count, re.ASCII) else None

    def _place(self, entry: Entry, texts: dict[Field, str]) -> Placed:
        if Field.DISTRICT not in texts and (
            found := _KECAMATAN.search(texts.get(Field.ADDRESS, ""))
        ):
            texts = texts | {Field.DISTRICT: found[1]}
        placed = place(texts, self.country, self.survey)
        entry.remarks += placed.remarks
        return placed


def survey(columns: Columns, lines: Iterator[Line], country: Country) -> Survey:
    """Look through a whole list for what one line alone does not show."""
    points: dict[tuple[str, str], Counter[placing.Region]] = {}
    cities = set()
    words: dict[str, Counter[bool]] = {}
    for line in lines:
        values = columns.values(line.cells)
        stated = " ".join(values.get(Field.REGENCY, "").split())
        if named := city(stated):
            cities.add(named)
        point = placing.written(values)
        if point[0]:
            points.setdefault(point, Counter())[stated, values.get(Field.PROVINCE, "")] += 1
        word = kind.plain(values.get(Field.KIND, ""))
        if word.startswith("klinik"):
            single = kind.named(values.get(Field.NAME, "")) in (Kind.DOCTOR, Kind.DENTIST)
            words.setdefault(word, Counter())[single] += 1
    doubted = {word for word, singles in words.items() if singles[True] > singles[False]}
    return Survey(points, cities, doubted, country)


def _clean(entry: Entry, what: Field, cell: str) -> str:
    """Give a cell as one line of text without what damages others; formulas are text like any."""
    text = cell.strip()
    if not text.isprintable():
        if _BREAK.search(text) and what is not Field.REGENCY:
            _remark(entry, Defect.BREAK, True, what, "", "made a space")
        text = "".join(one if one.isprintable() else " " for one in text)
    if "\ufffd" in text:
        _remark(
            entry, Defect.LETTERS, False, text[:80], "", "kept as it is: what it was is not known"
        )
    text = " ".join(text.split())
    return "" if text.lower() in _NOTHING - {"0"} and what not in _AS_THEY_ARE else text


_BREAK = re.compile(r"[\r\n\v\f\u2028\u2029]")
_AS_THEY_ARE = frozenset({Field.NAME, Field.LATITUDE, Field.LONGITUDE})


def _phone(entry: Entry, text: str) -> str | None:
    found = phone.normalised(text) if text else None
    if text and not found:
        _remark(entry, Defect.PHONE, False, text[:80], "", "left out: no valid Indonesian number")
    return found


def _hours(entry: Entry, text: str) -> str | None:
    """Give hours where they are understood; «24 jam» only a facility or an admin can confirm."""
    if not text:
        return None
    spelled = re.sub(r"\b(mo|tu|we|th|fr|sa|su)\b", lambda day: _OSM_DAYS[day[0]], text.lower())
    try:
        week = hours.parse(spelled.replace("24/7", "setiap hari 24 jam"))
    except ValueError as error:
        _remark(entry, Defect.HOURS, False, text[:80], "", f"left out: {error}")
        return None
    if any((0, hours.MIDNIGHT) in day for day in week):
        done = "left out: that it is open day and night, a list cannot confirm"
        _remark(entry, Defect.HOURS, False, text[:80], "", done)
        return None
    return hours.text(week)


def _polis(entry: Entry, text: str) -> tuple[tuple[str, str], ...] | None:
    """Give the polis whose name and hours are understood; the others are reported."""
    found: dict[str, str] = {}
    for part in filter(str.strip, text.split("|")):
        try:
            name, said = poli.read(part)
        except ValueError as error:
            _remark(entry, Defect.HOURS, False, part.strip()[:80], "", f"left out: {error}")
        else:
            found |= {name: week} if (week := _hours(entry, said)) else {}
    return tuple(found.items())[: poli.MOST] or None


def _day(entry: Entry, text: str) -> date | None:
    if not text:
        return None
    day = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text, re.ASCII)
    try:
        return date(*map(int, day.group(3, 2, 1))) if day else date.fromisoformat(text)
    except ValueError:
        _remark(
            entry, Defect.VALUE, False, text[:80], "", "left out: a day like 2026-05-01 is needed"
        )
        return None


def _remark(entry: Entry, defect: Defect, mended: bool, before: str, after: str, done: str) -> None:
    entry.remarks.append(Remark(defect, mended, before, after, done))


def _reject(entry: Entry, defect: Defect, before: str, why: str) -> Entry:
    _remark(entry, defect, False, before[:80], "", why)
    entry.rejected = why
    return entry
