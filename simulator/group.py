"""Groups and channels: people who write in one place, and perhaps the bot among them.

A group has room for one bot here. What a bot hears in it follows
core.telegram.org/bots/features#privacy-mode.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Literal, get_args

from simulator.errors import ApiError
from simulator.message import SERVICE, Chat, Json, Message

if TYPE_CHECKING:
    from simulator.person import Person

Type = Literal["group", "supergroup", "channel"]
Status = Literal["", "member", "administrator", "left", "kicked"]  # "" before it ever came
FAR = 1_000_000_000_000  # supergroups and channels are numbered downwards from minus this


@dataclass(eq=False, repr=False)
class Group(Chat):
    """A group, supergroup or channel."""

    title: str
    type: Type
    number: int
    members: "list[Person]"
    status: Status = ""
    moved_to: "Group | None" = None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        if self.type not in get_args(Type):
            raise ValueError(f"no such kind of group: {self.type}")
        if self.type == "channel":
            self.posts = "channel_post"

    @property
    def id(self) -> int:
        """Below zero; a supergroup or channel far below."""
        return -self.number if self.type == "group" else -FAR - self.number

    @property
    def name(self) -> str:
        """Its title."""
        return self.title

    @property
    def known(self) -> bool:
        """Once the bot was in it."""
        return bool(self.status)

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in it now."""
        return self.status in ("member", "administrator")

    def refusal(self) -> ApiError | None:
        """A group may have moved, or have put the bot out."""
        if self.moved_to is not None:
            return ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.moved_to.id,
            )
        if self.status == "kicked":
            return ApiError(403, f"Forbidden: bot was kicked from the {self.type} chat")
        if not self.has_bot:
            return ApiError(403, f"Forbidden: bot is not a member of the {self.type} chat")
        return None

    def reaches_bot(self, message: Message) -> bool:
        """All of it in a channel or for an administrator; else what privacy mode lets through.

        Telegram passes a bare /command to the bot that spoke last: with one bot, to that one.
        """
        if not self.has_bot:
            return False
        if self.status == "administrator" or not self.bot.privacy or message.kind in SERVICE:
            return True
        if message.via is self.bot or (message.reply is not None and message.reply.from_bot):
            return True
        return any(self._names_bot(message, entity) for entity in message.words.entities)

    def next_number(self) -> int:
        """A supergroup or channel counts its own messages."""
        return next(self.bot.next_message if self.type == "group" else self._numbers)

    def to_json(self) -> Json:
        """The Bot API's Chat."""
        chat: Json = {"id": self.id, "title": self.title, "type": self.type}
        return chat | ({"all_members_are_administrators": True} if self.type == "group" else {})

    def _names_bot(self, message: Message, entity: Json) -> bool:
        start, end = (2 * edge for edge in (entity["offset"], entity["offset"] + entity["length"]))
        named = message.words.text.encode("utf-16-le", "surrogatepass")[start:end]
        word = named.decode("utf-16-le", "surrogatepass").lower()
        if entity["type"] == "mention":
            return word == f"@{self.bot.username}".lower()
        _, at, name = word.partition("@")
        return entity["type"] == "bot_command" and (not at or name == self.bot.username.lower())
