"""The form of an applicant: one question at a time, each answer kept in the invitation."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Status
from models.errors import NotFound
from models.form import Question
from models.invitation import LIFE, Invitation
from models.message import Words
from models.person import Person
from models.role import Kind, Profession
from services import consultation, credential, danger, day, form, specimen
from services.content import Html, plain, words
from services.mail import Button, say
from services.person import Caller

FIELDS = ("profession", "name", "str", "sip", "sip_ends")


def begin(session: Session, caller: Caller, mine: Invitation, *, at: datetime) -> None:
    """Ask for the licence, or go on where the applicant stopped."""
    go_on = [[Button("button.resume", f"resume:{mine.id}")]]
    if mine.sent_at is not None:
        say(session, caller.bot_id, caller.person, "applicant.waits", at=at)
    elif _is_helped(session, caller):
        key = "applicant.after_consultation"
        say(session, caller.bot_id, caller.person, key, at=at, buttons=go_on)
    else:
        form.ask(session, caller, Question.LICENCE, None, at=at)
        _ask(session, caller, mine, at=at)


def resume(session: Session, caller: Caller, invitation_id: int, *, at: datetime) -> None:
    """Go on where the applicant stopped."""
    begin(session, caller, access(session, caller.person, invitation_id), at=at)


def restart(session: Session, caller: Caller, invitation_id: int, *, at: datetime) -> None:
    """Forget what was entered and ask from the beginning."""
    mine = access(session, caller.person, invitation_id)
    if mine.sent_at is None:
        mine.write(session)
    begin(session, caller, mine, at=at)


def pause(session: Session, caller: Caller, invitation_id: int, *, at: datetime) -> None:
    """Stop asking; what was entered is kept."""
    mine = access(session, caller.person, invitation_id)
    form.forget(session, caller, Question.LICENCE)
    go_on = [[Button("button.resume", f"resume:{mine.id}")]]
    say(session, caller.bot_id, caller.person, "applicant.paused", at=at, buttons=go_on)


def takes(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Tell whether these words answer the open question; if not, it is open no longer.

    A complaint must never end as an answer about licences: an old question takes nothing, nor
    does any while the person is being helped here or where a danger sign is in the words.
    """
    if caller.form is None or caller.form.question is not Question.LICENCE:
        return False
    if (
        form.is_open(caller, Question.LICENCE, at=at)
        and unfinished(session, caller.person) is not None
        and not danger.find(said.text)
        and not _is_helped(session, caller)
    ):
        return True
    form.forget(session, caller)
    return False


def answer(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Keep one answer and put the next question; a wrong one is asked again, nothing is lost."""
    mine = unfinished(session, caller.person)
    assert mine is not None  # noqa: S101 - else `takes` would have said no
    field = form.missing(FIELDS, mine.read(session))
    value = _READ[field](said.text, at) if field and said.kind == "text" else None
    is_allowed = specimen.allows(mine.facility, value or "")
    if field and (value is None or not is_allowed):
        wrong = f"applicant_wrong.{field}" if is_allowed else "applicant_wrong.made_up"
        form.ask(session, caller, Question.LICENCE, None, at=at)
        say(session, caller.bot_id, caller.person, wrong, at=at, buttons=_choices(mine, field))
        return
    if field:
        mine.write(session, **mine.read(session) | {field: value})
    form.ask(session, caller, Question.LICENCE, None, at=at)
    _ask(session, caller, mine, at=at)


def choose(session: Session, caller: Caller, profession: Profession, *, at: datetime) -> None:
    """Take the profession by its button."""
    mine = unfinished(session, caller.person)
    if mine is None:
        raise NotFound("refusal.expired_button")
    mine.write(session, **mine.read(session) | {"profession": str(profession)})
    begin(session, caller, mine, at=at)


def remind(session: Session, caller: Caller, *, at: datetime) -> None:
    """Offer to go on with an application that was left."""
    mine = unfinished(session, caller.person)
    if mine is not None:
        go_on = [[Button("button.resume", f"resume:{mine.id}")]]
        say(session, caller.bot_id, caller.person, "applicant.left", at=at, buttons=go_on)


def unfinished(session: Session, person: Person) -> Invitation | None:
    """Give the person's application that was not sent yet."""
    return session.scalar(
        select(Invitation)
        .where(
            Invitation.opened_by_id == person.id,
            Invitation.kind == Kind.WORKER,
            Invitation.sent_at.is_(None),
            Invitation.ended_at.is_(None),
        )
        .order_by(Invitation.id.desc())
        .limit(1)
    )


def expire(session: Session, *, at: datetime) -> None:
    """End what was not sent within a week, and forget what was entered; run twice, nothing more."""
    left = session.scalars(
        select(Invitation).where(
            Invitation.kind == Kind.WORKER,
            Invitation.opened_at <= at - LIFE,
            Invitation.sent_at.is_(None),
            Invitation.ended_at.is_(None),
        )
    )
    for one in left.all():
        one.end(at=at)


def access(session: Session, person: Person, invitation_id: int) -> Invitation:
    """Give an application to its applicant while it is open; NotFound to everybody else."""
    found = session.get(Invitation, invitation_id)
    if (
        found is None
        or found.kind is not Kind.WORKER
        or found.opened_by_id != person.id
        or found.ended_at is not None
    ):
        raise NotFound("refusal.expired_button")
    return found


def is_whole(mine: Invitation, session: Session) -> bool:
    """Tell whether every question has its answer."""
    return form.missing(FIELDS, mine.read(session)) is None


def name_in(entered: dict[str, Any]) -> str:
    """Give the name that an applicant entered, without the title that we put before it."""
    name, said = str(entered["name"]), plain(f"profession.{entered['profession']}")
    return name[len(said) :].strip() if name.lower().startswith(f"{said.lower()} ") else name


def details(session: Session, mine: Invitation) -> Html:
    """Give what was entered, as the applicant and the admins read it."""
    entered = mine.read(session)
    return words(
        "applicant.details",
        facility=mine.facility.name,
        profession=plain(f"profession_name.{entered['profession']}"),
        name=name_in(entered),
        str_number=entered["str"],
        sip=entered["sip"],
        sip_ends=day.text(date.fromisoformat(entered["sip_ends"])),
    )


def _ask(session: Session, caller: Caller, mine: Invitation, *, at: datetime) -> None:
    field = form.missing(FIELDS, mine.read(session))
    if field is not None:
        say(session, caller.bot_id, caller.person, f"applicant.{field}", at=at,
            facility=mine.facility.name, buttons=_choices(mine, field))  # fmt: skip
        return
    say(
        session,
        caller.bot_id,
        caller.person,
        "applicant.check",
        at=at,
        buttons=[
            [Button("button.send", f"send:{mine.id}")],
            [Button("button.restart", f"restart:{mine.id}")],
        ],
        details=details(session, mine),
    )


def _choices(mine: Invitation, field: str) -> list[list[Button]]:
    professions = [
        [Button(f"profession_name.{profession}", f"profession:{profession}")]
        for profession in Profession
        if field == "profession"
    ]
    return [*professions, [Button("button.pause", f"pause:{mine.id}")]]


def _is_helped(session: Session, caller: Caller) -> bool:
    here = consultation.open_ones(session, caller)
    return any(one.status is not Status.DRAFT for one in here)


def _profession(typed: str, at: datetime) -> str | None:
    wanted = " ".join(typed.split()).lower()
    known = {plain(f"profession_name.{one}").lower(): str(one) for one in Profession}
    return known.get(wanted)


def _last_day(typed: str, at: datetime) -> str | None:
    ends_on = day.read(typed)
    return None if ends_on is None or ends_on < credential.today(at) else ends_on.isoformat()


_READ: dict[str, Callable[[str, datetime], str | None]] = {
    "profession": _profession,
    "name": lambda typed, at: credential.read_name(typed),
    "str": lambda typed, at: credential.read_number(typed),
    "sip": lambda typed, at: credential.read_number(typed),
    "sip_ends": _last_day,
}
