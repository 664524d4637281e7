"""Quick replies: texts of a facility with placeholders, kept by its admin. A worker sees them as
the asker will, and sends one with a tap."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.errors import NotFound
from models.facility import Facility
from models.form import Question
from models.message import Words
from models.shortcut import Shortcut
from services import audit, consultation, credential, desk, form, person, relay
from services.content import Html, joined, means, plain, words
from services.mail import Button, Buttons, change, say, tell
from services.person import Caller
from services.text import clean, mask, shorten

MOST = 10
"""Quick replies of a facility: more are not found in a hurry."""
TITLE, TEXT = 30, 300
"""Characters; ten of the longest fit into one message."""
FIELDS = ("nama", "petugas", "fasilitas")
"""What may stand in brackets."""


def read(typed: str) -> tuple[str, str]:
    """Understand «title: text»; raises ValueError for what is too long or too short, for an unknown
    placeholder, and for a number that may be a person's."""
    title, _, text = (" ".join(part.split()) for part in clean(typed).partition(":"))
    unknown = {*re.findall(r"\[([^\[\]]*)\]", text)} - {*FIELDS}
    is_sound = not re.search(r"[\[\]]", re.sub(r"\[\w+\]", "", text)) and mask(text) == text
    if not (0 < len(title) <= TITLE and 0 < len(text) <= TEXT) or unknown or not is_sound:
        raise ValueError(typed[:TITLE])
    return title, text


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in place of the placeholders; what a value says stands as it is."""
    return re.sub(r"\[(\w+)\]", lambda found: values.get(found[1], found[0]), text)


def show(
    session: Session,
    caller: Caller,
    facility_id: int,
    *,
    at: datetime,
    message_id: int | None = None,
) -> None:
    """Show an admin the quick replies, each with a way to take it away."""
    home = credential.administered(session, caller.person, facility_id)
    found = _of(session, home.id)
    lines = [words("shortcut.line", place=place, title=one.title, text=one.text)
             for place, one in enumerate(found, start=1)]  # fmt: skip
    text = words("shortcut.page", facility=home.name, lines=joined("\n\n", [Html(), *lines]))
    strikes = [
        Button("button.strike_shortcut", f"strike_shortcut:{one.id}", {"place": place})
        for place, one in enumerate(found, start=1)
    ]
    buttons: Buttons = [*(strikes[at_ : at_ + 5] for at_ in range(0, len(strikes), 5)),
                        [Button("button.add_shortcut", f"add_shortcut:{home.id}")]]  # fmt: skip
    if message_id is None:
        tell(session, caller.bot_id, caller.person, text, at=at, buttons=buttons)
    else:
        change(session, caller.bot_id, caller.person, message_id, text, at=at, buttons=buttons)


def ask_new(session: Session, caller: Caller, facility_id: int, *, at: datetime) -> None:
    """Ask the admin for one more."""
    home = credential.administered(session, caller.person, facility_id)
    consultation.must_be_free(session, caller)
    if len(_of(session, home.id)) >= MOST:
        raise NotFound("shortcut.full", count=MOST)
    form.ask(session, caller, Question.SHORTCUT, None, at=at, facility=home.id)
    say(session, caller.bot_id, caller.person, "shortcut.ask", at=at, fields=_fields())


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take the quick reply that was asked for; False where none is."""
    if not form.is_open(caller, Question.SHORTCUT, at=at):
        return False
    home = session.get(Facility, form.kept(session, caller).get("facility", 0))
    if home is None or not credential.is_admin(session, caller.person):
        form.forget(session, caller)
        return False
    if not means("button.leave", said.text):
        try:
            title, text = read(said.text if said.kind == "text" else "")
        except ValueError:
            say(session, caller.bot_id, caller.person, "shortcut.unread", at=at, title=TITLE,
                text=TEXT, fields=_fields())  # fmt: skip
            return True
        made = Shortcut(facility_id=home.id, title=title, text=text, made_at=at)
        session.add(made)
        session.flush()
        audit.note(session, caller.person, "enter", made, at=at)
    form.forget(session, caller)
    show(session, caller, home.id, at=at)
    return True


def strike(
    session: Session, caller: Caller, shortcut_id: int, message_id: int, *, at: datetime
) -> None:
    """Take one away."""
    one = session.get(Shortcut, shortcut_id)
    if one is None or one.ended_at is not None:
        raise NotFound("refusal.expired_button")
    home = credential.administered(session, caller.person, one.facility_id)
    one.ended_at = at
    audit.note(session, caller.person, "remove", one, at=at)
    session.flush()
    show(session, caller, home.id, at=at, message_id=message_id)


def offer(session: Session, caller: Caller, consultation_id: int, *, at: datetime) -> None:
    """Show a worker the quick replies of their facility as this asker will read them."""
    one = consultation.held(session, caller, consultation_id)
    found = _mine(session, caller, at=at)
    if not found:
        raise NotFound("shortcut.none")
    values = _values(session, one)
    lines = [words("shortcut.line", place=place, title=each.title, text=fill(each.text, values))
             for place, each in enumerate(found, start=1)]  # fmt: skip
    rows = [
        [Button("button.quick", f"quick:{one.id}:{each.id}", {"place": place, "title": each.title})]
        for place, each in enumerate(found, start=1)
    ]
    say(session, caller.bot_id, caller.person, "shortcut.offer", at=at, consultation=one,
        protect=True, patient=relay.named(session, one), lines=joined("\n\n", [Html(), *lines]),
        buttons=rows)  # fmt: skip


def send(
    session: Session,
    caller: Caller,
    consultation_id: int,
    shortcut_id: int,
    message_id: int,
    *,
    at: datetime,
) -> None:
    """Send one, and turn to that patient; of each list one goes out, however often it is tapped."""
    one = consultation.held(session, caller, consultation_id)
    chosen = next((x for x in _mine(session, caller, at=at) if x.id == shortcut_id), None)
    if chosen is None:
        raise NotFound("refusal.expired_button")
    chat_id = caller.person.telegram_id
    if relay.find(session, caller.bot_id, chat_id, message_id) is not None:
        return
    text = fill(chosen.text, _values(session, one))
    relay.pass_on(session, one, caller.person, Words(chat_id, message_id, "text", text), at=at)
    desk.focus.begin(session, caller, one, at=at)
    sent = words("shortcut.sent", patient=relay.named(session, one), text=shorten(text, TEXT))
    change(session, caller.bot_id, caller.person, message_id, sent, at=at)


def _mine(session: Session, caller: Caller, *, at: datetime) -> Sequence[Shortcut]:
    role = credential.worker(session, caller.person, at=at)
    return _of(session, role.facility_id) if role is not None and role.facility_id else []


def _of(session: Session, facility_id: int) -> Sequence[Shortcut]:
    return session.scalars(
        select(Shortcut)
        .where(Shortcut.facility_id == facility_id, Shortcut.ended_at.is_(None))
        .order_by(Shortcut.id)
    ).all()


def _values(session: Session, one: Consultation) -> dict[str, str]:
    return {
        "nama": person.shown_name(session, one.asker),
        "petugas": str(one.read(session)["worker"]),
        "fasilitas": one.facility.name if one.facility else "",
    }


def _fields() -> str:
    return plain("shortcut.fields")
