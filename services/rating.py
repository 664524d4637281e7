"""How helpful it was: asked once, behind another answer, and answered by a tap; words are optional.

Nobody in danger is asked in that moment.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotFound
from models.followup import Ask, Followup
from models.form import Question
from models.message import Words
from services import followup, form
from services.content import words
from services.mail import Button, change, say, tell
from services.person import Caller
from services.text import is_blank

CALM = timedelta(hours=20)
"""So long after danger nobody is asked how they liked it."""
OPEN = timedelta(minutes=15)
"""So long after «tulis kesan» the next words are taken for it."""
MARKS = ("1", "2", "3", "4", "5")


def ask(
    session: Session, caller: Caller, closed: Consultation, thanks: str, *, at: datetime
) -> None:
    """Thank for an answer, and where it was not asked before ask for the rating with it."""
    ended_at = closed.ended_at or at
    is_asked = followup.find(session, closed, Ask.RATING) is not None
    if is_asked or (closed.danger_at is not None and at - ended_at < CALM):
        say(session, caller.bot_id, caller.person, thanks, at=at)
        return
    followup.begin(session, closed, Ask.RATING, asked_at=at)
    row = [Button(f"rate.{mark}", f"rate:{closed.id}:{mark}") for mark in MARKS]
    text = words("rating.question", thanks=words(thanks))
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=[row])


def rate(
    session: Session,
    caller: Caller,
    consultation_id: int,
    mark: str,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Take a mark, also in place of an earlier one."""
    closed, row = _asked(session, caller, consultation_id)
    row.take(mark, at=at)
    more = [[Button("button.comment", f"comment:{closed.id}")]]
    text = words("rating.thanks", mark=mark)
    change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=more)


def comment(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Let the next words be about how it was."""
    closed, _ = _asked(session, caller, consultation_id)
    if followup.open_one(session, caller) is not None:
        raise NotFound("rating.later")
    form.ask(session, caller, Question.RATING, closed, at=at)
    say(session, caller.bot_id, caller.person, "rating.write", at=at)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Keep words about how it was, where they were asked for; False where they are something else.

    A button says that they were a complaint, so that nobody in need is thanked for a rating.
    """
    asked = caller.form
    if asked is None or asked.question is not Question.RATING:
        return False
    consultation_id = asked.consultation_id or 0
    is_meant = at - asked.asked_at < OPEN and said.kind == "text" and not is_blank(said.text)
    form.forget(session, caller)
    if not is_meant:
        return False
    _, row = _asked(session, caller, consultation_id)
    row.write(session, words=said.text)
    say(
        session,
        caller.bot_id,
        caller.person,
        "rating.kept",
        at=at,
        reply_to=said.message_id,
        buttons=[[Button("button.is_complaint_too", "complaint")]],
    )
    return True


def _asked(session: Session, caller: Caller, consultation_id: int) -> tuple[Consultation, Followup]:
    closed = followup.of_asker(session, caller, consultation_id)
    row = followup.find(session, closed, Ask.RATING)
    if row is None:
        raise NotFound("refusal.expired_button")
    return closed, row
