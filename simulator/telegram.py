"""The state of the small Telegram: accounts, chats, messages, updates. No HTTP here."""

import random
import string
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from simulator.account import BotAccount
from simulator.clock import Clock
from simulator.errors import bad_request
from simulator.files import Files, Upload
from simulator.group import Group, Type
from simulator.limits import Limits
from simulator.message import Chat, Json, Message, Private
from simulator.person import Person
from simulator.question import Question
from simulator.trouble import Trouble
from simulator.updates import CALLBACK_LIFE, CALLBACK_QUEUE, DAY, REACTION_QUEUE, Updates

__all__ = ["BotAccount", "Call", "Delivery", "Telegram"]

PRESS_LIFE = 15.0  # Telegram says only "some seconds"
CALLS_KEPT = 20_000
FIRST_PERSON = 5_000_000_001  # beyond 32 bits, as real numbers are
TOKEN_LETTERS = string.ascii_letters + string.digits


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
        self.groups: dict[int, Group] = {}
        self.questions: dict[str, Question] = {}  # asked inline and not answered yet
        self.inline_messages: dict[str, Message] = {}
        self.web: dict[str, Upload] = {}  # all that can be fetched: there is no other internet
        self.webhook_set: list[Callable[[BotAccount], None]] = []
        self._presses: dict[str, Press] = {}
        self._press_ids = count(4_000_000_000_000_000_001)
        self._person_ids = count(FIRST_PERSON)
        self._bot_ids = count(100_000_001)
        self._group_numbers = count(1_500_000_001)
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
            files=Files(number, self.web),
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
            open=bot,
        )
        self.people[number] = person
        return person

    def add_group(
        self, title: str, *members: Person, bot: BotAccount, kind: Type = "group"
    ) -> Group:
        """Open a group or channel of people; `bot` is who may be added to it, and is not yet."""
        group = Group(bot, title, kind, next(self._group_numbers), list(members))
        self.groups[group.id] = bot.chats[group.id] = group
        return group

    def chat(self, bot: BotAccount, person: Person) -> Private:
        """Their private chat, empty and unopened at first."""
        chat = bot.chats.get(person.id)
        if not isinstance(chat, Private):
            chat = bot.chats[person.id] = Private(bot, person)
        return chat

    def chat_of(self, bot: BotAccount, chat_id: int) -> Chat:
        """The chat that a bot may name: of someone who opened it, or where it once was."""
        chat = bot.chats.get(chat_id)
        if chat is None or not chat.known:
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
        message.id = chat.next_number()
        message.date = self.clock.now()
        chat.messages[message.id] = message
        if not message.from_bot and isinstance(chat, Private):
            chat.opened = True
        if not message.from_bot and chat.reaches_bot(message):
            chat.bot.updates.add(chat.posts, message.to_json(), queue=chat.id)
        return message

    def new_album(self) -> str:
        """The number that the items of one album share."""
        return str(next(self._album_ids))

    def person_edited(self, message: Message) -> None:
        """Tell the bot that a person changed a message."""
        chat = message.chat
        message.edited = self.clock.now()
        if chat.reaches_bot(message):
            chat.bot.updates.add(f"edited_{chat.posts}", message.to_json(), queue=chat.id)

    def pressed(self, message: Message, button: Json, person: Person) -> None:
        """Tell the bot whose message it is of a tap on an inline button."""
        bot = message.via or message.chat.bot
        query_id = self.new_query_id()
        self._presses[query_id] = Press(person, bot, self.clock.time())
        gone = message.deleted or (self.clock.now().timestamp() - message.stamp) > 2 * DAY
        query = {
            "id": query_id,
            "from": person.to_json(),
            "chat_instance": str(bot.id * 7919 + message.chat_id),
            "data": button["callback_data"],
        }
        if message.inline_id:
            query["inline_message_id"] = message.inline_id
        else:
            query["message"] = message.inaccessible_json() if gone else message.to_json()
        queue = person.id + CALLBACK_QUEUE
        bot.updates.add("callback_query", query, queue=queue, life=CALLBACK_LIFE)

    def new_query_id(self) -> str:
        """The number of a tap or of an inline question, by which a bot answers it."""
        return str(next(self._press_ids))

    def answer_press(self, bot: BotAccount, query_id: str, text: str) -> None:
        """Stop a button's waiting; refused for the second time, or when it is too late."""
        press = self._presses.pop(query_id, None)
        if press is None or press.bot is not bot or self.clock.time() - press.at > PRESS_LIFE:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if text:
            press.person.toasts.append(text)

    def person_reacted(self, message: Message, emoji: str | None, person: Person) -> None:
        """Set a person's reaction; the bot hears of it only if it asked for that kind.

        In a group it must also be an administrator: core.telegram.org/bots/api#update.
        """
        chat = message.chat
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        update = {
            "chat": chat.to_json(),
            "message_id": message.id,
            "user": person.to_json(),
            "date": int(self.clock.now().timestamp()),
            "old_reaction": message.reactions.get(person.id, []),
            "new_reaction": new,
        }
        message.reactions[person.id] = new
        if not isinstance(chat, Group) or chat.status == "administrator":
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
