"""The state of the small Telegram: accounts, chats, messages, updates. No HTTP here."""

import random
import string
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from simulator.clock import Clock
from simulator.errors import ApiError, bad_request
from simulator.files import Files
from simulator.limits import Limits
from simulator.message import Chat, Json, Message
from simulator.person import Person
from simulator.trouble import Trouble
from simulator.updates import CALLBACK_QUEUE, DAY, MEMBER_QUEUE, REACTION_QUEUE, Updates

__all__ = ["ApiError", "BotAccount", "Call", "Delivery", "Telegram", "Webhook"]

PRESS_LIFE = 15.0  # Telegram says only "some seconds"
CALLS_KEPT = 20_000
FIRST_PERSON = 5_000_000_001  # beyond 32 bits, as real numbers are
TOKEN_LETTERS = string.ascii_letters + string.digits


@dataclass
class Webhook:
    """Where a bot wants its updates, and how the last delivery went."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str = ""


@dataclass(eq=False, repr=False)
class BotAccount:
    """A bot as Telegram knows it."""

    id: int
    username: str
    token: str
    first_name: str
    updates: Updates
    files: Files
    chats: dict[int, Chat] = field(default_factory=dict)
    webhook: Webhook | None = None
    commands: dict[str, list[Json]] = field(default_factory=dict)  # by scope and language
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    texts: dict[str, str] = field(default_factory=dict)  # name and descriptions, by language
    next_message: "count[int]" = field(default_factory=lambda: count(1))
    poll: object | None = None  # the getUpdates call that waits now

    def __repr__(self) -> str:
        return f"<bot {self.id} @{self.username}>"

    def to_json(self) -> Json:
        """The Bot API's User."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }


@dataclass(frozen=True)
class Delivery:
    """One call of a bot that changed what a person sees."""

    bot: BotAccount
    chat_id: int
    method: str
    params: Json
    messages: tuple[Message, ...]
    at: datetime

    @property
    def message(self) -> Message:
        """The message, or the first of an album."""
        return self.messages[0]


@dataclass(frozen=True)
class Call:
    """One call of the Bot API and how it ended: no error code means well, 0 a cut connection."""

    bot: BotAccount
    method: str
    params: Json
    at: datetime
    error_code: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the answer was a result."""
        return self.error_code is None


@dataclass
class Press:
    """A tapped button that waits for its answer."""

    person: Person
    bot: BotAccount
    at: float


class Telegram:
    """A small Telegram. Everything happens at once and in order; its clock is the only time."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.limits = Limits(self.clock)
        self.trouble = Trouble()
        self.watchers: list[Callable[[Delivery], None]] = []
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.bots: dict[str, BotAccount] = {}
        self.people: dict[int, Person] = {}
        self.webhook_set: list[Callable[[BotAccount], None]] = []
        self._presses: dict[str, Press] = {}
        self._press_ids = count(4_000_000_000_000_000_001)
        self._person_ids = count(FIRST_PERSON)
        self._bot_ids = count(100_000_001)
        self._album_ids = count(13_000_000_000_000_001)

    def add_bot(
        self, username: str, token: str | None = None, *, first_name: str | None = None
    ) -> BotAccount:
        """Create a bot; a given token is kept, and its number with it."""
        if token is None:
            letters = random.Random(username).choices(TOKEN_LETTERS, k=26)
            token = f"{next(self._bot_ids)}:simulated{''.join(letters)}"
        number = int(token.partition(":")[0])
        bot = BotAccount(
            id=number,
            username=username,
            token=token,
            first_name=first_name or username,
            updates=Updates(self.clock),
            files=Files(number),
        )
        self.bots[token] = bot
        return bot

    def add_person(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "id",
        bot: BotAccount | None = None,
        phone: str | None = None,
    ) -> Person:
        """Give someone a phone; `bot` is whom their words go to by default."""
        number = next(self._person_ids)
        person = Person(
            telegram=self,
            id=number,
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            phone=phone or f"+62{8_000_000_000 + number % 1_000_000_000}",
            bot=bot,
        )
        self.people[number] = person
        return person

    def chat(self, bot: BotAccount, person: Person) -> Chat:
        """Their private chat, empty and unopened at first."""
        chat = bot.chats.get(person.id)
        if chat is None:
            chat = bot.chats[person.id] = Chat(bot, person)
        return chat

    def chat_of(self, bot: BotAccount, chat_id: int) -> Chat:
        """The chat that a bot may name: only of someone who opened it."""
        chat = bot.chats.get(chat_id)
        if chat is None or not chat.opened:
            raise bad_request("chat not found")
        return chat

    def find(self, chat: Chat, message_id: int, what: str) -> Message:
        """A message that is still there; refused as «<what> not found»."""
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad_request(f"{what} not found")
        return message

    def put(self, message: Message) -> Message:
        """The server takes a message: only now has it a number and a date."""
        chat = message.chat
        message.id = next(chat.bot.next_message)
        message.date = self.clock.now()
        chat.messages[message.id] = message
        if not message.from_bot:
            chat.opened = True
            chat.bot.updates.add("message", message.to_json(), queue=chat.id)
        return message

    def new_album(self) -> str:
        """The number that the items of one album share."""
        return str(next(self._album_ids))

    def person_edited(self, message: Message) -> None:
        """Tell the bot that a person changed a message."""
        message.edited = self.clock.now()
        message.chat.bot.updates.add("edited_message", message.to_json(), queue=message.chat_id)

    def pressed(self, message: Message, button: Json) -> None:
        """Tell the bot of a tap on an inline button."""
        chat = message.chat
        query_id = str(next(self._press_ids))
        self._presses[query_id] = Press(chat.person, chat.bot, self.clock.time())
        gone = message.deleted or (self.clock.now().timestamp() - message.stamp) > 2 * DAY
        query = {
            "id": query_id,
            "from": chat.person.to_json(),
            "message": message.inaccessible_json() if gone else message.to_json(),
            "chat_instance": str(chat.bot.id * 7919 + chat.id),
            "data": button["callback_data"],
        }
        chat.bot.updates.add(
            "callback_query", query, queue=chat.person.id + CALLBACK_QUEUE, life=150
        )

    def answer_press(self, bot: BotAccount, query_id: str, text: str) -> None:
        """Stop a button's waiting; refused for the second time, or when it is too late."""
        press = self._presses.pop(query_id, None)
        if press is None or press.bot is not bot or self.clock.time() - press.at > PRESS_LIFE:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if text:
            press.person.toasts.append(text)

    def block(self, chat: Chat, *, blocked: bool) -> None:
        """A person stops the bot from writing, or lets it again; the bot is told."""
        if chat.blocked is blocked:
            return
        chat.blocked = blocked
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        update = {
            "chat": chat.to_json(),
            "from": chat.person.to_json(),
            "date": int(self.clock.now().timestamp()),
            "old_chat_member": _member(chat.bot, was),
            "new_chat_member": _member(chat.bot, now),
        }
        chat.bot.updates.add("my_chat_member", update, queue=chat.id + MEMBER_QUEUE)

    def person_reacted(self, message: Message, emoji: str | None) -> None:
        """Set a person's reaction; the bot hears of it only if it asked for that kind."""
        chat = message.chat
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        update = {
            "chat": chat.to_json(),
            "message_id": message.id,
            "user": chat.person.to_json(),
            "date": int(self.clock.now().timestamp()),
            "old_reaction": message.reactions.get(chat.person.id, []),
            "new_reaction": new,
        }
        message.reactions[chat.person.id] = new
        chat.bot.updates.add("message_reaction", update, queue=chat.id + REACTION_QUEUE)

    def show(self, method: str, params: Json, messages: list[Message]) -> None:
        """Tell the watchers that a bot changed what a person sees."""
        if not self.watchers or not messages:
            return
        chat = messages[0].chat
        at = self.clock.now()
        delivery = Delivery(chat.bot, chat.id, method, params, tuple(messages), at)
        for watcher in self.watchers:
            watcher(delivery)

    def updates_waiting(self, bot: BotAccount) -> int:
        """How many updates are stored for the bot and not yet confirmed or delivered."""
        return len(bot.updates.waiting())

    def restart_update_ids(self, bot: BotAccount) -> None:
        """Let the numbering jump, as after a week without any update."""
        bot.updates.restart_ids()


def _member(bot: BotAccount, status: str) -> dict[str, Any]:
    member: Json = {"user": bot.to_json(), "status": status}
    return member | {"until_date": 0} if status == "kicked" else member
