"""«Kirim sekaligus»: to an asker on a slow line several things are said in one message. They are
collected, and nothing goes out before the tap."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotFound
from models.form import Question
from models.message import Message, Part, Words
from services import consultation, form, relay
from services.desk import focus
from services.desk.panel import open_panel
from services.mail import Button, say
from services.person import Caller
from services.text import is_blank


def ask(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Collect what the worker writes from now on."""
    found = consultation.held(session, caller, consultation_id)
    form.ask(session, caller, Question.BUNDLE, found, at=at)
    _say(session, caller, found, "bundle.ask", at=at)


def write(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Keep one more text; a medium cannot be put together with others."""
    assert caller.form is not None  # noqa: S101 - only an open question brings words here
    found = consultation.held(session, caller, caller.form.consultation_id or 0)
    if said.kind != "text" or is_blank(said.text):
        _say(session, caller, found, "bundle.needs_text", at=at, reply_to=said.message_id)
        return
    relay.keep(session, found, caller.person, said, Part.BUNDLE, at=at)
    caller.form.asked_at = at
    session.flush()
    _say(session, caller, found, "bundle.kept", at=at, reply_to=said.message_id)


def send(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Send what was collected as one message, and go on talking."""
    found = consultation.held(session, caller, consultation_id)
    if not relay.send_together(session, found, caller.person, at=at):
        raise NotFound("bundle.empty")
    focus.begin(session, caller, found, at=at)
    say(session, caller.bot_id, caller.person, "bundle.sent", at=at, consultation=found,
        patient=relay.named(session, found))  # fmt: skip


def drop(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Send nothing of it, and go on talking."""
    found = consultation.held(session, caller, consultation_id)
    session.execute(delete(Message).where(*_collected(caller, found)))
    open_panel(session, caller, found.id, at=at)


def _say(
    session: Session,
    caller: Caller,
    found: Consultation,
    key: str,
    *,
    at: datetime,
    reply_to: int | None = None,
) -> None:
    count = session.scalar(select(func.count(Message.id)).where(*_collected(caller, found))) or 0
    send_it = [[Button("button.send_bundle", f"send_bundle:{found.id}", {"count": count})]]
    drop_it = [Button("button.drop_bundle", f"drop_bundle:{found.id}")]
    say(session, caller.bot_id, caller.person, key, at=at, consultation=found, reply_to=reply_to,
        protect=True, patient=relay.named(session, found), count=count,
        buttons=[*(send_it if count else []), drop_it])  # fmt: skip


def _collected(caller: Caller, found: Consultation) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.consultation_id == found.id,
        Message.author_id == caller.person.id,
        Message.part == Part.BUNDLE,
    )
