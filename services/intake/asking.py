"""What a request must hold before a worker sees it, and the question about what is missing.

The answers stand in the draft's document as `intake`; the form holds only which message carries
the open question.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.form import Question
from models.message import Message, Part
from services import form, patient, step
from services.content import Html, danger_questions, joined, plain, sign_text, words
from services.credential import today
from services.intake import several
from services.intake.reading import Intake, read
from services.intake.typed import has_given_birth, relation
from services.mail import Button, say, tell
from services.person import Caller

FIELDS = ("complaint", "who", "age", "sex", "pregnancy", "danger", "adult")
CHOICES: dict[str, tuple[str, ...]] = {
    "who": ("me", "child", "parent", "spouse", "other"),
    "age": tuple(patient.AGES),
    "sex": ("L", "P"),
    "pregnancy": ("pregnant", "birth", "neither"),
    "danger": ("yes", "unsure", "no"),
    "adult": ("self", "parent", "family", "teacher", "nobody"),
}
LABELS = {
    "who": "who.",
    "age": "age.",
    "sex": "sex.",
    "pregnancy": "pregnancy.",
    "danger": "sign.",
    "adult": "adult.",
}
PRIVATE = {"heavy": "bunuh_diri", "unsafe": "kekerasan"}
"""What has a button and a card of its own under the closed question, and its group."""
SPOKEN = ("voice", "video", "video_note", "audio")
"""What may tell a whole complaint without a written word."""
GROWN = ("me", "parent", "spouse")
"""Those who are no infants: fewer buttons."""
UNGUARDED = ("me", "other")
"""With these it is not plain that an adult speaks for a minor."""
GROWING = 6
"""Years: nobody younger writes here, is married or a parent."""


def begin(session: Session, caller: Caller, drafted: Consultation, *, at: datetime) -> None:
    """Take what the kept words say already, and ask for the rest; danger waits for no question."""
    note(session, drafted, at=at)
    go_on(session, caller, drafted, at=at)


def note(session: Session, drafted: Consultation, *, at: datetime) -> None:
    """Take what the kept words of a draft say about the patient."""
    answers = answers_of(session, drafted)
    kept = select(Message).where(
        Message.consultation_id == drafted.id,
        Message.part == Part.COMPLAINT,
        Message.sealed.is_not(None),
    )
    for message in session.scalars(kept.order_by(Message.id)).all():
        kind, text = message.read(session)["kind"], message.newest(session)
        learn(session, drafted, answers, kind, text, at=at)
    keep(session, drafted, answers)


def is_asked(opened: Consultation, caller: Caller) -> bool:
    """Tell whether our questions are what a draft waits for, not the asker's «keluhan baru»."""
    if opened.status is not Status.DRAFT:
        return False
    asked = caller.form
    return opened.follows_id is None or (asked is not None and asked.consultation_id == opened.id)


def go_on(session: Session, caller: Caller, drafted: Consultation, *, at: datetime) -> None:
    """Put the next question, or put the request into the queue when nothing is missing."""
    answers = answers_of(session, drafted)
    field = missing(answers)
    if field is None or drafted.danger_at is not None:
        step.request(session, caller, drafted, at=at)
        return
    is_first = caller.form is None or caller.form.question is not Question.INTAKE
    row = say(
        session,
        caller.bot_id,
        caller.person,
        "question.first" if is_first else "question.next",
        at=at,
        question=_question(field, answers),
        buttons=_buttons(session, caller, drafted, field, answers, at=at),
    )
    form.ask(session, caller, Question.INTAKE, drafted, at=at, row=row.key)


def ask_signs(session: Session, waiting: Consultation, *, at: datetime) -> None:
    """Put the closed danger question to somebody who waits already, beside whatever is open."""
    answers = answers_of(session, waiting)
    buttons = [
        [Button(f"sign.{told}", f"sign:{waiting.id}:{told}") for told in row]
        for row in (CHOICES["danger"], tuple(PRIVATE) if _is_private(answers) else ())
        if row
    ]
    text = _question("danger", answers)
    tell(session, waiting.bot_id, waiting.asker, text, at=at, buttons=buttons)


def answers_of(session: Session, drafted: Consultation) -> dict[str, Any]:
    """Give what has been answered about a consultation, in the order in which it was."""
    return dict(drafted.read(session).get("intake", {}))


def keep(session: Session, drafted: Consultation, answers: Mapping[str, Any]) -> None:
    """Seal the answers into the draft."""
    document = drafted.read(session)
    if answers != document.get("intake", {}):
        drafted.write(session, **document | {"intake": dict(answers)})


def missing(answers: Mapping[str, Any]) -> str | None:
    """Give the field that has to be asked next; None when a worker may see the request."""
    return form.missing([one for one in FIELDS if _applies(one, answers)], answers)


def group_of(answers: Mapping[str, Any]) -> str:
    """Give the group whose closed danger question is put to this person."""
    age = patient.years(answers.get("age", "adult"))
    if age < patient.BABY:
        return "bayi"
    if age < patient.CHILD:
        return "anak"
    return {"pregnant": "hamil", "birth": "nifas"}.get(answers.get("pregnancy", ""), "dewasa")


def learn(
    session: Session,
    drafted: Consultation,
    answers: dict[str, Any],
    kind: str,
    text: str,
    *,
    at: datetime,
) -> None:
    """Fill the gaps with what a message says; what was answered before stays as it is. Words about
    somebody else wait for a request of their own."""
    if kind in SPOKEN:
        answers.setdefault("complaint", True)
    if several.is_of_another(text, answers.get("who")):
        answers["others"] = [*answers.get("others", []), text]
        return
    text, *others = several.apart(text)
    if others:
        answers["others"] = [*answers.get("others", []), *others]
    told = read(text, on=today(at)) if text.strip() else []
    if any(one.complaint for one in told):
        answers.setdefault("complaint", True)
    if not told:
        return
    one = told[0]
    if "who" not in answers:
        _learn_who(session, drafted, answers, text, one, at=at)
    said = {"age": one.age_years, "sex": one.sex, "name": one.patient_name, "village": one.village}
    if one.pregnant is not None:
        said["pregnancy"] = "pregnant" if one.pregnant else "neither"
    elif has_given_birth(text):
        said["pregnancy"] = "birth"
    for field, value in said.items():
        if value is not None:
            answers.setdefault(field, value)


def _learn_who(
    session: Session,
    drafted: Consultation,
    answers: dict[str, Any],
    text: str,
    one: Intake,
    *,
    at: datetime,
) -> None:
    """Take who is ill from the words, unless it may be one of several for whom was asked before."""
    who, name, age = relation(text), one.patient_name, one.age_years
    if who is None or (who in GROWN and (age or GROWING) < GROWING):
        return  # «saya ibunya, dia 11 bulan»: the writer is not the one who is so young
    same = [
        (before, identity)
        for before, identity in patient.earlier(session, drafted.asker)
        if identity["relation"] == who and before is not drafted.patient
    ]
    named = [before for before, identity in same if name and identity.get("name") == name]
    if same and who != "me" and not named:
        return
    identity = patient.choose(session, drafted, str(named[0].id) if named else who, at=at)
    answers.update(with_known(answers | {"who": who}, identity))


def with_known(answers: dict[str, Any], identity: Mapping[str, Any]) -> dict[str, Any]:
    """Fill the gaps with what the patient's record says, and note which answers come from there."""
    new = {field: value for field, value in identity.items() if field not in answers}
    return answers | new | {"known": list(new)}


def _applies(field: str, answers: Mapping[str, Any]) -> bool:
    """Tell whether a field is part of this person's minimum."""
    if "age" not in answers:
        return field in ("complaint", "who", "age")
    age = patient.years(answers["age"])
    if field == "sex":
        return age >= patient.CHILD
    if field == "pregnancy":
        return answers.get("sex") == "P" and int(age) in patient.FERTILE
    if field == "adult":
        return answers.get("who") in UNGUARDED and age < patient.MINOR
    return True


def _question(field: str, answers: Mapping[str, Any]) -> Html:
    if field != "danger":
        return words(f"ask.{field}")
    signs = danger_questions()[group_of(answers)]["sign"]
    lines = [joined("", [Html("• "), sign_text(one["text"])]) for one in signs]
    return words("ask.danger", who=patient.brief(answers), signs=joined("\n", lines))


def _buttons(
    session: Session,
    caller: Caller,
    drafted: Consultation,
    field: str,
    answers: Mapping[str, Any],
    *,
    at: datetime,
) -> list[list[Button]]:
    rows = [
        [Button(f"{LABELS[field]}{value}", f"answer:{drafted.id}:{field}:{value}")]
        for value in CHOICES.get(field, ())
        if _fits(field, value, answers.get("who"))
    ]
    if field in ("danger", "sex", "adult"):
        rows = [[row[0] for row in rows]] if field != "adult" else rows
    if field == "danger" and _is_private(answers):
        rows.append(
            [Button(f"sign.{told}", f"answer:{drafted.id}:danger:{told}") for told in PRIVATE]
        )
    if field == "who":
        rows += [
            [
                Button(
                    "button.earlier",
                    f"answer:{drafted.id}:who:{one.id}",
                    {"name": _label(identity, at)},
                )
            ]
            for one, identity in patient.earlier(session, caller.person)
        ]
    if any(one in answers for one in FIELDS[1:]):
        rows.append([Button("button.back", f"back:{drafted.id}")])
    return rows


def _is_private(answers: Mapping[str, Any]) -> bool:
    """Tell whether the question also asks for what is told in private."""
    return any(one.get("private") for one in danger_questions()[group_of(answers)]["sign"])


def _fits(field: str, value: str, who: object) -> bool:
    """Tell whether a choice makes sense for who is ill."""
    if field == "age":
        return who not in GROWN or patient.AGES[value] >= patient.CHILD
    return (field, value) != ("adult", "self") or who != "me"


def _label(identity: Mapping[str, Any], at: datetime) -> str:
    return patient.label(identity, today(at))


def shown(field: str, value: object) -> Html:
    """Give an answer as it stays in the chat where its question stood; discreet about danger."""
    if field == "danger":
        return words("question.checked")
    if field == "age" and isinstance(value, (int, float)):
        return words("question.answered", answer=patient.age_text(value))
    return words("question.answered", answer=plain(f"{LABELS[field]}{value}"))
