"""For whom words in a consultation are: the message they answer says it, or it is asked.

What a worker writes for somebody they no longer have reaches no asker: it is a note for the next.
"""

from datetime import datetime
from typing import TypeGuard

from sqlalchemy.orm import Session

from models.consultation import Consultation, Status
from models.errors import Closed, NotFound
from models.form import Question
from models.message import Message, Part, Words
from services import consultation, desk, form, person, relay
from services.content import Html, words
from services.mail import Button, change, say
from services.person import Caller


def find(
    session: Session, caller: Caller, active: list[Consultation], said: Words, *, at: datetime
) -> Consultation | None:
    """The consultation these words belong to: that of the message they answer, the only one, or
    the one that was opened while that is beyond doubt. An answer to a note is in doubt.

    Raises Closed where a worker answers somebody whom they no longer have.
    """
    message = replied(session, caller, said)
    if message is not None and message.part is Part.NOTE:
        return None
    if message is not None and active:
        found = next((one for one in active if one.id == message.consultation_id), None)
        if found is not None:
            if caller.form is not None and caller.form.consultation_id != found.id:
                desk.focus.lapse(session, caller)
            return found
        if message.consultation.asker_id != caller.person.id:
            raise Closed("refusal.not_yours", number=message.consultation.number)
    if len(active) == 1 and not _is_in_doubt(session, caller):
        return active[0]
    return desk.focus.of(session, caller, active, at=at)


def is_gone(
    session: Session,
    caller: Caller,
    active: list[Consultation],
    said: Words,
    *,
    at: datetime,
) -> bool:
    """Keep words for somebody whom their writer no longer has as a note; False where they are for
    somebody else."""
    gone = _lost(session, caller, active, said, at=at)
    if gone is not None:
        relay.note(session, gone, caller.person, said, at=at)
        say(session, caller.bot_id, caller.person, "relay.noted", at=at, number=gone.number)
    return gone is not None


def replied(session: Session, caller: Caller, said: Words) -> Message | None:
    """Give the message that these words answer."""
    if said.reply_to is None:
        return None
    return relay.find(session, caller.bot_id, said.chat_id, said.reply_to)


def ask(
    session: Session, caller: Caller, active: list[Consultation], said: Words, *, at: datetime
) -> None:
    """Ask whose the words are; they have gone nowhere yet."""
    say(
        session,
        caller.bot_id,
        caller.person,
        "relay.whose",
        at=at,
        reply_to=said.message_id,
        protect=True,
        buttons=[
            *([_to(session, caller, one)] for one in active),
            *_note(session, caller, active, said),
        ],
    )


def choose(
    session: Session,
    caller: Caller,
    consultation_id: int,
    said: Words | None,
    question_id: int,
    *,
    at: datetime,
) -> None:
    """Pass on the words about which we had to ask whom they were for, and let the question say
    where they went; a worker has opened that patient with it."""
    found = consultation.access(session, caller, consultation_id)
    if found.status is not Status.ACTIVE:
        raise Closed(number=found.number)
    if _is_new(said, session, caller):
        relay.pass_on(session, found, caller.person, said, at=at)
        name = _to(session, caller, found).text
        is_worker = found.worker_id == caller.person.id
        text = words("relay.chosen_now" if is_worker else "relay.chosen", name=name)
        _settle(session, caller, question_id, text, at=at)
        if is_worker:
            desk.focus.begin(session, caller, found, at=at)


def keep_note(
    session: Session,
    caller: Caller,
    consultation_id: int,
    said: Words | None,
    question_id: int,
    *,
    at: datetime,
) -> None:
    """Keep such words as a note for whoever has that patient now."""
    gone = consultation.lost(session, caller, consultation_id)
    about = gone or consultation.held(session, caller, consultation_id)
    if _is_new(said, session, caller):
        relay.note(session, about, caller.person, said, at=at)
        text = words("relay.noted", number=about.number)
        if gone is None:
            text = words("note.kept", patient=relay.named(session, about))
        _settle(session, caller, question_id, text, at=at)


def _is_new(said: Words | None, session: Session, caller: Caller) -> TypeGuard[Words]:
    """Tell whether the words have not gone anywhere yet; raises NotFound where they are gone."""
    if said is None:
        raise NotFound("refusal.write_again")
    return relay.find(session, caller.bot_id, said.chat_id, said.message_id) is None


def _settle(
    session: Session, caller: Caller, question_id: int, text: Html, *, at: datetime
) -> None:
    form.forget(session, caller, Question.WHOSE)
    change(session, caller.bot_id, caller.person, question_id, text, at=at)


def _is_in_doubt(session: Session, caller: Caller) -> bool:
    """Tell whether a worker lost a patient by the clock, and may not have noticed; or was asked
    for a note long ago."""
    if caller.form is not None and caller.form.question in desk.ANSWERS:
        return True
    if caller.form is None or caller.form.question is not Question.WHOSE:
        return False
    return not form.kept(session, caller).get("gave_back")


def _lost(
    session: Session,
    caller: Caller,
    active: list[Consultation],
    said: Words,
    *,
    at: datetime,
) -> Consultation | None:
    """The consultation that these words are for and that their writer no longer has: that of the
    message they answer, or the last one where no other is left."""
    message = replied(session, caller, said)
    if message is not None:
        is_theirs = message.consultation_id in [one.id for one in active]
        return None if is_theirs else consultation.lost(session, caller, message.consultation_id)
    if active or not form.is_open(caller, Question.WHOSE, at=at) or caller.form is None:
        return None
    return consultation.lost(session, caller, caller.form.consultation_id)


def _note(
    session: Session, caller: Caller, active: list[Consultation], said: Words
) -> list[list[Button]]:
    """Offer to keep the words as a note about the patient whom the clock has taken, or about whom
    a note was asked for or is answered."""
    about = caller.form.consultation_id if _is_in_doubt(session, caller) and caller.form else None
    answered = replied(session, caller, said)
    if answered is not None and answered.part is Part.NOTE:
        about = answered.consultation_id
    gone = consultation.lost(session, caller, about)
    found = gone or next((one for one in active if one.id == about), None)
    if found is None or found.asker_id == caller.person.id:
        return []
    return [[Button("button.to_note", f"note:{found.id}", {"number": found.number})]]


def _to(session: Session, caller: Caller, one: Consultation) -> Button:
    if one.asker_id == caller.person.id:
        return Button("button.to_worker", f"to:{one.id}", {"worker": one.read(session)["worker"]})
    name, dot = person.shown_name(session, one.asker), relay.dot(one)
    return Button(
        "button.to_asker", f"to:{one.id}", {"dot": dot, "number": one.number, "name": name}
    )
