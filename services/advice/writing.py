"""From «Tutup dengan nasihat» to a form that is filled; half of one is kept, and never closes."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotFound
from models.form import Question
from models.message import Message, Part, Words
from models.role import Role
from services import consultation, credential, form, person, relay, scope
from services.advice import holding, page
from services.advice.holding import Closing
from services.content import joined, words
from services.mail import Button, change, say, tell
from services.person import Caller
from services.text import is_blank, shorten


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
    if field in holding.FIELDS and draft is not None and is_text(session, caller, said, at=at):
        values = {field: shorten(said.text, holding.LONGEST)}
        values = holding.assessed(session, said.text) if field == "assessment" else values
        holding.keep(session, draft, **values)
        show(session, caller, draft, at=at, reply_to=said.message_id)
        return
    before = holding.held(session, draft, _scope(session, caller)) if draft is not None else None
    message = take(session, caller, found, said, Part.ADVICE, at=at)
    if message is not None:
        if before is not None:
            _carry(session, caller, before, message)
        show(session, caller, message, at=at, reply_to=said.message_id)


def take(
    session: Session,
    caller: Caller,
    found: Consultation,
    said: Words,
    part: Part,
    *,
    at: datetime,
) -> Message | None:
    """Keep the text that was asked for, and close the question; None where it is no text, which is
    said."""
    if not is_text(session, caller, said, at=at):
        return None
    message = relay.keep(session, found, caller.person, said, part, at=at)
    form.forget(session, caller)
    return message


def is_text(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Tell whether something can be read later; ask for that where it cannot."""
    if said.kind == "text" and not is_blank(said.text):
        return True
    say(session, caller.bot_id, caller.person, "advice.needs_text", at=at)
    return False


def show(
    session: Session,
    caller: Caller,
    draft: Message,
    *,
    at: datetime,
    reply_to: int | None = None,
    in_place_of: int | None = None,
) -> None:
    """Show a closing as it stands; what is missing is asked, and the next words are it."""
    role, found = role_of(session, caller), draft.consultation
    text, buttons = page.shown(session, draft, role)
    missing = filled(session, draft, role).missing(scope.of_role(role))
    if missing is not None:
        form.ask(session, caller, Question.ADVICE, found, at=at, field=missing)
    else:
        form.forget(session, caller, Question.ADVICE)
    bot_id, person_ = caller.bot_id, caller.person
    if in_place_of is not None:
        change(session, bot_id, person_, in_place_of, text, at=at, buttons=buttons)
        return
    tell(
        session,
        bot_id,
        person_,
        text,
        at=at,
        consultation=found,
        reply_to=reply_to or draft.telegram_message_id,
        buttons=buttons,
    )


def filled(session: Session, draft: Message, role: Role | None) -> Closing:
    """Give what would be sent and kept."""
    return page.complete(session, draft, role)


def draft_of(session: Session, caller: Caller, message_id: int) -> Message:
    """Give the closing that a button belongs to; NotFound for another's, Closed where it was sent,
    and an old menu's is not the newest."""
    message = session.get(Message, message_id)
    if message is None or message.part is not Part.ADVICE:
        raise NotFound
    found = consultation.held(session, caller, message.consultation_id)
    draft = holding.drafted(session, found, caller.person)
    if draft is not message:
        raise NotFound("refusal.expired_button")
    return message


def role_of(session: Session, caller: Caller) -> Role | None:
    """Give the role whose form it is, also once it has ended: it closes nothing then."""
    return credential.last_role(session, caller.person)


def _ask(session: Session, caller: Caller, found: Consultation, *, at: datetime) -> None:
    form.ask(session, caller, Question.ADVICE, found, at=at)
    name = person.name_of(session, found.asker)
    parts = [words("advice.question", name=name, number=found.number)]
    if writes := _scope(session, caller).writes:
        parts.append(words(f"closing_hint.{writes[0]}"))
    tell(
        session,
        caller.bot_id,
        caller.person,
        joined("\n", parts),
        at=at,
        consultation=found,
        buttons=[[Button("button.not_yet", f"talk:{found.id}")]],
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
