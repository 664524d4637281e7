"""A phone that several people hold: advice behind a PIN, shown for a short while, then taken away.

What was forgotten is given anew at the facility only, to the person who is there.
"""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound, Refusal
from models.form import Question
from models.mail import Outgoing
from models.message import Words
from models.person import Person
from models.privacy import Privacy
from models.seal import ring_of
from models.task import What
from services import audit, credential, day, facility, form, history, person, task
from services.content import Html, plain, words
from services.mail import Button, post, say, tell, the_id_of
from services.person import Caller

OPEN = timedelta(minutes=10)
"""So long what was opened stands in the chat."""
ASKED = timedelta(minutes=10)
"""So long digits are taken for the PIN that was asked for."""
LENGTHS = range(4, 7)
CODE = timedelta(days=7)
TEMPORARY = timedelta(hours=24)
ASKING = timedelta(days=3)
"""By when somebody of the facility should be there for who has forgotten."""


def of(session: Session, whose: Person) -> Privacy | None:
    """Give how a person's advice is kept from others, if they wish that."""
    return session.get(Privacy, whose.id)


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
    if mine is None or mine.is_open(at):
        return False
    ask(session, caller, target, at=at)
    return True


def ask(session: Session, caller: Caller, target: str, *, at: datetime) -> None:
    """Ask for the PIN, or say that too many wrong ones were entered today."""
    is_locked = _mine(session, caller).is_locked(_today(session, caller, at))
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


def note_shown(session: Session, whose: Person, *rows: Outgoing) -> None:
    """Remember what stands open in the chat of a shared phone."""
    mine = of(session, whose)
    if mine is not None:
        document = mine.read(session)
        keys = [*document.get("shown", []), *(row.key for row in rows)]
        mine.write(session, **document | {"shown": keys})


def hide(session: Session, caller: Caller, *, at: datetime) -> None:
    """Take away at once what was opened."""
    mine = of(session, caller.person)
    if mine is not None:
        _hide(session, mine, at=at)


def sweep(session: Session, *, at: datetime) -> None:
    """Take away what was open long enough; run twice, nothing is left to take."""
    due = select(Privacy).where(Privacy.hide_at <= at).with_for_update(skip_locked=True)
    for one in session.scalars(due).all():
        _hide(session, one, at=at)


def forget(session: Session, caller: Caller, *, at: datetime) -> None:
    """The PIN was forgotten: a code to show at the facility, and a task for its admin."""
    mine = _mine(session, caller)
    home = facility.home(session, caller.bot_id)
    code = f"{secrets.randbelow(10**6):06}"
    mine.set_code(session, code, at + CODE)
    form.forget(session, caller, Question.PIN)
    task.add(
        session,
        What.PIN,
        caller.person,
        facility=home,
        bot_id=caller.bot_id,
        due_at=at + ASKING,
        at=at,
        note=plain("privacy.note", name=person.shown_name(session, caller.person)),
    )
    say(session, caller.bot_id, caller.person, "privacy.forgotten", at=at,
        facility=home.name, code=code)  # fmt: skip


def renew(session: Session, caller: Caller, typed: str, *, at: datetime) -> None:
    """An admin who has seen the person gives them a PIN for a day, by the code of their phone."""
    if not credential.is_admin(session, caller.person):
        raise Refusal("refusal.unknown_command")
    indexes = ring_of(session).indexes("privacy_code", typed[:40].strip())
    found = session.scalar(
        select(Privacy).where(Privacy.code_index.in_(indexes), Privacy.code_until > at)
    )
    if found is None:
        raise NotFound("privacy.no_code")
    pin = f"{secrets.randbelow(10**6):06}"
    found.write(session, **found.read(session) | {"temporary": _hashed(pin)})
    found.temporary_until, found.code_index, found.wrong = at + TEMPORARY, None, 0
    audit.note(session, caller.person, "renew", found.person, at=at)
    task.over(session, What.PIN, found.person, at=at)
    say(session, caller.bot_id, caller.person, "privacy.renewed", at=at, protect=True, pin=pin)
    say(session, found.bot_id, found.person, "privacy.was_renewed", at=at)


def _open(session: Session, caller: Caller, typed: str, target: str, *, at: datetime) -> None:
    mine, today = _mine(session, caller), _today(session, caller, at)
    document = mine.read(session)
    temporary = document.get("temporary")
    is_temporary = (
        temporary is not None
        and mine.temporary_until is not None
        and at < mine.temporary_until
        and _fits(typed, temporary)
    )
    if mine.is_locked(today) or not (is_temporary or _fits(typed, document["pin"])):
        _refuse(session, caller, mine, target, today, at=at)
        return
    mine.wrong = 0
    if is_temporary or target == "change":
        form.ask(session, caller, Question.PIN, None, at=at, step="new")
        say(session, caller.bot_id, caller.person, "privacy.choose", at=at)
        return
    form.forget(session, caller)
    if target == "off":
        _hide(session, mine, at=at)
        session.delete(mine)
        say(session, caller.bot_id, caller.person, "privacy.ended", at=at)
        return
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
    if first is None and (len(typed) not in LENGTHS or _is_easy(typed)):
        form.ask(session, caller, Question.PIN, None, at=at, step="new")
        say(session, caller.bot_id, caller.person, "privacy.too_easy", at=at)
    elif first is None:
        form.ask(session, caller, Question.PIN, None, at=at, step="new", first=_hashed(typed))
        say(session, caller.bot_id, caller.person, "privacy.again", at=at)
    elif not _fits(typed, first):
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


def _hide(session: Session, mine: Privacy, *, at: datetime) -> None:
    document = mine.read(session)
    chat_id = mine.person.telegram_id
    for key in document.get("shown", []):
        params = {"chat_id": chat_id, "message_id": the_id_of(key)}
        post(session, mine.bot_id, chat_id, "deleteMessage", params, at=at, ref=key)
    mine.write(session, **document | {"shown": []})
    mine.hide_at = None


def _mine(session: Session, caller: Caller) -> Privacy:
    mine = of(session, caller.person)
    if mine is None:
        raise NotFound("refusal.expired_button")
    return mine


def _today(session: Session, caller: Caller, at: datetime) -> date:
    home = facility.behind(session, caller.bot_id)
    return day.of(home.zone if home else None, at)


def _is_easy(pin: str) -> bool:
    steps = {int(later) - int(earlier) for earlier, later in pairwise(pin)}
    return steps in ({0}, {1}, {-1})


def _hashed(pin: str) -> dict[str, str]:
    salt = secrets.token_hex(16)
    return {"salt": salt, "hash": _slow(pin, salt)}


def _fits(pin: str, hashed: dict[str, str]) -> bool:
    return hmac.compare_digest(_slow(pin, hashed["salt"]), hashed["hash"])


def _slow(pin: str, salt: str) -> str:
    """A short PIN has few values: each try costs 16 MB and some 40 ms, beside the sealing."""
    return hashlib.scrypt(pin.encode(), salt=salt.encode(), n=2**14, r=8, p=1).hex()
