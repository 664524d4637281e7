"""Chats and the messages in them: what a person sees, and the JSON that a bot gets."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulator.errors import ApiError
from simulator.html_markup import to_html
from simulator.words import NOTHING, Words

if TYPE_CHECKING:
    from simulator.account import BotAccount
    from simulator.person import Person

Json = dict[str, Any]

SERVICE = frozenset({  # what the chat itself tells
    "new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id",
    "pinned_message",
})  # fmt: skip


@dataclass(eq=False, repr=False)
class Chat(ABC):
    """Where a bot and people write; a private chat or a group, seen from that bot."""

    bot: "BotAccount"
    messages: dict[int, "Message"] = field(default_factory=dict, kw_only=True)
    keyboard: Json | None = field(default=None, kw_only=True)  # under the text field
    menu_button: Json | None = field(default=None, kw_only=True)
    # "typing" and the like, as they came
    actions: list[str] = field(default_factory=list, kw_only=True)
    pins: list[int] = field(default_factory=list, kw_only=True)  # numbers, as they were pinned
    # The kind of update that brings what is written here.
    posts: str = field(default="message", init=False)

    def __repr__(self) -> str:
        return f"<chat {self.id} {self.name}, {len(self.messages)} messages>"

    @property
    def pinned(self) -> "list[Message]":
        """What is pinned and still there, oldest first: by date, not by when it was pinned."""
        found = [self.messages[number] for number in sorted(self.pins)]
        return [message for message in found if not message.deleted]

    @property
    @abstractmethod
    def id(self) -> int:
        """The chat's number."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What people call it."""

    @property
    @abstractmethod
    def known(self) -> bool:
        """Whether the bot may name it at all."""

    @abstractmethod
    def refusal(self) -> ApiError | None:
        """Why the bot may not write here, if it may not."""

    @abstractmethod
    def reaches_bot(self, message: "Message") -> bool:
        """Whether the bot is told of that message."""

    @abstractmethod
    def next_number(self) -> int:
        """The number of the next message."""

    @abstractmethod
    def to_json(self) -> Json:
        """The Bot API's Chat."""


@dataclass(eq=False, repr=False)
class Private(Chat):
    """The private chat of one person with one bot."""

    person: "Person"
    opened: bool = False  # the person wrote here; before that the bot may not
    blocked: bool = False

    @property
    def id(self) -> int:
        """In a private chat this is the person's number."""
        return self.person.id

    @property
    def name(self) -> str:
        """The person's."""
        return self.person.first_name

    @property
    def known(self) -> bool:
        """Once the person has written."""
        return self.opened

    def refusal(self) -> ApiError | None:
        """A person may leave, or want to hear nothing."""
        if self.person.deactivated:
            return ApiError(403, "Forbidden: user is deactivated")
        if self.blocked:
            return ApiError(403, "Forbidden: bot was blocked by the user")
        return None

    def reaches_bot(self, message: "Message") -> bool:
        """Everything does."""
        return True

    def next_number(self) -> int:
        """One row of numbers for all private chats and basic groups of a bot."""
        return next(self.bot.next_message)

    def to_json(self) -> Json:
        """The Bot API's Chat."""
        person = self.person
        chat: Json = {"id": person.id, "first_name": person.first_name}
        if person.last_name:
            chat["last_name"] = person.last_name
        if person.username:
            chat["username"] = person.username
        return chat | {"type": "private"}


@dataclass(eq=False, repr=False)
class Message:
    """One message as it stands now, with edits applied; number 0 is still on the phone."""

    chat: Chat
    kind: str
    sender: "Person | BotAccount"
    words: Words = NOTHING
    content: Json = field(default_factory=dict)
    reply: "Message | None" = None
    markup: Json | None = None
    origin: Json | None = None
    via: "BotAccount | None" = None  # whose inline result it is
    inline_id: str = ""  # by which that bot may change it
    media_group_id: str | None = None
    protected: bool = False
    id: int = 0
    date: datetime | None = None
    edited: datetime | None = None
    deleted: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict)  # by whose they are
    votes: dict[int, list[int]] = field(default_factory=dict)  # likewise, in a poll

    def __repr__(self) -> str:
        sender = "bot" if self.from_bot else "person"
        return f"<{self.kind} {self.id} of the {sender}: {self.words.text!r} {self.buttons}>"

    @property
    def from_bot(self) -> bool:
        """Whether the bot of this chat wrote it."""
        return self.sender is self.chat.bot

    @property
    def chat_id(self) -> int:
        """The chat's number."""
        return self.chat.id

    @property
    def text(self) -> str | None:
        """The text of a text message."""
        return self.words.text if self.kind == "text" else None

    @property
    def caption(self) -> str | None:
        """The words under a picture, a file or a voice."""
        return self.words.text or None if self.kind != "text" else None

    @property
    def html(self) -> str:
        """Text or caption with its markup written out."""
        return to_html(self.words)

    @property
    def reply_to(self) -> "Message | None":
        """The message that this one answers, unless it was deleted."""
        return None if self.reply is None or self.reply.deleted else self.reply

    @property
    def rows(self) -> list[list[Json]]:
        """The inline buttons as they lie."""
        rows: list[list[Json]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def inline_buttons(self) -> list[Json]:
        """The inline buttons, row by row."""
        return [button for row in self.rows for button in row]

    @property
    def buttons(self) -> list[str]:
        """The labels of the inline buttons, row by row."""
        return [button["text"] for button in self.inline_buttons]

    @property
    def file_id(self) -> str | None:
        """The id of the file in it: a photo's is that of its largest size."""
        about = self.content.get(self.kind)
        if isinstance(about, list):
            about = about[-1]
        found = about.get("file_id") if isinstance(about, dict) else None
        return found if isinstance(found, str) else None

    @property
    def stamp(self) -> int:
        """Its date as Telegram writes it."""
        if self.date is None:
            raise LookupError("this message has not left the phone")
        return int(self.date.timestamp())

    def to_json(self, for_bot: "BotAccount | None" = None, *, nested: bool = False) -> Json:
        """The Bot API's Message for this chat's bot; a nested one shows no further reply."""
        if for_bot not in (None, self.chat.bot):
            raise LookupError("a bot sees its own chats only")
        chat = self.chat.to_json()
        message: Json = {"message_id": self.id, "chat": chat, "date": self.stamp}
        if self.chat.posts == "channel_post":  # a channel speaks for itself
            message["sender_chat"] = chat
        else:
            message["from"] = self.sender.to_json()
        if self.edited is not None:
            message["edit_date"] = int(self.edited.timestamp())
        if self.origin is not None:
            message |= _forwarded(self.origin)
        if self.reply_to is not None and not nested:
            message["reply_to_message"] = self.reply_to.to_json(nested=True)
        if self.via is not None:
            message["via_bot"] = self.via.to_json()
        if self.media_group_id is not None:
            message["media_group_id"] = self.media_group_id
        if self.protected:
            message["has_protected_content"] = True
        message |= self.content
        if self.kind == "text":
            message |= self.words.to_json()
        else:
            message |= self.words.to_json("caption", "caption_entities")
        if self.rows:
            message["reply_markup"] = {"inline_keyboard": self.rows}
        return message

    def inaccessible_json(self) -> Json:
        """What is left of it for a press on a message that is gone."""
        return {"chat": self.chat.to_json(), "message_id": self.id, "date": 0}


def origin_of(message: Message) -> Json:
    """Where a forwarded message says that it comes from."""
    if message.origin is not None:
        return message.origin
    if message.chat.posts == "channel_post":
        chat = message.chat.to_json()
        about = {"type": "channel", "chat": chat, "message_id": message.id}
    else:
        about = {"type": "user", "sender_user": message.sender.to_json()}
    return about | {"date": message.stamp}


def _forwarded(origin: Json) -> Json:
    fields: Json = {"forward_origin": origin, "forward_date": origin["date"]}
    if origin["type"] == "user":
        fields["forward_from"] = origin["sender_user"]
    elif origin["type"] == "channel":
        fields["forward_from_chat"] = origin["chat"]
        fields["forward_from_message_id"] = origin["message_id"]
    else:
        fields["forward_sender_name"] = origin["sender_user_name"]
    return fields
