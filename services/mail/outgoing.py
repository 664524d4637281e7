"""What goes out: `say` and what it is made of are the only ways in which a message is born.

The session carries the cause of what is being done (`session.info["cause"]`: an update, a job);
cause and count name each row.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.consultation import Consultation
from models.mail import Fate, Lane, Outgoing
from models.person import Language, Person
from services.content import Html, into, plain, words

FILE = "$file"
"""Where this stands in a parameter, the sender puts the bytes: {$file: base64, name: …}."""
COPY = "$media"
"""Where this stands, the sender puts our own copy of a message's medium: {$media: message id}."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button: the key of its label, and what it sends when pressed."""

    label: str
    payload: str
    values: dict[str, object] = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        """What stands on it."""
        return plain(self.label, **self.values)

    def to_json(self, language: Language = Language.INDONESIAN) -> dict[str, str]:
        """Give it as Telegram takes it."""
        return {"text": into(self.text, language), "callback_data": self.payload}


@dataclass(frozen=True, slots=True)
class Link:
    """One button that opens an address on the phone; we hear nothing of it."""

    label: str
    url: str
    values: dict[str, object] = field(default_factory=dict, repr=False)

    def to_json(self, language: Language = Language.INDONESIAN) -> dict[str, str]:
        """Give it as Telegram takes it."""
        return {"text": into(plain(self.label, **self.values), language), "url": self.url}


class Chrome(NamedTuple):
    """A call that leaves right after the commit, unrecorded and unrepeated: a moment later it
    would be of no use."""

    method: str
    params: dict[str, Any]


Buttons = Sequence[Sequence[Button | Link]]


@dataclass(frozen=True, slots=True)
class Key:
    """One key in place of the phone's own: it writes its label, or shares where the phone is."""

    label: str
    shares_place: bool = False
    values: dict[str, object] = field(default_factory=dict, repr=False)
    stays: bool = False
    """Whether the keys stay below the writing line when one was pressed."""

    def to_json(self, language: Language = Language.INDONESIAN) -> dict[str, Any]:
        """Give it as Telegram takes it."""
        text = into(plain(self.label, **self.values), language)
        return {"text": text, "request_location": True} if self.shares_place else {"text": text}


Keys = Sequence[Sequence[Key]]


def post(
    session: Session,
    bot_id: int,
    chat_id: int,
    method: str,
    params: dict[str, Any],
    *,
    at: datetime,
    lane: Lane = Lane.ANSWER,
    consultation: Consultation | None = None,
    ref: str | None = None,
    then: str | None = None,
    repeatable: bool = True,
    not_before: datetime | None = None,
    key: str | None = None,
) -> Outgoing:
    """Owe the outside one call; it leaves after the commit, in order per lane and chat.

    Its `key` names what it answers where that is not the cause of the session.
    """
    count = session.info.get("count", 0)
    session.info["count"] = count + 1
    row = Outgoing(
        key=key or f"{session.info['cause']}:{count}",
        bot_id=bot_id,
        chat_id=chat_id,
        method=method,
        lane=lane,
        consultation_id=consultation.id if consultation else None,
        ref_key=ref,
        then=then,
        repeatable=repeatable,
        created_at=at,
        not_before_at=not_before,
        target="telegram",
    )
    row.write(session, params=params)
    if chat_id < 0:  # an account that was erased: there is no chat, and we write to no group
        row.settled_at, row.fate, row.error = at, Fate.DEAD, "erased"
    session.add(row)
    return row


def say(
    session: Session,
    bot_id: int,
    person: Person,
    key: str,
    *,
    at: datetime,
    lane: Lane = Lane.ANSWER,
    buttons: Buttons = (),
    keys: Keys | None = None,
    consultation: Consultation | None = None,
    reply_to: int | None = None,
    protect: bool = False,
    repeatable: bool = True,
    **values: object,
) -> Outgoing:
    """Tell a person one text of the catalogue."""
    return tell(
        session,
        bot_id,
        person,
        words(key, **values),
        at=at,
        lane=lane,
        buttons=buttons,
        keys=keys,
        consultation=consultation,
        reply_to=reply_to,
        protect=protect,
        repeatable=repeatable,
    )


def tell(
    session: Session,
    bot_id: int,
    person: Person,
    text: Html,
    *,
    at: datetime,
    lane: Lane = Lane.ANSWER,
    buttons: Buttons = (),
    keys: Keys | None = None,
    consultation: Consultation | None = None,
    reply_to: int | dict[str, str] | None = None,
    ref: str | None = None,
    then: str | None = None,
    protect: bool = False,
    repeatable: bool = True,
    key: str | None = None,
) -> Outgoing:
    """Tell a person a text that is ready, in their language where it is ours: what `say` and the
    relay have in common.

    `keys` stand below the writing line until one is used; none at all take them away.
    """
    params: dict[str, Any] = {
        "chat_id": person.telegram_id,
        "text": into(text, person.reads),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if buttons:
        params["reply_markup"] = keyboard(buttons, person.reads)
    elif keys is not None:
        params["reply_markup"] = _keys(keys, person.reads)
    if reply_to is not None:
        params["reply_parameters"] = reply(reply_to)
    if protect:
        params["protect_content"] = True
    return post(
        session,
        bot_id,
        person.telegram_id,
        "sendMessage",
        params,
        at=at,
        lane=lane,
        consultation=consultation,
        ref=ref,
        then=then,
        repeatable=repeatable,
        key=key,
    )


def attach(
    session: Session,
    bot_id: int,
    person: Person,
    name: str,
    data: bytes,
    caption: Html,
    *,
    at: datetime,
    consultation: Consultation | None = None,
    then: str | None = None,
    buttons: Buttons = (),
) -> Outgoing:
    """Send a person a file that we made: it is small, and waits sealed in its own row."""
    params: dict[str, Any] = {
        "chat_id": person.telegram_id,
        "document": {FILE: base64.b64encode(data).decode(), "name": name},
        "caption": caption,
        "parse_mode": "HTML",
    }
    if buttons:
        params["reply_markup"] = keyboard(buttons, person.reads)
    chat_id, method = person.telegram_id, "sendDocument"
    return post(
        session, bot_id, chat_id, method, params, at=at, consultation=consultation, then=then
    )


def picture(
    session: Session,
    bot_id: int,
    person: Person,
    name: str,
    data: bytes,
    caption: Html,
    *,
    at: datetime,
    buttons: Buttons = (),
) -> Outgoing:
    """Send a person a small drawing of ours, with words and buttons below it."""
    params = {
        "chat_id": person.telegram_id,
        "photo": {FILE: base64.b64encode(data).decode(), "name": name},
        "caption": into(caption, person.reads),
        "parse_mode": "HTML",
        "reply_markup": keyboard(buttons, person.reads),
    }
    return post(session, bot_id, person.telegram_id, "sendPhoto", params, at=at)


def end_menu(
    session: Session,
    bot_id: int,
    person: Person,
    message_id: int,
    *,
    at: datetime,
    buttons: Buttons = (),
) -> None:
    """Take the buttons off a menu that has done its work, but those that stay, after everything
    that matters more."""
    params = {
        "chat_id": person.telegram_id,
        "message_id": message_id,
        "reply_markup": keyboard(buttons),
    }
    chat_id, method = person.telegram_id, "editMessageReplyMarkup"
    post(session, bot_id, chat_id, method, params, at=at, lane=Lane.REMINDER)


def reply(message_id: int | dict[str, str]) -> dict[str, Any]:
    """Point at an earlier message, and go out plain if it is gone."""
    return {"message_id": message_id, "allow_sending_without_reply": True}


def the_id_of(row_key: str) -> dict[str, str]:
    """Stand for the message id that an earlier row will get; the sender fills it in."""
    return {"$ref": row_key}


def keyboard(buttons: Buttons, language: Language = Language.INDONESIAN) -> dict[str, Any]:
    """Give rows of buttons as Telegram takes them."""
    return {"inline_keyboard": [[button.to_json(language) for button in row] for row in buttons]}


def _keys(keys: Keys, language: Language) -> dict[str, Any]:
    if not keys:
        return {"remove_keyboard": True}
    rows = [[key.to_json(language) for key in row] for row in keys]
    stay = any(key.stays for row in keys for key in row)
    how = {"is_persistent": True} if stay else {"one_time_keyboard": True}
    return {"keyboard": rows, "resize_keyboard": True, **how}


def change(
    session: Session,
    bot_id: int,
    person: Person,
    message_id: int | dict[str, str],
    text: Html,
    *,
    at: datetime,
    buttons: Buttons = (),
    lane: Lane = Lane.ANSWER,
    ref: str | None = None,
) -> None:
    """Put another text and other buttons (or none) in place of a message."""
    params = {
        "chat_id": person.telegram_id,
        "message_id": message_id,
        "text": into(text, person.reads),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if buttons:
        params["reply_markup"] = keyboard(buttons, person.reads)
    post(
        session,
        bot_id,
        person.telegram_id,
        "editMessageText",
        params,
        at=at,
        lane=lane,
        ref=ref,
    )


def cut(
    session: Session, bot_id: int, person: Person, row_key: str, text: Html, *, at: datetime
) -> None:
    """Replace a message that a row carried by one line, and its buttons with it."""
    message_id = the_id_of(row_key)
    change(session, bot_id, person, message_id, text, at=at, lane=Lane.OFFER, ref=row_key)
