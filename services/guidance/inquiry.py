"""A question about JKN for a person: how things are done, never what ails somebody."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.errors import NotFound, Refusal
from models.form import Question
from models.message import Words
from models.role import Kind
from models.task import What
from services import consultation, danger, form, task
from services.content import plain
from services.guidance import article, matching
from services.mail import Button, say
from services.person import Caller
from services.text import clean, mask, shorten

TERM = timedelta(hours=24)
"""Our own: who asks stands at a counter tomorrow."""
LONGEST = 500
"""Characters of a question: it is read on a phone."""


def begin(session: Session, caller: Caller, topic: str, *, at: datetime) -> None:
    """Let the next words be a question for somebody who knows JKN; refused to who is being helped
    or waits: what they write is for the consultation."""
    if consultation.open_ones(session, caller):
        raise Refusal("correction.later")
    form.ask(session, caller, Question.INQUIRY, None, at=at, topic=topic)
    say(session, caller.bot_id, caller.person, "inquiry.write", at=at)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take the words of a question; False when they are something else, also a sign of danger."""
    if not form.is_open(caller, Question.INQUIRY, at=at) or said.kind != "text":
        return False
    topic = str(form.kept(session, caller).get("topic", ""))
    form.forget(session, caller)
    if danger.doubts(said.text):
        return False  # a closed question is put to them instead
    if said.text.strip() == plain("button.leave"):
        say(session, caller.bot_id, caller.person, "leave.nothing", at=at)
        return True
    if matching.find(said.text).is_complaint:
        doubt(session, caller, said, at=at)
    else:
        send(session, caller, topic, said, at=at)
    return True


def doubt(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Ask back about what sounds like an illness: nobody but a health worker should read it."""
    rows = [
        [Button("button.consult", "complaint")],
        [Button("button.forward", "forward")],
    ]
    say(session, caller.bot_id, caller.person, "inquiry.complaint", at=at, buttons=rows,
        reply_to=said.message_id)  # fmt: skip


def forward(session: Session, caller: Caller, said: Words | None, *, at: datetime) -> None:
    """Give a question that was not understood to somebody who knows JKN, by one tap."""
    if said is None:
        raise NotFound("refusal.write_again")
    send(session, caller, "", said, at=at)


def send(session: Session, caller: Caller, topic: str, said: Words, *, at: datetime) -> None:
    """Give somebody who knows JKN a question, numbers covered; asked again it stays one."""
    about = article.find(topic)
    note = shorten(mask(clean(said.text)), LONGEST) + (f" [{about.title}]" if about else "")
    asked = task.request(session, caller, What.INQUIRY, at=at, note=note, term=TERM,
                         whose=Kind.OFFICER)  # fmt: skip
    say(
        session,
        caller.bot_id,
        caller.person,
        "inquiry.sent",
        at=at,
        number=asked.number,
        due=task.due(asked),
        reply_to=said.message_id,
        buttons=[[Button("button.is_complaint_too", "complaint")]],
    )


def refuse(session: Session, caller: Caller, task_id: int, *, at: datetime) -> None:
    """Give back what is no question about JKN: who asked is led to a health worker."""
    found = task.access(session, caller, task_id, at=at)
    if found.what is not What.INQUIRY:
        raise NotFound
    form.forget(session, caller, Question.DONE)
    if found.done_at is None and found.asked_by is not None and not found.asked_by.is_erased:
        task.end(session, found, caller.person, at=at)
        rows = [[Button("button.consult", "screen:consult")]]
        say(session, found.bot_id, found.asked_by, "inquiry.refused", at=at, number=found.number,
            buttons=rows)  # fmt: skip
    session.flush()
    task.show(session, caller, at=at)
