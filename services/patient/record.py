"""Who is ill: the asker, or one of those for whom they ask. No two records are ever merged here."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.consultation import OPEN, Consultation
from models.errors import NotFound
from models.message import Message
from models.patient import Patient
from models.person import Person
from models.seal import Unreadable, ring_of
from services.content import Html, listed, plain, words
from services.credential import today
from services.text import mask

AGES = {"baby": 0.08, "small": 3.0, "school": 9.0, "teen": 15.0, "adult": 35.0, "old": 65.0}
"""The age groups that can be tapped, each with an age that stands for it."""
BABY, CHILD, MINOR = 2 / 12, 12, 18
"""Years: a young infant, a child, and a minor are younger than this."""
FERTILE = range(12, 56)
SHOWN = 4
"""Earlier patients that are offered as buttons."""
MOST = 20
"""Patients of one asker that are looked through."""
KEPT = ("sex", "name", "village")
"""What an intake tells of the patient as it is; the age is kept with the day it was said."""
ASKED = ("who", "age", "sex")
"""What a worker is told to be unknown."""


def new(session: Session, asker: Person) -> Patient:
    """Make a record for somebody of whom nothing is known yet."""
    made = Patient(asker_id=asker.id)
    made.make_key(ring_of(session))
    session.add(made)
    return made


def earlier(session: Session, asker: Person) -> list[tuple[Patient, dict[str, Any]]]:
    """Give those for whom somebody asked before and who are not being helped now, newest first."""
    found = session.scalars(
        select(Patient)
        .where(
            Patient.asker_id == asker.id,
            Patient.person_id.is_(None),
            Patient.sealed.is_not(None),
            Patient.wrapped_key.is_not(None),
            ~_helped(),
        )
        .order_by(Patient.id.desc())
        .limit(SHOWN)
    )
    return [(one, identity) for one in found if (identity := known(session, one)).get("relation")]


def all_of(session: Session, asker: Person) -> list[tuple[Patient, dict[str, Any]]]:
    """Give everybody for whom somebody asks, themselves first, then the newest; of a record that
    was just made and tells nothing, nothing."""
    found = session.scalars(
        select(Patient)
        .where(
            Patient.asker_id == asker.id,
            Patient.sealed.is_not(None),
            Patient.wrapped_key.is_not(None),
        )
        .order_by(Patient.person_id.is_(None), Patient.id.desc())
        .limit(MOST)
    )
    return [(one, identity) for one in found if (identity := known(session, one)).get("relation")]


def add(session: Session, asker: Person, relation: str) -> Patient:
    """Begin the record of one more person; for oneself there is one already, if it can be read."""
    if relation == "me":
        for one, _ in all_of(session, asker):
            if one.person_id == asker.id:
                return one
    made = new(session, asker)
    made.person_id = asker.id if relation == "me" else None
    made.write(session, relation=relation)
    session.flush()
    return made


def note_heard(session: Session, one: Patient, field: str, place: str) -> None:
    """Remember which message gave a field its value: an edit of that message puts it right."""
    told = known(session, one)
    one.write(session, **told | {"heard": told.get("heard", {}) | {field: place}})


def known(session: Session, one: Patient) -> dict[str, Any]:
    """Give what the record says of a patient; nothing where it is damaged."""
    try:
        return one.read(session)
    except Unreadable:
        return {}


def choose(session: Session, drafted: Consultation, who: str, *, at: datetime) -> dict[str, Any]:
    """Give a draft to its patient (a relation, or the id of an earlier one) with all its words;
    tells what is known of that patient already. Raises NotFound for somebody else's."""
    if who == "me":
        _choose_oneself(session, drafted)
    elif who.isdigit():
        found = session.get(Patient, int(who))
        if found is None or found.asker_id != drafted.asker_id or not opens(session, found):
            raise NotFound
        if found is not drafted.patient and _is_helped(session, found):
            raise NotFound("refusal.being_helped")
        _give(session, drafted, found)
    elif drafted.patient.person_id is not None or drafted.patient.sealed is not None:
        _give(session, drafted, new(session, drafted.asker))
    identity = known(session, drafted.patient)
    said = {key: identity[key] for key in KEPT if key in identity}
    age = age_now(identity, today(at))
    return said | ({} if age is None else {"age": age})


def learn(session: Session, requested: Consultation, *, at: datetime) -> None:
    """Keep in the patient's record what the intake said of them."""
    answers = requested.read(session).get("intake", {})
    identity = known(session, requested.patient)
    if answers.get("village", identity.get("village")) != identity.get("village"):
        requested.patient.village_code = None
    identity |= {key: answers[key] for key in KEPT if key in answers}
    if "who" in answers:
        identity["relation"] = answers["who"]
    if "adult" in answers:
        identity["adult"] = answers["adult"]
    if "age" in answers:
        identity |= {"age": answers["age"], "said_on": today(at).isoformat()}
        requested.patient.birth_year = today(at).year - int(years(answers["age"]))
    if identity:
        requested.patient.write(session, **identity)


def years(age: float | str) -> float:
    """Give an age in years; of a group, an age that stands for it."""
    return AGES[age] if isinstance(age, str) else age


def age_now(identity: Mapping[str, Any], on: date) -> float | str | None:
    """Give how old a patient is on a day; a group only while it was said within a year."""
    if "birth_on" in identity:
        return (on - date.fromisoformat(identity["birth_on"])).days / 365.25
    if "age" not in identity:
        return None
    passed = (on - date.fromisoformat(identity["said_on"])).days / 365.25
    if isinstance(identity["age"], str):
        return identity["age"] if passed < 1 and identity["age"] in ("adult", "old") else None
    return float(identity["age"]) + passed


def answers(session: Session, one: Consultation) -> dict[str, Any]:
    """Give what was answered about a consultation; nothing where its record is damaged."""
    try:
        return dict(one.read(session).get("intake", {}))
    except Unreadable:
        return {}


def card(session: Session, one: Consultation) -> Html:
    """Give what a worker who takes a consultation reads first: who, what was answered about
    danger, and what nobody asked."""
    said = answers(session, one)
    who = brief(said)
    if name := known(session, one.patient).get("name"):
        who = listed([mask(name), who])
    unasked = [plain(f"asked.{field}") for field in ASKED if field not in said]
    return words(
        "patient.card",
        who=who,
        danger=words(f"answered.{said.get('danger', 'unasked')}"),
        unasked=listed(unasked) if unasked else plain("patient.nothing"),
    )


def brief(answers: Mapping[str, Any]) -> str:
    """Give in a line who it is about, with no name: «Anak penanya, 2 tahun, laki-laki»."""
    parts = []
    if "who" in answers:
        parts.append(plain(f"relation.{answers['who']}"))
    if "age" in answers:
        parts.append(age_text(answers["age"]))
    if "sex" in answers:
        parts.append(plain(f"sex.{answers['sex']}"))
    if answers.get("pregnancy") in ("pregnant", "birth"):
        parts.append(plain(f"pregnancy.{answers['pregnancy']}"))
    return listed(parts) if parts else plain("patient.unknown")


def age_text(age: float | str) -> str:
    """Give an age in words: «2 tahun», «5 bulan», «10 hari», or the name of a group."""
    if isinstance(age, str):
        return plain(f"age.{age}")
    if age >= 2:
        return plain("patient.years", count=int(age))
    days = age * 365.25
    if days >= 61:
        return plain("patient.months", count=int(age * 12 + 0.01))
    return plain("patient.days", count=round(days))


def label(identity: Mapping[str, Any], on: date) -> str:
    """Name an earlier patient on a button so that only who knows them understands."""
    told = plain(f"relation_short.{identity['relation']}")
    if name := identity.get("name"):
        return f"{told}: {name[:2]}•••"
    age = age_now(identity, on)
    return told if age is None else listed([told, age_text(age)])


def _choose_oneself(session: Session, drafted: Consultation) -> None:
    own = session.scalar(
        select(Patient)
        .where(
            Patient.person_id == drafted.asker_id,
            Patient.wrapped_key.is_not(None),
            Patient.id != drafted.patient_id,
            ~_helped(),
        )
        .order_by(Patient.id)
        .limit(1)
    )
    if drafted.patient.person_id == drafted.asker_id:
        return
    if own is not None and not opens(session, own):
        own = None  # its key is damaged: what is said now shall be readable
    if own is None and drafted.patient.sealed is not None:
        own = new(session, drafted.asker)
    if own is not None:
        _give(session, drafted, own)
    drafted.patient.person_id = drafted.asker_id


def _give(session: Session, drafted: Consultation, to: Patient) -> None:
    """Seal a draft and its words with another patient's key."""
    before = drafted.patient
    if before is to:
        return
    messages = session.scalars(
        select(Message).where(Message.consultation_id == drafted.id, Message.sealed.is_not(None))
    ).all()
    said = [(one, one.read(session)) for one in messages]
    document = drafted.read(session)
    drafted.patient = to
    drafted.write(session, **document)
    for one, content in said:
        one.write(session, **content)
    session.flush()
    others = select(Consultation.id).where(Consultation.patient_id == before.id)
    if session.scalar(others.limit(1)) is None:
        before.erase()


def opens(session: Session, one: Patient) -> bool:
    """Tell whether the key of a record can be used: not after an erasure, nor damaged."""
    try:
        one.key(ring_of(session))
    except Unreadable:
        return False
    return True


def _helped() -> Any:
    return exists().where(Consultation.patient_id == Patient.id, Consultation.status.in_(OPEN))


def _is_helped(session: Session, one: Patient) -> bool:
    now = select(Consultation.id).where(
        Consultation.patient_id == one.id, Consultation.status.in_(OPEN)
    )
    return session.scalar(now.limit(1)) is not None
