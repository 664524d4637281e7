"""Answers to the questions before the queue: by a tap, or in words that are read leniently."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotFound
from models.form import Question
from models.message import Words
from services import consent, consultation, danger, form, patient
from services.content import means, words
from services.credential import today
from services.intake import asking, several, typed
from services.mail import say
from services.person import Caller

BURST = timedelta(minutes=1)
"""Photos, voice notes and quick texts that come so soon after a question do not repeat it."""
ATTEMPT = timedelta(seconds=5)
"""Nobody has read a question and typed a short answer to it sooner."""
SHORT = 40
"""Characters of a text that looks like an answer rather than a story."""


def answer(
    session: Session, caller: Caller, consultation_id: int, field: str, value: str, *, at: datetime
) -> None:
    """Take a tapped answer; pressed twice it counts once, and a later one replaces it."""
    drafted = _mine(session, caller, consultation_id, at=at)
    if drafted is None or asking.answers_of(session, drafted).get(field) == value:
        return
    choices = asking.CHOICES.get(field, ())
    if field == "danger":
        choices += tuple(asking.PRIVATE)
    is_earlier = field == "who" and value.isdigit()
    if value not in choices and not is_earlier:
        raise NotFound("refusal.expired_button")
    if field == "adult" and value == "nobody":
        say(session, caller.bot_id, caller.person, "question.call_an_adult", at=at)
        return
    _take(session, caller, drafted, field, value, at=at)


def sign(
    session: Session, caller: Caller, consultation_id: int, value: str, *, at: datetime
) -> None:
    """Take the answer about danger signs of somebody who waits already."""
    found = consultation.access(session, caller, consultation_id)
    answers = asking.answers_of(session, found)
    choices = (*asking.CHOICES["danger"], *asking.PRIVATE)
    if found.asker_id != caller.person.id or not found.is_open or value not in choices:
        raise NotFound("refusal.expired_button")
    if answers.get("danger", value) not in ("no", value):
        return  # danger that was told is not taken back by a tap
    asking.keep(session, found, answers | {"danger": value})
    if value != "no":
        groups = [asking.PRIVATE.get(value, asking.group_of(answers))]
        danger.answered(session, caller, found, groups, at=at)
    else:
        say(session, caller.bot_id, caller.person, "question.checked", at=at)


def doubt(
    session: Session, caller: Caller, waiting: Consultation, said: Words, *, at: datetime
) -> None:
    """Put the closed question again to who waits and writes of something that may be a sign, after
    they had said that there was none; once for each kind of sign."""
    if waiting.asker_id != caller.person.id or said.kind != "text":
        return
    answers = asking.answers_of(session, waiting)
    doubted = {*answers.get("doubted", []), *danger.doubts(said.text)}
    if answers.get("danger") != "no" or len(doubted) == len(answers.get("doubted", [])):
        return
    del answers["danger"]
    asking.keep(session, waiting, answers | {"doubted": sorted(doubted)})
    asking.ask_signs(session, waiting, at=at)


def back(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Take the last answer back and ask it again."""
    drafted = _mine(session, caller, consultation_id, at=at)
    if drafted is None:
        return
    answers = asking.answers_of(session, drafted)
    known = answers.get("known", [])
    asked = [one for one in answers if one in asking.FIELDS[1:] and one not in known]
    if asked:
        del answers[asked[-1]]
        asking.keep(session, drafted, answers if asked[-1] != "who" else _forgotten(answers))
    form.cut_question(session, caller, words("question.went_back"), at=at)
    asking.go_on(session, caller, drafted, at=at)


def hear(
    session: Session, caller: Caller, drafted: Consultation, said: Words, *, at: datetime
) -> bool:
    """Read words that came while a question is open: what they answer is not asked again.

    False when they answered nothing and the question stands where it stood: they want a receipt.
    """
    answers = asking.answers_of(session, drafted)
    field = asking.missing(answers)
    is_about = said.kind == "text" and not several.is_of_another(said.text, answers.get("who"))
    value = _read(field, said.text, at) if field and is_about else None
    if field in ("danger", "adult") and value is not None:
        answer(session, caller, drafted.id, field, str(value), at=at)
        return True
    if field is not None and field != "who" and value is not None:
        answers[field] = value
    asking.learn(session, drafted, answers, said.kind, said.text, at=at)
    if field is not None and field not in answers and value is not None:
        known = patient.choose(session, drafted, str(value), at=at)
        answers = asking.with_known(answers | {field: value}, known)
    asking.keep(session, drafted, answers)
    if field is not None and asking.missing(answers) == field:
        return _ask_again(session, caller, drafted, said, at=at)
    if field is not None:
        form.cut_question(session, caller, _shown(answers, field), at=at)
    asking.go_on(session, caller, drafted, at=at)
    return True


def takes(session: Session, drafted: Consultation, said: Words, *, at: datetime) -> bool:
    """Tell whether words are plainly the answer to a draft's open question, though a worker talks
    with the asker about somebody else."""
    field = asking.missing(asking.answers_of(session, drafted))
    is_short = said.kind == "text" and len(said.text) <= SHORT and said.reply_to is None
    return bool(field and is_short and _read(field, said.text, at) is not None)


def _read(field: str, text: str, at: datetime) -> object | None:
    """Give what a text answers: the label of a button in any language, or other words for it."""
    choices = asking.CHOICES.get(field, ())
    label = next((one for one in choices if means(f"{asking.LABELS[field]}{one}", text)), None)
    return label or typed.answer(field, text, today(at))


def _take(
    session: Session, caller: Caller, drafted: Consultation, field: str, value: str, *, at: datetime
) -> None:
    answers = asking.answers_of(session, drafted)
    if field == "who":
        known = patient.choose(session, drafted, value, at=at)
        value = _relation(session, drafted) if value.isdigit() else value
        answers = asking.with_known(_forgotten(answers) | {"who": value}, known)
    group = asking.group_of(answers)
    answers[field] = value
    asking.keep(session, drafted, answers)
    form.cut_question(session, caller, asking.shown(field, value), at=at)
    if field == "danger" and value != "no":
        groups = [asking.PRIVATE.get(value, group)]
        danger.answered(session, caller, drafted, groups, at=at)
        return
    asking.go_on(session, caller, drafted, at=at)


def _ask_again(
    session: Session, caller: Caller, drafted: Consultation, said: Words, *, at: datetime
) -> bool:
    """Repeat the question where it was out of sight, or where somebody tried to answer it."""
    asked = caller.form
    if asked is not None and asked.question is Question.INTAKE:
        since = at - asked.asked_at
        is_attempt = said.kind == "text" and len(said.text) <= SHORT and since >= ATTEMPT
        if since < BURST and not is_attempt:
            return False
        form.cut_question(session, caller, words("question.see_below"), at=at)
    asking.go_on(session, caller, drafted, at=at)
    return True


def _mine(
    session: Session, caller: Caller, consultation_id: int, *, at: datetime
) -> Consultation | None:
    """Give the draft to its asker; None where it has gone on already or the consent is missing."""
    found = consultation.access(session, caller, consultation_id)
    if found.asker_id != caller.person.id:
        raise NotFound
    if found.status is not Status.DRAFT:
        if not found.is_open:
            raise NotFound("refusal.expired_button")
        return None
    if not consent.standing(session, caller):
        consent.ask(session, caller, at=at)
        return None
    return found


def _forgotten(answers: dict[str, Any]) -> dict[str, Any]:
    """Leave out what only the record of the patient said who was chosen before."""
    known = answers.get("known", [])
    return {one: value for one, value in answers.items() if one not in (*known, "known")}


def _relation(session: Session, drafted: Consultation) -> str:
    return str(patient.known(session, drafted.patient).get("relation", "other"))


def _shown(answers: dict[str, Any], field: str) -> Any:
    if field == "complaint":
        return words("question.kept")
    return asking.shown(field, answers[field])
