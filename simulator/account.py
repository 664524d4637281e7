"""A bot as Telegram keeps it: who it is, its updates and files, its webhook."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from simulator.files import Files
from simulator.message import Chat, Json
from simulator.updates import Updates


@dataclass
class Webhook:
    """Where a bot wants its updates, and how the last delivery went."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str = ""
    gone_since: float | None = None  # the clock's `time()` of the first 410 in a row


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
    inline: bool = False  # @BotFather's /setinline
    inline_feedback: bool = False  # and /setinlinefeedback
    privacy: bool = True  # and /setprivacy: what it hears in groups

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
