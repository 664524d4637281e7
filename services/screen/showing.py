"""Showing a screen. While people talk only a pressed key, leaving and danger are heard here: every
other word belongs to the one they talk with."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.form import Question
from models.message import Words
from models.role import Kind
from services import (
    consent,
    consultation,
    credential,
    danger,
    emergency,
    form,
    history,
    language,
    letter,
    menu,
    privacy,
    quota,
    rights,
    scam,
    task,
    waiting,
)
from services.content import Html, joined, words
from services.facility import ask
from services.guidance import page as guidance
from services.guidance import teaching
from services.intake import asking
from services.mail import Button, say, tell
from services.patient import page as patients
from services.person import Caller
from services.screen.naming import named, pressed

HELPS = {
    Kind.WORKER: "help.worker",
    Kind.VOLUNTEER: "help.volunteer",
    Kind.OFFICER: "help.officer",
    Kind.ADMIN: "help.admin",
}
HEARS_WORDS = (
    Question.COMPLAINT, Question.PLACE, Question.HOME, Question.VILLAGE, Question.INTAKE,
    Question.TALK,
)  # fmt: skip
"""Open questions whose answers are no screen's name; what any other asks for is its answer."""


def asked(session: Session, caller: Caller, said: Words) -> str | None:
    """Give the screen that somebody's words ask for, and for nothing else."""
    if said.kind != "text":
        return None
    here = consultation.open_ones(session, caller)
    name = pressed(said.text)
    if name is not None:
        return name
    name = named(said.text)
    if name == "emergency":
        return name
    is_talking = any(one.status is Status.ACTIVE for one in here)
    is_answer = caller.form is not None and caller.form.question not in HEARS_WORDS
    if name not in SCREENS or is_talking or is_answer or danger.find(said.text):
        return None
    return name


def show(session: Session, caller: Caller, name: str, *, at: datetime) -> None:
    """Show a screen."""
    SCREENS[name](session, caller, at=at)


def resume(session: Session, caller: Caller, drafted: Consultation, *, at: datetime) -> bool:
    """Put the open question again to somebody whose request is not yet whole; False where we wait
    for something else."""
    if not asking.is_asked(drafted, caller) or not consent.standing(session, caller):
        return False
    form.cut_question(session, caller, words("question.see_below"), at=at)
    asking.go_on(session, caller, drafted, at=at)
    return True


def _consult(session: Session, caller: Caller, *, at: datetime) -> None:
    if _stands(session, caller, at=at):
        return
    if credential.worker(session, caller.person, at=at):
        say(session, caller.bot_id, caller.person, "duty.hint", at=at)
    elif consent.standing(session, caller):
        form.ask(session, caller, Question.COMPLAINT, None, at=at)
        _say(session, caller, words("consultation.ask_complaint"), at=at)
    else:
        consent.ask(session, caller, at=at)


def _queue(session: Session, caller: Caller, *, at: datetime) -> None:
    if not _stands(session, caller, at=at):
        _say(session, caller, words("queue.nothing"), at=at)


def _stands(session: Session, caller: Caller, *, at: datetime) -> bool:
    """Tell somebody how what they asked stands; False where they have asked nothing."""
    mine = _mine(session, caller)
    if mine is None:
        return False
    if mine.status is Status.WAITING:
        waiting.show(session, mine, at=at)
    elif mine.status is Status.ACTIVE:
        say(session, caller.bot_id, caller.person, "waiting.answered", at=at, number=mine.number)
    elif not resume(session, caller, mine, at=at):
        consent.ask(session, caller, at=at)
    return True


def _facility(session: Session, caller: Caller, *, at: datetime) -> None:
    is_helped = bool(consultation.open_ones(session, caller))
    ask.begin(session, caller, "", is_helped=is_helped, at=at)


def _help(session: Session, caller: Caller, *, at: datetime) -> None:
    parts = [
        words(key)
        for kind, key in HELPS.items()
        if credential.role_of(session, caller.person, kind) is not None
    ]
    mine = _mine(session, caller)
    if mine is not None and mine.status is Status.DRAFT:
        parts.append(words("help.draft"))
    elif mine is not None:
        parts.append(words("help.open", number=mine.number))
    _say(session, caller, joined("\n\n", [words("help.asker"), *parts]), at=at)


def _agree(session: Session, caller: Caller, *, at: datetime) -> None:
    """A typed yes counts for the text that was put a moment ago; else the text is put first."""
    version = consent.just_asked(session, caller, at=at)
    if version is not None and not consent.standing(session, caller):
        consent.agree(session, caller, version, at=at)
    else:
        _consent(session, caller, at=at)


def _disagree(session: Session, caller: Caller, *, at: datetime) -> None:
    """So does a typed no; a consent that stands is taken back on purpose, never by a word."""
    if consent.just_asked(session, caller, at=at) and not consent.standing(session, caller):
        consent.disagree(session, caller, at=at)
    else:
        _consent(session, caller, at=at)


def _consent(session: Session, caller: Caller, *, at: datetime) -> None:
    if consent.standing(session, caller):
        say(session, caller.bot_id, caller.person, "consent.stands", at=at)
    else:
        consent.ask(session, caller, at=at)


def _leave(session: Session, caller: Caller, *, at: datetime) -> None:
    """Offer to take back what waits, and close a question that stands open."""
    mine = _mine(session, caller)
    if mine is None:
        form.forget(session, caller)
        _say(session, caller, words("leave.nothing"), at=at)
    elif mine.status is Status.DRAFT:
        rows = [[Button("button.discard", f"discard:{mine.id}")]]
        say(session, caller.bot_id, caller.person, "leave.draft", at=at, buttons=rows)
    else:
        rows = [[Button("button.withdraw", f"withdraw:{mine.id}")]]
        say(session, caller.bot_id, caller.person, "leave.waiting", at=at, buttons=rows,
            number=mine.number)  # fmt: skip


def _mine(session: Session, caller: Caller) -> Consultation | None:
    here = consultation.open_ones(session, caller)
    return next((one for one in here if one.asker_id == caller.person.id), None)


def _say(session: Session, caller: Caller, text: Html, *, at: datetime) -> None:
    """Say something that leaves the ways on in sight."""
    keys = menu.keys(session, caller, at=at)
    tell(session, caller.bot_id, caller.person, text, at=at, keys=keys)


SCREENS: dict[str, Callable[..., None]] = {
    "consult": _consult,
    "queue": _queue,
    "facility": _facility,
    "guide": guidance.home,
    "help": _help,
    "language": language.show,
    "patients": patients.show_all,
    "data": rights.offer,
    "frugal": quota.offer,
    "history": history.show,
    "privacy": privacy.show,
    "scam": scam.offer,
    "lessons": teaching.offer,
    "tasks": task.show,
    "letter": letter.explain,
    "emergency": emergency.begin,
    "agree": _agree,
    "disagree": _disagree,
    "consent": _consent,
    "leave": _leave,
}
"""A screen by its name in content/screens.toml and on buttons; called with session, caller, at."""
