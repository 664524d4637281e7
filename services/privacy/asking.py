"""Asking for the PIN, and what was typed."""

import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.errors import NotFound
from models.form import Question
from models.message import Words
from models.privacy import Privacy
from services import day, facility, form, history
from services.content import Html, words
from services.mail import Button, post, say, tell
from services.person import Caller
from services.privacy import pin
from services.privacy.keeping import mine_of, of, put_away

OPEN = timedelta(minutes=10)
"""So long what was opened stands in the chat."""
ASKED = timedelta(minutes=10)
"""So long digits are taken for the PIN that was asked for."""


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say what «HP bersama» does, and let it be switched."""
    is_on = of(session, caller.person) is not None
    rows = [[Button("button.with_pin", "share")]]
    if is_on:
        rows = [
            [Button("button.new_pin", "newpin"), Button("button.forgot_pin", "forgotpin")],
            [Button("button.unshare", "unshare")],
        ]
    key = "privacy.on" if is_on else "privacy.off"
    say(session, caller.bot_id, caller.person, key, at=at, buttons=rows)


def begin(session: Session, caller: Caller, *, at: datetime) -> None:
    """Ask for a first PIN; where there is one it has to be entered before."""
    if of(session, caller.person) is not None:
        ask(session, caller, "change", at=at)
        return
    form.ask(session, caller, Question.PIN, None, at=at, step="new")
    say(session, caller.bot_id, caller.person, "privacy.choose", at=at)


def end(session: Session, caller: Caller, *, at: datetime) -> None:
    """Switch it off, once the PIN was entered."""
    if of(session, caller.person) is None:
        raise NotFound("refusal.expired_button")
    ask(session, caller, "off", at=at)


def keeps(session: Session, caller: Caller, target: str, *, at: datetime) -> bool:
    """Tell whether something has to wait for the PIN, and ask for it; `target` is what follows."""
    mine = of(session, caller.person)
    if mine is None or mine.is_open(caller.bot_id, at):
        return False
    ask(session, caller, target, at=at)
    return True


def ask(session: Session, caller: Caller, target: str, *, at: datetime) -> None:
    """Ask for the PIN, or say that too many wrong ones were entered today."""
    is_locked = mine_of(session, caller).is_locked(_today(session, caller, at))
    text = words("privacy.locked" if is_locked else "privacy.ask")
    _ask(session, caller, target, text, at=at)


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take digits for the PIN that was asked for, and delete them from the chat; False for
    anything else, which goes where it belongs."""
    asked = caller.form
    if asked is None or asked.question is not Question.PIN:
        return False
    typed = "".join(unicodedata.normalize("NFKC", said.text[:40]).split())
    is_number = typed.isascii() and typed.isdecimal()
    if said.kind != "text" or not is_number or at - asked.asked_at > ASKED:
        form.forget(session, caller)
        return False
    params = {"chat_id": said.chat_id, "message_id": said.message_id}
    post(session, caller.bot_id, said.chat_id, "deleteMessage", params, at=at)
    about = form.kept(session, caller)
    if about.get("step") == "open":
        _open(session, caller, typed, str(about.get("target")), at=at)
    else:
        _choose(session, caller, typed, about, at=at)
    return True


def _open(session: Session, caller: Caller, typed: str, target: str, *, at: datetime) -> None:
    mine, today = mine_of(session, caller), _today(session, caller, at)
    document = mine.read(session)
    temporary = document.get("temporary")
    is_temporary = (
        temporary is not None
        and mine.temporary_until is not None
        and at < mine.temporary_until
        and pin.fits(typed, temporary)
    )
    if mine.is_locked(today) or not (is_temporary or pin.fits(typed, document["pin"])):
        _refuse(session, caller, mine, target, today, at=at)
        return
    mine.wrong = 0
    if is_temporary or target == "change":
        form.ask(session, caller, Question.PIN, None, at=at, step="new")
        say(session, caller.bot_id, caller.person, "privacy.choose", at=at)
        return
    form.forget(session, caller)
    if target == "off":
        put_away(session, mine, at=at)
        session.delete(mine)
        say(session, caller.bot_id, caller.person, "privacy.ended", at=at)
        return
    put_away(session, mine, at=at)
    mine.hide_at, mine.bot_id = at + OPEN, caller.bot_id
    history.go_to(session, caller, target, at=at)


def _refuse(
    session: Session, caller: Caller, mine: Privacy, target: str, today: date, *, at: datetime
) -> None:
    left = 0 if mine.is_locked(today) else mine.note_wrong(today)
    text = words("privacy.wrong", left=left) if left else words("privacy.locked")
    _ask(session, caller, target, text, at=at)


def _ask(session: Session, caller: Caller, target: str, text: Html, *, at: datetime) -> None:
    """Leave the question open, also where no PIN is taken today: what is typed shall be deleted."""
    form.ask(session, caller, Question.PIN, None, at=at, step="open", target=target)
    forgot = [[Button("button.forgot_pin", "forgotpin")]]
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=forgot)


def _choose(
    session: Session, caller: Caller, typed: str, about: dict[str, Any], *, at: datetime
) -> None:
    """Take a new PIN, entered twice: who mistypes it would have to travel to the facility."""
    first = about.get("first")
    if first is None and (len(typed) not in pin.LENGTHS or pin.is_easy(typed)):
        form.ask(session, caller, Question.PIN, None, at=at, step="new")
        say(session, caller.bot_id, caller.person, "privacy.too_easy", at=at)
    elif first is None:
        form.ask(session, caller, Question.PIN, None, at=at, step="new", first=pin.hashed(typed))
        say(session, caller.bot_id, caller.person, "privacy.again", at=at)
    elif not pin.fits(typed, first):
        form.ask(session, caller, Question.PIN, None, at=at, step="new")
        say(session, caller.bot_id, caller.person, "privacy.differs", at=at)
    else:
        form.forget(session, caller)
        _set(session, caller, first)
        say(session, caller.bot_id, caller.person, "privacy.begun", at=at)


def _set(session: Session, caller: Caller, hashed: dict[str, str]) -> None:
    mine = of(session, caller.person)
    if mine is None:
        mine = Privacy(person_id=caller.person.id, bot_id=caller.bot_id)
        session.add(mine)
    shown = mine.read(session).get("shown", [])
    mine.write(session, pin=hashed, shown=shown)
    mine.temporary_until, mine.wrong = None, 0


def _today(session: Session, caller: Caller, at: datetime) -> date:
    home = facility.behind(session, caller.bot_id)
    return day.of(home.zone if home else None, at)
