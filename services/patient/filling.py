"""«Lengkapi data»: what is not known of a patient is asked, one thing at a time.

The answers go into the patient's own record as they come; the form holds only which question is
open, what was passed over, and the way back. Every question can be skipped, and left for another
day: whoever begins again is asked for what is still missing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound
from models.form import Question
from models.message import Words
from models.patient import Patient
from services import consent, consultation, danger, form
from services.content import Html, plain, words
from services.credential import today
from services.mail import Button, change, tell
from services.patient import choice, record, typed
from services.patient import field as fields
from services.patient.change import spread
from services.person import Caller

STEPS = ("skip", "back", "stop", "ask")
"""What a button under a question does besides answering it."""


def begin(session: Session, caller: Caller, patient_id: int, *, at: datetime) -> None:
    """Ask for what is missing of a patient, from the first gap."""
    one = access(session, caller, patient_id, at=at)
    if one is not None:
        refuse_while_talking(session, caller)
        _go_on(session, caller, one, {"passed": [], "trail": []}, at=at)


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
    """Take a tap under a question; the next question takes its place in the same message."""
    one = access(session, caller, patient_id, at=at)
    if one is None:
        return
    if field not in fields.FIELDS:
        raise NotFound("refusal.expired_button")
    asked = _asked(session, caller, one)
    if value in STEPS:
        if value != "ask" and asked.get("field") not in (field, None):
            return  # pressed twice: the question has moved on
        _step(session, caller, one, asked | {"field": field}, value, message_id, at=at)
        return
    kept = choice.chosen(session, one, field, value, asked)
    if kept is None:
        raise NotFound("refusal.expired_button")
    if kept == record.known(session, one).get(field) and asked.get("field") not in (field, None):
        return
    _keep(session, one, field, kept, at=at)
    is_list = field == "illness" and value not in ("none", choice.DONE)
    if is_list:
        _put(session, caller, one, asked | {"field": field}, message_id, at=at)
    else:
        _go_on(session, caller, one, asked | {"field": field}, message_id, at=at)


def hear(
    session: Session, caller: Caller, here: Sequence[Consultation], said: Words, *, at: datetime
) -> bool:
    """Take words that answer the open question; False when they are something else.

    A complaint must never end as a name or an allergy: what is long, tells of an illness or comes
    much later goes where it belongs, and to a worker who answers goes all but a number.
    """
    if caller.form is None or caller.form.question is not Question.PATIENT:
        return False
    asked = form.kept(session, caller)
    one = session.get(Patient, asked.get("patient", 0))
    if one is None or not record.opens(session, one) or danger.find(said.text):
        return False
    field = str(asked["field"])
    is_number = typed.is_only_number(field, said)
    is_talking = any(each.status is not Status.WAITING for each in here)
    if not is_number and (is_talking or not form.is_open(caller, Question.PATIENT, at=at)):
        return False
    if consent.standing(session, caller) is None:
        return False
    return _take(session, caller, one, asked, said, at=at)


def correct(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Put an answer right whose message was edited; False where it answered nothing here. Whatever
    question is open stays open."""
    place = f"{caller.bot_id}:{said.message_id}"
    for one, told in record.all_of(session, caller.person):
        field = next((each for each, at_ in told.get("heard", {}).items() if at_ == place), None)
        if field is not None:
            _correct(session, caller, one, field, said, at=at)
            return True
    return False


def _correct(
    session: Session, caller: Caller, one: Patient, field: str, said: Words, *, at: datetime
) -> None:
    heard = typed.read(session, caller, one, field, said, at=at) or typed.Heard()
    mend = [[Button("button.mend_patient", f"mend_patient:{one.id}")]]
    if heard.value is None:
        wrong = words(heard.wrong or "fill_wrong.edit", **heard.values)
        tell(session, caller.bot_id, caller.person, wrong, at=at, buttons=mend)
        return
    _keep(session, one, field, heard.value, at=at)
    text = _below(_kept(session, field, record.known(session, one), at=at), words("fill.corrected"))
    tell(session, caller.bot_id, caller.person, text, at=at)


def _take(
    session: Session,
    caller: Caller,
    one: Patient,
    asked: dict[str, Any],
    said: Words,
    *,
    at: datetime,
) -> bool:
    field = str(asked["field"])
    heard = typed.read(session, caller, one, field, said, at=at)
    if heard is None:
        return False
    if heard.step is not None:
        _step(session, caller, one, asked, heard.step, None, at=at)
    elif heard.wrong is not None:
        asked = asked | {"pending": heard.pending}
        _ask_again(session, caller, one, asked, heard.wrong, at=at, **heard.values)
    elif heard.choices:
        _ask_again(session, caller, one, asked | {"choices": heard.choices}, "fill.which", at=at)
    else:
        _keep(session, one, field, heard.value, at=at)
        record.note_heard(session, one, field, f"{caller.bot_id}:{said.message_id}")
        typed.keep_story(session, caller, one, heard, said, at=at)
        _go_on(session, caller, one, asked, at=at)
    return True


def _keep(session: Session, one: Patient, field: str, value: Any, *, at: datetime) -> None:
    fields.keep(session, one, field, value, at=at)
    spread(session, one, field, at=at)


def _step(
    session: Session,
    caller: Caller,
    one: Patient,
    asked: dict[str, Any],
    step: str,
    message_id: int | None,
    *,
    at: datetime,
) -> None:
    if step == "stop":
        form.forget(session, caller, Question.PATIENT)
        again = [[Button("button.complete", f"complete:{one.id}")]]
        _show(session, caller, asked, words("fill.stopped"), again, message_id, at=at)
    elif step == "ask":
        _put(session, caller, one, asked | {"only": True}, message_id, at=at)
    elif step == "back" and asked["trail"]:
        *trail, field = asked["trail"]
        passed = [each for each in asked["passed"] if each != field]
        again_asked = asked | {"trail": trail, "passed": passed, "field": field}
        _put(session, caller, one, again_asked, message_id, at=at)
    else:
        passed = [*asked["passed"], asked["field"]]
        _go_on(session, caller, one, asked | {"passed": passed}, message_id, at=at, is_passed=True)


def _go_on(
    session: Session,
    caller: Caller,
    one: Patient,
    asked: dict[str, Any],
    message_id: int | None = None,
    *,
    at: datetime,
    is_passed: bool = False,
) -> None:
    """Put the next question, or say that all is known."""
    told, on, before = record.known(session, one), today(at), asked.get("field")
    if before is None:
        said = words("fill.begin", who=plain(f"relation_short.{told.get('relation', 'other')}"))
    else:
        said = words("fill.passed") if is_passed else _kept(session, before, told, at=at)
        # An age without a day is an answer too, and is not asked for again.
        behind = {"trail": [*asked["trail"], before], "passed": [*asked["passed"], before]}
        asked = asked | behind
    field = None if asked.get("only") else _missing(told, asked["passed"], on)
    if message_id is None and before is not None:  # what was answered stays where it was asked
        form.cut_question(session, caller, said, at=at)
    shown = said if message_id is not None or before is None else None
    if field is not None:
        asked = asked | {"field": field, "pending": None, "choices": None}
        _put(session, caller, one, asked, message_id, at=at, said=shown)
        return
    form.forget(session, caller, Question.PATIENT)
    end = words("fill.corrected" if asked.get("only") else "fill.done")
    shows = [[Button("button.patient", f"patient:{one.id}")]]
    _show(session, caller, asked, _below(shown, end), shows, message_id, at=at)


def _missing(told: Mapping[str, Any], passed: Sequence[str], on: date) -> str | None:
    here = [each for each in fields.FIELDS if fields.applies(each, told, on)]
    known = [each for each in here if each in passed or fields.is_answered(each, told, on)]
    return form.missing(here, dict.fromkeys(known))


def _kept(session: Session, field: str, told: Mapping[str, Any], *, at: datetime) -> Html:
    value = fields.shown(session, field, told, today(at))
    return words("fill.kept", field=plain(f"field.{field}"), value=value)


def _below(said: Html | None, text: Html) -> Html:
    return text if said is None else words("fill.next", said=said, question=text)


def _ask_again(
    session: Session,
    caller: Caller,
    one: Patient,
    asked: dict[str, Any],
    key: str,
    *,
    at: datetime,
    **values: object,
) -> None:
    _put(session, caller, one, asked, None, at=at, said=words(key, **values))


def _put(
    session: Session,
    caller: Caller,
    one: Patient,
    asked: dict[str, Any],
    message_id: int | None,
    *,
    at: datetime,
    said: Html | None = None,
) -> None:
    """Put one question: in place of the one that was tapped, or below what was written."""
    field, told, on = str(asked["field"]), record.known(session, one), today(at)
    text = words(f"fill.{field}", day=fields.birth_in_nik(told, on))
    text = _below(said, text)
    rows = choice.buttons(session, caller, one, field, asked)
    if message_id is None and caller.form is not None and caller.form.question is Question.PATIENT:
        form.cut_question(session, caller, words("question.see_below"), at=at)
    row = _show(session, caller, asked, text, rows, message_id, at=at)
    kept = {key: asked.get(key) for key in ("passed", "trail", "pending", "choices", "only")}
    form.ask(
        session, caller, Question.PATIENT, None, at=at, patient=one.id, field=field, row=row, **kept
    )


def _show(
    session: Session,
    caller: Caller,
    asked: dict[str, Any],
    text: Html,
    rows: list[list[Button]],
    message_id: int | None,
    *,
    at: datetime,
) -> str | None:
    """Give the row that carries the question now."""
    if message_id is None:
        return tell(session, caller.bot_id, caller.person, text, at=at, buttons=rows).key
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=rows)
    row = asked.get("row")
    return str(row) if row is not None else None


def _asked(session: Session, caller: Caller, one: Patient) -> dict[str, Any]:
    """Give the open question about this patient; a new one where there is none."""
    kept = form.kept(session, caller)
    is_open = caller.form is not None and caller.form.question is Question.PATIENT
    if is_open and kept.get("patient") == one.id:
        return kept
    return {"passed": [], "trail": []}
