"""What a bot has not fetched yet."""

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count, islice, takewhile
from typing import Any

from simulator.clock import Clock

DAY = 86_400  # messages and most others: Client.cpp, add_update
CALLBACK_LIFE = 150  # Client.cpp, process_new_callback_query_queue
INLINE_LIFE = 30  # add_new_inline_query
CHOSEN_LIFE = 600  # add_new_chosen_inline_result
POLL_LIMIT = 100

# A webhook's updates go one by one within a queue; its number is the chat's or the person's,
# moved into a range of its own for the other kinds (Client.cpp, webhook_queue_id).
INLINE_QUEUE = 1 << 33
CHOSEN_QUEUE = 2 << 33
CALLBACK_QUEUE = 3 << 33
MEMBER_QUEUE = 5 << 33
REACTION_QUEUE = 8 << 33

KINDS = frozenset({  # core.telegram.org/bots/api#update
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages",
    "message_reaction", "message_reaction_count", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll",
    "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost",
})  # fmt: skip
# Only these kinds must be asked for by name: core.telegram.org/bots/api#getupdates
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class Update:
    """One update as the bot will read it, and until when it is kept."""

    update_id: int
    kind: str
    body: dict[str, Any]
    queue: int
    expires_at: float
    serial: int  # grows even where the numbering starts again

    def to_json(self) -> dict[str, Any]:
        """The Bot API object."""
        return {"update_id": self.update_id, self.kind: self.body}


class Updates:
    """The updates that wait for one bot, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[int, Update] = {}
        self._next_id = random.randint(100_000_000, 900_000_000)
        self._serials = count(1)
        self._news: set[asyncio.Future[None]] = set()
        self._allowed: frozenset[str] | None = None
        self.allowed: list[str] = []

    def allow(self, kinds: list[str]) -> None:
        """Keep only these kinds from now on; a list without a known one means the usual ones."""
        self.allowed = [kind.lower() for kind in kinds if kind.lower() in KINDS]
        self._allowed = frozenset(self.allowed) or None

    def add(self, kind: str, body: dict[str, Any], *, queue: int, life: float = DAY) -> None:
        """Store one, unless the bot does not want its kind."""
        wanted = kind not in ON_REQUEST if self._allowed is None else kind in self._allowed
        if not wanted or life <= 0:
            return
        expires_at = self._clock.now().timestamp() + life
        self._waiting[self._next_id] = Update(
            self._next_id, kind, body, queue, expires_at, next(self._serials)
        )
        self._next_id += 1
        self.wake()

    def get(self, offset: int, limit: int = POLL_LIMIT) -> list[Update]:
        """The oldest ones; all below a positive offset are confirmed and gone.

        A negative offset keeps only that many of the newest. An offset more than ten ids ahead
        of the newest update is not believed (TDLib's TQueue), which saves a bot whose
        numbering was restarted.
        """
        if offset < 0:
            self._drop(islice(list(self._waiting), 0, max(len(self._waiting) + offset, 0)))
        elif offset <= self._next_id + 10:
            self._drop([number for number in self._waiting if number < offset])
        return list(islice(self._alive(), limit))

    def remove(self, update: Update) -> None:
        """This one was delivered; when it was the last, `news` says so."""
        self._waiting.pop(update.update_id, None)
        if not self._waiting:
            self.wake()

    def clear(self) -> None:
        """Forget all of them."""
        self._waiting.clear()

    def restart_ids(self) -> None:
        """Number from a random place, as after a week without updates; none of them is left."""
        self.clear()
        self._next_id = random.randint(100_000_000, 900_000_000)

    def since(self, serial: int) -> list[Update]:
        """Those that were added after that one, oldest first."""
        new = takewhile(lambda update: update.serial > serial, reversed(self._waiting.values()))
        return list(new)[::-1]

    def waiting(self) -> list[Update]:
        """All that are still to be delivered."""
        return list(self._alive())

    def wake(self) -> None:
        """Whoever waits for news looks again."""
        for waiter in self._news:
            if not waiter.done():
                waiter.set_result(None)
        self._news.clear()

    async def news(self, timeout: float | None) -> None:  # noqa: ASYNC109 - Telegram's own word
        """Return when something was added, or after so many real seconds."""
        waiter = asyncio.get_running_loop().create_future()
        self._news.add(waiter)
        try:
            await asyncio.wait_for(waiter, timeout)
        except TimeoutError:
            pass
        finally:
            self._news.discard(waiter)

    def _alive(self) -> Iterable[Update]:
        now = self._clock.now().timestamp()
        gone = [number for number, update in self._waiting.items() if update.expires_at <= now]
        self._drop(gone)
        return self._waiting.values()

    def _drop(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            del self._waiting[number]
