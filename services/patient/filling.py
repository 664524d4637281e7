"""«Lengkapi data»: what is not known of a patient is asked, one thing at a time.

The answers go into the patient's own record as they come; the form holds only which question is
open, what was passed over, and the way back. Every question can be skipped, and left for another
day: whoever begins again is asked for what is still missing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound
from models.form import Question
from models.message import Words
from models.patient import Patient
from services import consent, consultation, danger, form
from services.content import words
from services.mail import Button, tell
from services.patient import choice, record, typed
from services.patient import field as fields
from services.patient.change import spread
from services.patient.course import Course
from services.person import Caller

STEPS = ("skip", "back", "stop", "ask")
"""What a button under a question does besides answering it."""


def begin(session: Session, caller: Caller, patient_id: int, *, at: datetime) -> None:
    """Ask for what is missing of a patient, from the first gap."""
    one = access(session, caller, patient_id, at=at)
    if one is not None:
        refuse_while_talking(session, caller)
        Course(session, caller, one, at).go_on()


def access(session: Session, caller: Caller, patient_id: int, *, at: datetime) -> Patient | None:
    """Give a patient to who asks for them, and NotFound to everybody else; None where the consent
    is missing, which is asked for then."""
    found = session.get(Patient, patient_id)
    if found is None or found.asker_id != caller.person.id or not record.opens(session, found):
        raise NotFound
    if consent.standing(session, caller) is None:
        consent.ask(session, caller, at=at)
        return None
    return found


def refuse_while_talking(session: Session, caller: Caller) -> None:
    """Raise NotAllowed while the person's words belong to somebody or to another question."""
    here = consultation.open_ones(session, caller)
    if any(one.status is not Status.WAITING for one in here):
        raise NotAllowed("patient.later")


def answer(
    session: Session,
    caller: Caller,
    patient_id: int,
    field: str,
    value: str,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Take a tap under a question; pressed twice it counts once."""
    one = access(session, caller, patient_id, at=at)
    if one is None:
        return
    if field not in fields.FIELDS:
        raise NotFound("refusal.expired_button")
    course = Course.of(session, caller, one, at=at, message_id=message_id)
    has_moved_on = course.field not in (field, None)
    if value in STEPS:
        if value == "ask" or not has_moved_on:
            course.field = field
            course.step(value)
        return
    kept = choice.chosen(session, one, field, value, course.pending)
    if kept is None:
        raise NotFound("refusal.expired_button")
    if has_moved_on and kept == course.told.get(field):
        return
    course.field = field
    _keep(session, one, field, kept, at=at)
    if field == "illness" and value not in ("none", choice.DONE):
        course.put()
    else:
        course.go_on()


def hear(
    session: Session, caller: Caller, here: Sequence[Consultation], said: Words, *, at: datetime
) -> bool:
    """Take words that answer the open question; False when they are something else.

    A complaint must never end as a name or an allergy: what is long, tells of an illness or comes
    much later goes where it belongs, and to a worker who answers goes all but a number.
    """
    if not form.is_of(caller, Question.PATIENT) or danger.find(said.text):
        return False
    one = session.get(Patient, form.kept(session, caller).get("patient", 0))
    if one is None or not record.opens(session, one):
        return False
    course = Course.of(session, caller, one, at=at)
    is_number = typed.is_only_number(str(course.field), said)
    is_talking = any(each.status is not Status.WAITING for each in here)
    is_fresh = form.is_open(caller, Question.PATIENT, at=at)
    if (is_talking or not is_fresh) and not is_number:
        return False
    return consent.standing(session, caller) is not None and _take(course, said)


def correct(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Put an answer right whose message was edited; False where it answered nothing here. Whatever
    question is open stays open."""
    place = f"{caller.bot_id}:{said.message_id}"
    for one, told in record.all_of(session, caller.person):
        field = next((each for each, at_ in told.get("heard", {}).items() if at_ == place), None)
        if field is not None:
            _correct(Course(session, caller, one, at, field=field), said)
            return True
    return False


def _correct(course: Course, said: Words) -> None:
    session, caller, field = course.session, course.caller, str(course.field)
    heard = typed.read(session, caller, course.one, field, said, at=course.at) or typed.Heard()
    if heard.value is None:
        mend = [[Button("button.mend_patient", f"mend_patient:{course.one.id}")]]
        wrong = words(heard.wrong or "fill_wrong.edit", **heard.values)
        tell(session, caller.bot_id, caller.person, wrong, at=course.at, buttons=mend)
        return
    _keep(session, course.one, field, heard.value, at=course.at)
    text = words("fill.next", said=course.kept(field), question=words("fill.corrected"))
    tell(session, caller.bot_id, caller.person, text, at=course.at)


def _take(course: Course, said: Words) -> bool:
    session, caller, one, at = course.session, course.caller, course.one, course.at
    field = str(course.field)
    heard = typed.read(session, caller, one, field, said, at=at)
    if heard is None:
        return False
    if heard.step is not None:
        course.step(heard.step)
    elif heard.wrong is not None:
        course.pending, course.choices = heard.pending, None
        course.put(words(heard.wrong, **heard.values))
    elif heard.choices:
        course.pending, course.choices = None, heard.choices
        course.put(words("fill.which"))
    else:
        _keep(session, one, field, heard.value, at=at)
        record.note_heard(session, one, field, f"{caller.bot_id}:{said.message_id}")
        typed.keep_story(session, caller, one, heard, said, at=at)
        course.go_on()
    return True


def _keep(session: Session, one: Patient, field: str, value: Any, *, at: datetime) -> None:
    fields.keep(session, one, field, value, at=at)
    spread(session, one, field, at=at)
