"""A correction of advice that was sent: a new message marked KOREKSI, linked to the original.

Whoever gave the advice may send one, or a colleague of the same facility; on duty, with a licence.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import NotAllowed, NotFound, Refusal
from models.form import Question
from models.message import Message, Part, Words
from models.role import Role
from services import advice, audit, credential, form, person, relay, scope, sheet, understood
from services.content import joined, words
from services.mail import Button, say, tell
from services.person import Caller

DIGITS = 9
"""Of a consultation's number at most."""


def begin(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show the advice as it stands, and ask for the correction: the worker's next text is it."""
    found = session.get(Consultation, consultation_id)
    if found is None:
        raise NotFound
    _may(session, caller, found, at=at)
    given = sheet.given(session, found)
    if not given:
        raise NotFound("amendment.nothing")
    if found.worker_id != caller.person.id:
        audit.note(session, caller.person, "read", found, at=at)
        for page in sheet.pages(session, given[-1]):
            tell(session, caller.bot_id, caller.person, page, at=at, protect=True)
    form.ask(session, caller, Question.AMENDMENT, found, at=at)
    say(
        session,
        caller.bot_id,
        caller.person,
        "amendment.question",
        at=at,
        protect=True,
        number=found.number,
        name=person.name_of(session, found.asker),
        buttons=[[Button("button.leave", "unamend")]],
    )


def begin_by_number(session: Session, caller: Caller, typed: str, *, at: datetime) -> None:
    """Begin with the number of a consultation of the worker's own facility."""
    role = credential.worker(session, caller.person, at=at)
    if role is None:
        raise NotAllowed("refusal.no_licence")
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS):
        raise Refusal("amendment.which")
    found = session.scalar(
        select(Consultation).where(
            Consultation.facility_id == role.facility_id, Consultation.number == int(typed)
        )
    )
    if found is None:
        raise NotFound("amendment.nothing")
    begin(session, caller, found.id, at=at)


def takes(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Tell whether these words are the correction that was asked for; an answer to somebody else's
    message, or words long after the question, are none."""
    if caller.form is None or caller.form.question is not Question.AMENDMENT:
        return False
    if not form.is_open(caller, Question.AMENDMENT, at=at):
        form.forget(session, caller)
        return False
    about = said.reply_to and relay.find(session, caller.bot_id, said.chat_id, said.reply_to)
    return not about or about.consultation_id == caller.form.consultation_id


def write(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Take the text, and show it back before anything is sent."""
    assert caller.form is not None  # noqa: S101 - else `takes` would have said no
    found = session.get_one(Consultation, caller.form.consultation_id)
    role = _may(session, caller, found, at=at)
    message = advice.take(session, caller, found, said, Part.AMENDMENT, at=at)
    if message is None:
        return
    name = person.name_of(session, found.asker)
    tell(
        session,
        caller.bot_id,
        caller.person,
        joined(
            "\n",
            [
                *advice.lines(advice.held(session, message, scope.of_role(role))),
                words("amendment.preview", number=found.number, name=name),
            ],
        ),
        at=at,
        reply_to=said.message_id,
        protect=True,
        buttons=[
            [Button("button.send_amendment", f"amended:{message.id}")],
            [Button("button.change", f"amend:{found.id}"), Button("button.leave", "unamend")],
        ],
    )


def leave(session: Session, caller: Caller, *, at: datetime) -> None:
    """Send no correction after all."""
    form.forget(session, caller, Question.AMENDMENT)
    say(session, caller.bot_id, caller.person, "amendment.left", at=at)


def give(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Send the correction in answer to what it corrects; whether it is understood is asked anew."""
    message = session.get(Message, message_id)
    if (
        message is None
        or message.part is not Part.AMENDMENT
        or message.author_id != caller.person.id
    ):
        raise NotFound
    found = message.consultation
    role = _may(session, caller, found, at=at)
    if "sent" in message.read(session):
        raise Refusal("amendment.sent_before", number=found.number)
    before = sheet.place(session, found)
    closing = advice.held(session, message, scope.of_role(role))
    sheet.sign(session, message, role, closing.to_document(), at=at)
    sheet.deliver(session, message, understood.buttons(found), at=at, about=before)
    understood.ask(session, found, at=at)
    audit.note(session, caller.person, "amend", found, at=at)
    number = found.number
    say(session, caller.bot_id, caller.person, "amendment.sent", at=at, number=number)
    if found.worker is not None and found.worker_id != caller.person.id:
        by = credential.title(session, role)
        say(session, found.bot_id, found.worker, "amendment.by_colleague", at=at,
            consultation=found, number=number, worker=by)  # fmt: skip


def _may(session: Session, caller: Caller, found: Consultation, *, at: datetime) -> Role:
    """Give the role under which this worker may correct, or refuse: kindly where it is theirs."""
    role = credential.worker(session, caller.person, at=at)
    is_theirs = found.bot_id == caller.bot_id and found.status is Status.CLOSED
    if role is None and found.worker_id != caller.person.id:
        raise NotFound
    if role is None:
        raise NotAllowed("refusal.no_licence")
    if not is_theirs or found.facility_id != role.facility_id:
        raise NotFound
    if found.asker_id == caller.person.id:
        raise NotAllowed("refusal.own_complaint")
    if role.ready_at is None:
        raise NotAllowed("amendment.off_duty")
    return role
