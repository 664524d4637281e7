"""A person's phone: what is on its screen, and what waits until there is signal."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from simulator.group import Group
from simulator.message import SERVICE, Chat, Json, Message, Private
from simulator.words import NOTHING, Words, finish

if TYPE_CHECKING:
    from simulator.account import BotAccount
    from simulator.telegram import Telegram

Place: TypeAlias = "BotAccount | Chat"  # where someone writes: to a bot, or in a group


class Where(TypedDict, total=False):
    """In which chat something is sent, and as an answer to what."""

    to: "Place | None"
    reply_to: Message | None


@dataclass(eq=False, repr=False)
class Phone:
    """One account on one phone; `open` is where it writes when no other place is named."""

    telegram: "Telegram"
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "id"
    phone: str = ""
    open: "Place | None" = None
    toasts: list[str] = field(default_factory=list)
    place: tuple[float, float] = (-8.34, 115.54)
    deactivated: bool = False
    _on_phone: list[Callable[[], object]] | None = None  # a list while there is no signal
    _screen: dict[Chat, list[Message]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<person {self.id} {self.first_name}>"

    def to_json(self) -> Json:
        """The Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def chat(self, to: "Place | None" = None) -> Chat:
        """The chat with that bot, or that chat itself."""
        place = to or self.open
        if place is None:
            raise LookupError(f"{self.first_name} has no bot to talk to; name one")
        return place if isinstance(place, Chat) else self.private(place)

    def private(self, bot: "BotAccount") -> Private:
        """The chat of the two alone."""
        return self.telegram.chat(bot, self.telegram.people[self.id])

    def chats(self) -> list[Chat]:
        """All chats of this phone: one with each bot, and the groups they are in."""
        groups = [group for group in self.telegram.groups.values() if self in group.members]
        return [*(self.private(bot) for bot in self.telegram.bots.values()), *groups]

    def sees_in(self, to: "Place | None" = None) -> list[Message]:
        """The messages on the screen, oldest first, both directions."""
        chat = self.chat(to)
        if self._on_phone is not None:
            return list(self._screen.get(chat, []))
        return [message for message in chat.messages.values() if not message.deleted]

    @property
    def sees(self) -> list[Message]:
        """The messages on the screen in the chat that is open."""
        return self.sees_in()

    @property
    def heard(self) -> list[str]:
        """The texts and captions of the bot, as they stand now."""
        return [
            message.words.text for message in self.sees if message.from_bot and message.words.text
        ]

    @property
    def last(self) -> Message:
        """The bot's newest message."""
        for message in reversed(self.sees):
            if message.from_bot and message.kind not in SERVICE:
                return message
        raise LookupError(f"{self.first_name} has heard nothing yet")

    def buttons(self) -> list[str]:
        """The labels under the bot's newest message."""
        return self.last.buttons

    def keyboard(self) -> list[str]:
        """The labels of the reply keyboard."""
        return [button["text"] for button in keyboard_of(self.chat())]

    def loses_signal(self) -> None:
        """From now on the phone keeps what they do, and shows nothing new."""
        if self._on_phone is None:
            for chat in self.chats():
                self._screen[chat] = [copy.copy(message) for message in self.sees_in(chat)]
            self._on_phone = []

    def finds_signal(self) -> None:
        """Everything kept leaves the phone in order, dated when it arrives."""
        kept, self._on_phone = self._on_phone or [], None
        self._screen.clear()
        for act in kept:
            act()

    def _send(
        self,
        kind: str,
        words: str | Words = "",
        *,
        about: Json | None = None,
        reply_to: Message | None = None,
        origin: Json | None = None,
        album: str | None = None,
        to: "Place | None" = None,
    ) -> Message:
        chat = self.chat(to)
        if self.deactivated or (self._on_phone is None and has_blocked(chat)):
            raise ValueError(f"{self.first_name} cannot write to a bot they have blocked or left")
        if isinstance(chat, Group) and (chat.moved_to or self not in chat.members):
            raise ValueError(f"{self.first_name} cannot write in {chat.name}")
        said = words if isinstance(words, Words) else finish(words, []) if words else NOTHING
        if kind == "text" and not said.text.strip():
            raise ValueError("no phone sends an empty text")
        message = Message(
            chat,
            kind,
            self.telegram.people[self.id],
            words=said,
            content=about or {},
            reply=reply_to and original(reply_to),
            origin=origin,
            media_group_id=album,
        )
        if self._on_phone is not None:
            self._screen.setdefault(chat, []).append(message)
        self._act(lambda: self.telegram.put(message))
        return message

    def _act(self, act: Callable[[], object]) -> None:
        if self._on_phone is None:
            act()
        else:
            self._on_phone.append(act)

    def _labels(self, chat: Chat) -> list[str]:
        labels = [label for seen in self.sees_in(chat) for label in seen.buttons]
        return labels + [button["text"] for button in keyboard_of(chat)]


def has_blocked(chat: Chat) -> bool:
    """Whether the person of that chat wants to hear nothing from its bot."""
    return isinstance(chat, Private) and chat.blocked


def original(message: Message) -> Message:
    """The message on the server: a phone without signal shows copies of before."""
    return message.chat.messages.get(message.id, message)


def keyboard_of(chat: Chat) -> list[Json]:
    """The buttons of the reply keyboard, row by row."""
    rows = (chat.keyboard or {}).get("keyboard", [])
    return [
        {"text": button} if isinstance(button, str) else button for row in rows for button in row
    ]
