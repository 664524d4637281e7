"""The closing that a worker has begun: found, shown as it stands, and asked on where it is half."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotFound
from models.form import Question
from models.message import Message, Part, Words
from models.role import Role
from services import consultation, credential, form, relay, scope
from services.advice import holding, page
from services.advice.holding import Closing
from services.mail import change, say, tell
from services.person import Caller
from services.text import is_blank


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
        close_question(session, caller, found)
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


def close_question(session: Session, caller: Caller, found: Consultation) -> None:
    """Ask no more for the closing of this consultation; a question about another one stays."""
    if (
        form.is_of(caller, Question.ADVICE)
        and caller.form
        and caller.form.consultation_id == found.id
    ):
        form.forget(session, caller)


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
