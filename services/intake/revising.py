"""An edit puts right what the message had answered: as if it had been written so at first."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.form import Question
from models.message import Message, Part
from services import danger, dispatch, form, patient
from services.content import words
from services.credential import today
from services.intake import asking, several, typed
from services.intake.reading import read
from services.patient.change import regroup
from services.person import Caller

TYPED = ("who", "age", "sex", "pregnancy", "danger")
"""Answers that may have been written in place of a tap."""


def revise(session: Session, caller: Caller, message: Message, *, at: datetime) -> None:
    """Read an edited message again while nobody answers yet. What its former words had said is
    replaced, or asked again where the new ones say nothing; what was said elsewhere stays."""
    one, document = message.consultation, message.read(session)
    if message.part is not Part.COMPLAINT or one.asker_id != caller.person.id:
        return
    if one.status not in (Status.DRAFT, Status.WAITING) or document["kind"] != "text":
        return
    before, after = [document["text"], *document.get("edits", [])][-2:]
    on, answers = today(at), asking.answers_of(session, one)
    old, new = _said(before, on), _said(after, on)
    if old.get("danger") == "no" == answers.get("danger") and new.get("danger") in (
        "yes",
        "unsure",
    ):
        groups = [asking.group_of(answers)]
        danger.answered(session, caller, one, groups, at=at)
        return
    if one.status is Status.DRAFT:
        _revise_who(session, one, answers, old, new, at=at)
    missing, group = asking.missing(answers), asking.group_of(answers)
    for field in (old | new).keys() - {"who", "danger"}:
        if answers.get(field) == old.get(field):
            answers.pop(field, None)
            if field in new:
                answers[field] = new[field]
    is_asked, answers = "danger" in answers, regroup(group, answers)
    asking.keep(session, one, answers)
    if one.status is Status.WAITING:
        patient.learn(session, one, at=at)
        dispatch.redraw(session, one, at=at)
        if is_asked and "danger" not in answers:
            asking.ask_signs(session, one, at=at)
    elif (missing, group) != (asking.missing(answers), asking.group_of(answers)):
        _ask_anew(session, caller, one, at=at)


def _said(text: str, on: date) -> dict[str, Any]:
    """Give what a text answers: as a story about the first it names, or as a short answer."""
    text = several.apart(text)[0]
    one = read(text, on=on)[0]
    said: dict[str, Any] = {"age": one.age_years, "sex": one.sex, "name": one.patient_name}
    said["village"] = one.village
    if one.pregnant is not None:
        said["pregnancy"] = "pregnant" if one.pregnant else "neither"
    for field in TYPED:
        if said.get(field) is None:
            said[field] = typed.answer(field, text, on)
    return {field: value for field, value in said.items() if value is not None}


def _revise_who(
    session: Session,
    one: Consultation,
    answers: dict[str, Any],
    old: dict[str, Any],
    new: dict[str, Any],
    *,
    at: datetime,
) -> None:
    who = new.get("who")
    if who is not None and who != old.get("who") == answers.get("who"):
        identity = patient.choose(session, one, who, at=at)
        known = answers.get("known", [])
        for field in (*known, "known"):
            answers.pop(field, None)
        answers.update(asking.with_known(answers | {"who": who}, identity))


def _ask_anew(session: Session, caller: Caller, one: Consultation, *, at: datetime) -> None:
    """Put the question that is open now, where questions are what the draft waits for."""
    asked = caller.form
    if asked is not None and asked.question is Question.INTAKE and asked.consultation_id == one.id:
        form.cut_question(session, caller, words("question.see_below"), at=at)
        asking.go_on(session, caller, one, at=at)
