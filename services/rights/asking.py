"""Asking: a menu of five, each a request with a number and a day, most of them done at once."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.form import Question
from models.mail import Outgoing
from models.message import Words
from models.person import Person
from models.task import What
from services import consent, consultation, danger, form, task
from services.content import Html, words
from services.mail import Answer, Button, Buttons, attach, change, say
from services.person import Caller
from services.rights import telling
from services.text import clean, mask, shorten

LONGEST = 500
"""Characters of what somebody says is wrong: an admin reads it on a phone."""
NAME = "data-saya.html"


def offer(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say what is kept and what may be asked about it."""
    buttons = [[Button(f"right.{right}", f"right:{right}")] for right in RIGHTS]
    if caller.person.restricted_at is not None:
        buttons.append([Button("button.lift", "lift")])
    say(session, caller.bot_id, caller.person, "rights.menu", at=at, buttons=buttons)


def begin(session: Session, caller: Caller, right: str, message_id: int, *, at: datetime) -> None:
    """Take what was chosen: what is done at once is explained first, in place of the menu."""
    _CHOSEN[right](session, caller, message_id, at)


def send(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Send the file. The request stays open for the admins until Telegram has it."""
    asked = task.request(session, caller, What.SEE, at=at, calls=False)
    _put(session, caller, message_id, words("rights.see_comes"), at=at)
    attach(
        session,
        caller.bot_id,
        caller.person,
        NAME,
        telling.document(session, caller, at=at),
        words("rights.file", number=asked.number),
        at=at,
        then="rights.sent",
    )


def sent(session: Session, row: Outgoing, answer: Answer, *, at: datetime) -> None:
    """Close the request when the file has arrived; else the admins have to see to it."""
    owner = session.scalar(select(Person).where(Person.telegram_id == row.chat_id))
    asked = task.last(session, What.SEE, owner) if owner is not None else None
    if asked is None or asked.done_at is not None:
        return
    if answer.error is None:
        task.end(session, asked, None, at=at, answer=NAME)
    else:
        task.call(session, asked, at=at)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take what somebody says is wrong; False when it is something else."""
    if not form.is_open(caller, Question.RIGHT, at=at):
        return False
    if said.kind != "text" or danger.find(said.text):
        return False
    form.forget(session, caller)
    note = shorten(mask(clean(said.text)), LONGEST)
    asked = task.request(session, caller, What.CORRECT, at=at, note=note)
    say(
        session,
        caller.bot_id,
        caller.person,
        "rights.correct_asked",
        at=at,
        number=asked.number,
        due=task.due(asked),
        buttons=[[Button("button.is_complaint", "complaint")]],
        reply_to=said.message_id,
    )
    return True


def _see(session: Session, caller: Caller, message_id: int, at: datetime) -> None:
    buttons = [[Button("button.send_data", "send_data")], *_BACK]
    _put(session, caller, message_id, words("rights.see"), at=at, buttons=buttons)


def _correct(session: Session, caller: Caller, message_id: int, at: datetime) -> None:
    if consultation.open_ones(session, caller):
        raise Refusal("correction.later")  # what they write now is for the consultation
    form.ask(session, caller, Question.RIGHT, None, at=at)
    _put(session, caller, message_id, words("rights.correct"), at=at, buttons=_BACK)


def _restrict(session: Session, caller: Caller, message_id: int, at: datetime) -> None:
    consent.stop(session, caller, at=at)
    caller.person.restricted_at = caller.person.restricted_at or at
    asked = task.request(session, caller, What.RESTRICT, at=at)
    text = words("rights.restricted", number=asked.number, due=task.due(asked))
    buttons = [[Button("button.lift", "lift")]]
    _put(session, caller, message_id, text, at=at, buttons=buttons)


def _withdraw(session: Session, caller: Caller, message_id: int, at: datetime) -> None:
    consent.withdraw(session, caller, at=at)


def _erase(session: Session, caller: Caller, message_id: int, at: datetime) -> None:
    buttons = [[Button("button.erase", "erase")], *_BACK]
    _put(session, caller, message_id, words("rights.erase"), at=at, buttons=buttons)


def _put(
    session: Session,
    caller: Caller,
    message_id: int,
    text: Html,
    *,
    at: datetime,
    buttons: Buttons = (),
) -> None:
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=buttons)


_BACK = [[Button("button.rights", "rights")]]
_CHOSEN: dict[str, Callable[[Session, Caller, int, datetime], None]] = {
    "see": _see,
    "correct": _correct,
    "restrict": _restrict,
    "withdraw": _withdraw,
    "erase": _erase,
}
RIGHTS = tuple(_CHOSEN)
"""What may be asked, in the order of the menu."""
