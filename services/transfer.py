"""Handing a patient to a colleague, with the whole thread and a reason. The colleague is asked
first, for one round; who does not take it leaves it to the queue, at its original place."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotFound
from models.form import Question
from models.message import Words
from models.role import Role
from services import colleague, consultation, credential, desk, dispatch, form, relay
from services.content import plain
from services.mail import Button, say
from services.person import Caller

REASONS = ("doctor", "skill", "over")
"""What is tapped in place of a reason in words."""


def ask_whom(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show who is on duty."""
    one = consultation.held(session, caller, consultation_id)
    rows = [
        [
            Button(
                "button.colleague",
                f"transfer_to:{one.id}:{role.id}",
                {
                    "name": credential.title(session, role),
                    "busy": colleague.busy(session, role),
                    "places": role.places,
                },
            )
        ]
        for role in colleague.others(session, caller, one, at=at)
    ]
    say(session, caller.bot_id, caller.person, "transfer.whom", at=at, consultation=one,
        patient=relay.named(session, one), buttons=rows)  # fmt: skip


def ask_why(
    session: Session, caller: Caller, consultation_id: int, role_id: int, *, at: datetime
) -> None:
    """Ask for the reason: by a tap, or in words that the colleague reads and the asker never."""
    one = consultation.held(session, caller, consultation_id)
    role = colleague.chosen(session, caller, one, role_id, at=at)
    form.ask(session, caller, Question.TRANSFER, one, at=at, role=role.id)
    rows = [
        [Button(f"transfer_why.{given}", f"transfer_why:{one.id}:{role.id}:{given}")]
        for given in REASONS
    ]
    say(session, caller.bot_id, caller.person, "transfer.why", at=at, consultation=one,
        patient=relay.named(session, one), name=credential.title(session, role),
        buttons=[*rows, [Button("button.stay", f"desk:{one.id}")]])  # fmt: skip


def write(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Take the reason in words: a note for whoever has the patient next."""
    assert caller.form is not None  # noqa: S101 - only an open question brings words here
    about = caller.form.consultation_id or 0
    one = consultation.held(session, caller, about)
    role_id = form.kept(session, caller).get("role", 0)
    role = colleague.chosen(session, caller, one, role_id, at=at)
    relay.note(session, one, caller.person, said, at=at)
    _give(session, caller, one, role, "transfer", at=at)


def give(
    session: Session,
    caller: Caller,
    consultation_id: int,
    role_id: int,
    reason: str,
    *,
    at: datetime,
) -> None:
    """Hand over with a reason that was tapped."""
    if reason not in REASONS:
        raise NotFound("refusal.expired_button")
    one = consultation.held(session, caller, consultation_id)
    role = colleague.chosen(session, caller, one, role_id, at=at)
    _give(session, caller, one, role, f"transfer:{reason}", at=at)


def _give(
    session: Session, caller: Caller, one: Consultation, role: Role, why: str, *, at: datetime
) -> None:
    mine = one.read(session)["worker"]
    form.forget(session, caller)
    one.move(Status.WAITING, by=caller.person, at=at, why=why)
    name = credential.title(session, role)
    say(session, one.bot_id, one.asker, "transfer.asker", at=at, consultation=one, worker=name)
    say(session, one.bot_id, caller.person, "transfer.given", at=at, number=one.number, name=name)
    desk.left(session, one, caller.person, at=at)
    reason = why.partition(":")[2]
    told = plain(f"transfer_why.{reason}") if reason else plain("transfer.in_notes")
    say(session, one.bot_id, role.person, "transfer.comes", at=at, number=one.number, worker=mine,
        why=told)  # fmt: skip
    if one.danger_at is None:
        dispatch.offer(session, one, [role], at=at)
    else:
        dispatch.place(session, one, at=at)
    dispatch.feed(session, caller.person, at=at)
    if not any(each.status is Status.ACTIVE for each in consultation.open_ones(session, caller)):
        form.ask(session, caller, Question.WHOSE, one, at=at, gave_back=True)
