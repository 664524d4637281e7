"""From «Tutup dengan nasihat» to a form that is filled; half of one is kept, and never closes."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.form import Question
from models.message import Message, Part, Words
from services import consultation, form, person, scope, silence
from services.advice import coding, holding, referring
from services.advice.draft import draft_of, is_text, role_of, show, take
from services.advice.holding import Closing
from services.content import joined, words
from services.mail import Button, say, tell
from services.person import Caller
from services.text import shorten

LOOKS: dict[str | None, Callable[..., None]] = {
    referring.WHERE: referring.look_for,
    coding.CODE: coding.look_for_code,
}
"""Open questions whose answers are looked for, and not kept as they are."""


def begin(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Go on with the closing that the worker began, or ask for the advice: the next text is it."""
    found = consultation.held(session, caller, consultation_id)
    draft = holding.drafted(session, found, caller.person)
    if draft is not None:
        show(session, caller, draft, at=at)
        return
    _ask(session, caller, found, at=at)


def rewrite(session: Session, caller: Caller, message_id: int, *, at: datetime) -> None:
    """Ask for the advice anew; what else was filled in stays."""
    draft = draft_of(session, caller, message_id)
    _ask(session, caller, draft.consultation, at=at)


def leave(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Go back to talking: what the worker writes next is passed on again."""
    found = consultation.held(session, caller, consultation_id)
    form.forget(session, caller)
    say(session, caller.bot_id, caller.person, "advice.left", at=at, number=found.number)


def write(session: Session, caller: Caller, said: Words, *, at: datetime) -> None:
    """Take the worker's text as the advice, or as the field that was missing, and show it back
    before anything is sent."""
    assert caller.form is not None  # noqa: S101 - only an open question brings words here
    found = consultation.held(session, caller, caller.form.consultation_id or 0)
    field = form.kept(session, caller).get("field")
    draft = holding.drafted(session, found, caller.person)
    looks = LOOKS.get(field)
    if looks is not None and draft is not None:
        looks(session, caller, draft, said, at=at)
        return
    if field in holding.FIELDS and draft is not None and is_text(session, caller, said, at=at):
        values = {field: shorten(said.text, holding.LONGEST)}
        values = holding.assessed(session, said.text) if field == "assessment" else values
        holding.keep(session, draft, **values)
        show(session, caller, draft, at=at)
        return
    before = holding.held(session, draft, _scope(session, caller)) if draft is not None else None
    message = take(session, caller, found, said, Part.ADVICE, at=at)
    if message is not None:
        if before is not None:
            _carry(session, caller, before, message)
        show(session, caller, message, at=at, reply_to=said.message_id)


def _ask(session: Session, caller: Caller, found: Consultation, *, at: datetime) -> None:
    form.ask(session, caller, Question.ADVICE, found, at=at)
    name = person.name_of(session, found.asker)
    parts = [words("advice.question", name=name, number=found.number)]
    if writes := _scope(session, caller).writes:
        parts.append(words(f"closing_hint.{writes[0]}"))
    rows = [[Button("button.not_yet", f"talk:{found.id}")]]
    if silence.may_end(session, found, at=at):
        rows.insert(0, [Button("button.no_contact", f"no_contact:{found.id}")])
    tell(
        session,
        caller.bot_id,
        caller.person,
        joined("\n", parts),
        at=at,
        consultation=found,
        buttons=rows,
    )


def _scope(session: Session, caller: Caller) -> scope.Scope:
    return scope.of_role(role_of(session, caller))


def _carry(session: Session, caller: Caller, before: Closing, message: Message) -> None:
    """Take over what was filled in before, but what the new words say themselves."""
    said = holding.understood(session, message.newest(session), _scope(session, caller))
    known = {field: value for field, value in before.to_document().items() if field != "advice"}
    if said.get("assessment"):
        known = {field: value for field, value in known.items() if field != "code"}
    holding.keep(session, message, **{k: v for k, v in known.items() if k not in said})
