"""What says nothing gets a short answer, and who goes on and on gets it twice in a minute at most.

That something was said a moment ago is remembered by the question of a greeting («what is the
complaint?»), which is open then; what people write is kept or passed on whatever we say to it.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.form import Question
from models.message import Words
from services import consultation, form, menu, screen
from services.mail import say
from services.person import Caller

MOMENT = timedelta(minutes=1)
"""Who was answered so short a time ago has the answer before their eyes."""
WORDLESS = ("sticker", "dice")
"""What says nothing of its own, so that it opens no consultation."""
JUST_CLOSED = timedelta(hours=24)
"""So long after a consultation new words may still belong to it."""
_AGAIN = {"again": True}


def says_nothing(said: Words) -> bool:
    """Tell whether a message is no complaint and no question: a sticker, «asdf», «?»."""
    return said.kind in WORDLESS or (said.kind == "text" and screen.is_nonsense(said.text))


def answer(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Say shortly how to ask; who just got advice and sends a thumb wanted to thank."""
    if is_enough(session, caller, at):
        return
    note(session, caller, at=at)
    closed = consultation.last_closed(session, caller, since=at - JUST_CLOSED)
    is_thanks = closed is not None and "?" not in said.text
    key = "consultation.thanks" if is_thanks else "nonsense.answer"
    keys = menu.keys(session, caller, at=at)
    say(session, caller.bot_id, caller.person, key, at=at, keys=keys)


def was_answered(caller: Caller, at: datetime) -> bool:
    """Tell whether a greeting or a short answer was given a moment ago."""
    asked = caller.form
    return (
        asked is not None and asked.question is Question.COMPLAINT and at - asked.asked_at < MOMENT
    )


def note(session: Session, caller: Caller, *, at: datetime) -> None:
    """Remember that a short answer is given, where no other question is open."""
    if caller.form is None or caller.form.question is Question.COMPLAINT:
        form.ask(session, caller, Question.COMPLAINT, None, at=at, **_AGAIN)


def is_enough(session: Session, caller: Caller, at: datetime) -> bool:
    """Tell whether what we would say now was said a moment ago for the second time."""
    return was_answered(caller, at) and form.kept(session, caller) == _AGAIN
