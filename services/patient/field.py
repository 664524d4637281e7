"""The fields of «Lengkapi data»: which apply to whom, how a value is kept, and how it is shown.

A value stands in the patient's sealed document under the field's own name, but for the birth date
(`birth_on`, or `age` with the day it was said).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.facility import Facility
from models.patient import Patient
from models.person import Language, Person
from services import day, identity, person, region
from services.content import plain
from services.credential import today
from services.facility.named import plain_title
from services.patient import record
from services.text import mask

FIELDS = (
    "name", "sex", "birth", "nik", "born", "card", "registered", "village", "language", "pregnancy",
    "allergies", "illness", "adult",
)  # fmt: skip
"""In the order in which they are asked; «born» asks which is right where the NIK tells another day
of birth."""
CHOICES: dict[str, tuple[str, ...]] = {
    "sex": ("L", "P"),
    "born": ("yes", "no"),
    "language": tuple(Language),
    "pregnancy": ("pregnant", "birth", "neither"),
    "allergies": ("none",),
    "illness": (
        "none", "hypertension", "diabetes", "asthma", "tuberculosis", "heart", "stroke",
    ),
    "adult": ("self", "parent", "family", "teacher"),
}  # fmt: skip
LABELS = {
    "sex": "sex.",
    "born": "born.",
    "language": "language_name.",
    "pregnancy": "pregnancy.",
    "allergies": "allergies.",
    "illness": "illness.",
    "adult": "adult.",
}
NUMBERS = ("nik", "card")
OPEN = ("name", "sex", "birth", "registered", *NUMBERS)
"""What the page shows, in part; of the rest only that it was told."""
TRUE_FOR = timedelta(days=30)
"""So long a pregnancy, or none, is not asked about again."""


def applies(field: str, told: Mapping[str, Any], on: date) -> bool:
    """Tell whether a field is asked of this patient."""
    age = record.age_now(told, on)
    if field == "born":
        return _in_nik(told, on) is not None
    if field == "pregnancy":
        return (
            told.get("sex") == "P" and age is not None and int(record.years(age)) in record.FERTILE
        )
    if field == "adult":
        return told.get("relation") == "me" and age is not None and record.years(age) < record.MINOR
    return True


def is_answered(field: str, told: Mapping[str, Any], on: date) -> bool:
    """Tell whether a field has a value that still holds."""
    if field == "birth":
        return "birth_on" in told
    if field == "born":
        born = _in_nik(told, on)
        return born is None or told.get("birth_on") == born.isoformat() or "born" in told
    if field == "pregnancy" and field in told:
        return on - date.fromisoformat(told["pregnancy_on"]) < TRUE_FOR
    return field in told


def keep(session: Session, one: Patient, field: str, value: Any, *, at: datetime) -> None:
    """Keep the value of one field in the patient's record, and what is looked up by it."""
    told, on = record.known(session, one), today(at)
    if field == "birth" and isinstance(value, date):
        told = {key: told[key] for key in told if key not in ("age", "said_on")}
        told["birth_on"] = value.isoformat()
    elif field == "birth":
        told = {key: told[key] for key in told if key != "birth_on"}
        told |= {"age": value, "said_on": on.isoformat()}
    elif field == "born" and value == "yes":
        told["birth_on"] = str(_in_nik(told, on))
    elif field == "village" and isinstance(value, region.Place):
        told["village"], one.village_code = value.name, value.code
    elif field == "village":
        told["village"], one.village_code = value, None
    else:
        told[field] = value
    if field == "nik":
        told.pop("born", None)
    if field == "pregnancy":
        told["pregnancy_on"] = on.isoformat()
    if field == "language" and told.get("relation") == "me":
        session.get_one(Person, one.asker_id).language = Language(value)
    one.write(session, **told)
    one.identify(session, nik=told.get("nik"), card=told.get("card"))
    if (age := record.age_now(told, on)) is not None:
        one.birth_year = on.year - int(record.years(age))
    if "birth_on" in told:
        one.birth_year = date.fromisoformat(told["birth_on"]).year


def shown(session: Session, field: str, told: Mapping[str, Any], on: date) -> str:
    """Give a value in words, as who gave it or a worker reads it: numbers are covered."""
    if field in ("birth", "born"):
        if "birth_on" in told:
            return day.text(date.fromisoformat(told["birth_on"]))
        age = record.age_now(told, on)
        return record.age_text(age) if age is not None else ""
    if field not in told:
        return ""
    value = told[field]
    if field == "registered":
        found = session.get(Facility, value) if value else None
        return plain_title(found) if found is not None else ""
    if field == "illness":
        return ", ".join(_label(field, one) for one in value)
    return _label(field, value)


def covered(session: Session, field: str, told: Mapping[str, Any], on: date) -> str:
    """Give what may stand on a screen that others share: a part of it, or that it was told."""
    text = shown(session, field, told, on)
    if field not in OPEN:
        return plain("patient.told")
    if field == "name":
        return f"{text[:2]}•••"
    if field == "birth" and "birth_on" in told:
        return str(told["birth_on"])[:4]
    return f"•••• {text[-4:]}" if field in NUMBERS else text


def birth_in_nik(told: Mapping[str, Any], on: date) -> str:
    """Give the day of birth that the NIK tells, in words."""
    born = _in_nik(told, on)
    return day.text(born) if born is not None else ""


def name_of_asker(session: Session, one: Patient) -> str:
    """Give the name that the asker's own account shows: a suggestion where they are the patient."""
    return person.shown_name(session, session.get_one(Person, one.asker_id))


def _in_nik(told: Mapping[str, Any], on: date) -> date | None:
    return identity.birth_in(told["nik"], on) if "nik" in told else None


def _label(field: str, value: str) -> str:
    if value in CHOICES.get(field, ()):
        return plain(f"{LABELS[field]}{value}")
    return mask(value)
