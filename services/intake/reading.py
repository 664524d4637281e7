"""One message read as a request: who is ill, how old, since when, with what, where.

Leniently: a filled-in template, «L/27/Tarus/panu/3 bulan», or free words. What is not said stays
empty, and is asked with buttons afterwards; nothing here is guessed from a name.
"""

import re
from dataclasses import dataclass
from datetime import date

from services.intake import layout, naming, span
from services.intake.layout import people, sex_letter
from services.intake.ways import alternatives, greetings, mark, ways

MOST = 10
"""Patients that one message may name; what is said of more stays in the words themselves."""
_NAMED_FATHER = re.compile(
    r"\b(?:[Mm]as|[Bb]ang|[Kk]ang|[Pp]akdhe) [A-Z][a-z]+\s*[,(]?\s*(?:\d|umur|usia)"
)
_NAMED_MOTHER = re.compile(
    r"\b[Ii]?[Bb]u (?!Bidan|Dok|Kader|Perawat)[A-Z][a-z]+(?: [A-Z][a-z]+)?"
    r"\s*[,(]?\s*(?:\d|umur|usia)"
)
"""«Ibu Rina (42)» is the patient; «bu, anak saya umur 4» and «Bu Bidan» only hear of one."""


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
    fields = layout.template(text)
    if len(fields.keys() - {"rest"}) < 2 and ("," in text or not fields):
        fields = layout.slashed(text)
    if not fields:
        return _free(text, on)
    said = _free(" , ".join(fields.get(key, "") for key in ("complaint", "rest")), on)
    name, village, age = fields.get("name"), fields.get("village"), fields.get("age", "")
    lasted = fields.get("duration", "")
    return Intake(
        patient_name=naming.tidy_name(name) if name else said.patient_name,
        age_years=span.age(f"umur {age}", on) if age else said.age_years,
        sex=sex_letter(fields.get("sex", "")) or said.sex,
        complaint=fields.get("complaint") or None,
        duration_days=span.duration(span.spelled(f"sejak {lasted}"))
        if lasted
        else said.duration_days,
        pregnant=_yes(fields["pregnant"]) if fields.get("pregnant") else said.pregnant,
        village=naming.tidy(village) if village else said.village,
    )


def _free(text: str, on: date) -> Intake:
    plain = span.spelled(text)
    village = naming.village(plain)
    return Intake(
        patient_name=naming.name(plain, village),
        age_years=span.age(plain, on),
        sex=_sex(plain),
        complaint=_complaint(text),
        duration_days=span.duration(plain),
        pregnant=_pregnant(plain),
        village=village,
    )


def _sex(text: str) -> str | None:
    low = re.sub(alternatives(ways("title")["spoken_to"]), " ", text.lower())
    low = re.sub(r"\b(?:ibu|bapak|ayah|mama) dari\b", " ", low)
    found = {
        letter: re.search(rf"\b(?:{alternatives(ways('sex')[letter])})\b", low)
        for letter in ("L", "P")
    }
    mother = re.search(
        r"\bibu\b(?=\s*(?:saya|sy|umur|usia|mertua|\d))", low
    ) or _NAMED_MOTHER.search(text)
    places = {letter: one.start() for letter, one in found.items() if one}
    if not places and (
        letter := re.search(
            r"(?:^|[,(]|\d ?th\w*)\s*([lp])(?=\s*[,)]|\s+[a-z]|\s*\d{1,2}\s?th)", low
        )
    ):
        return letter[1].upper()
    if father := _NAMED_FATHER.search(text):
        places["L"] = min(father.start(), places.get("L", len(low)))
    if mother:
        places["P"] = min(mother.start(), places.get("P", len(low)))
    return min(places, key=places.__getitem__) if places else None


def _pregnant(text: str) -> bool | None:
    low = text.lower()
    found = re.search(
        rf"\b(?:({mark('denial')})\s+(?:lagi\s+|sedang\s+)?)?(?:{mark('pregnancy')})\b", low
    )
    return None if found is None else found[1] is None


def _complaint(text: str) -> str | None:
    bare = [one for one in re.findall(r"[^\W\d_]+", text.lower()) if one not in greetings()]
    return text if bare else None


def _yes(typed: str) -> bool:
    return not re.match(rf"(?i)\s*(?:{mark('denial')}|-|n\b)", typed)
