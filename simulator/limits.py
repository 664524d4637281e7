"""Telegram's published sending limits, judged as strictly as anyone could read them.

About 30 messages a second over all chats, one a second in a private chat, 20 a minute in a
group (core.telegram.org/bots/faq). Telegram publishes no penalties: five seconds for the bot
and three for the chat are an assumption.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from simulator.clock import Clock

OVERALL, OVERALL_SECONDS = 30, 1.0
PRIVATE, PRIVATE_SECONDS = 1, 1.0
GROUP, GROUP_SECONDS = 20, 60.0
PRIVATE_BURST = 3  # of the bucket model
BOT_BAN = 5.0
CHAT_BAN = 3.0
ROUNDING = 1e-6  # sums of floats must not turn a full second into a breach


@dataclass
class Window:
    """At most `count` in any `seconds`."""

    count: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def has_room(self, now: float) -> bool:
        """Whether one more may pass now."""
        while self.times and now - self.times[0] >= self.seconds - ROUNDING:
            self.times.popleft()
        return len(self.times) < self.count

    def add(self, now: float) -> None:
        """One passed."""
        self.times.append(now)


@dataclass
class Bucket:
    """`count` per `seconds` in the long run, `burst` of them at once."""

    count: int
    seconds: float
    burst: int
    left: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.burst

    def has_room(self, now: float) -> bool:
        """Whether one more may pass now."""
        self.left = min(self.burst, self.left + (now - self.at) * self.count / self.seconds)
        self.at = now
        return self.left >= 1 - ROUNDING

    def add(self, now: float) -> None:
        """One passed."""
        self.left -= 1


@dataclass
class Gate:
    """One limit for one bot or chat, and the ban after a breach."""

    limit: Window | Bucket
    ban: float
    banned_until: float = -math.inf

    def refuses(self, now: float) -> float | None:
        """The seconds to wait; a breach begins a ban."""
        if now >= self.banned_until - ROUNDING:
            if self.limit.has_room(now):
                return None
            self.banned_until = now + self.ban
        return self.banned_until - now


class Limits:
    """The limits of all bots; off until switched on."""

    def __init__(self, clock: Clock) -> None:
        self.on = False
        self.model: Literal["window", "bucket"] = "window"
        self.breaches = 0
        self._clock = clock
        self._gates: dict[tuple[int, int | None], Gate] = {}

    def judge(self, bot_id: int, chat_id: int) -> int | None:
        """Let one message pass (None), or name the whole seconds its sender must wait."""
        if not self.on:
            return None
        now = self._clock.time()
        gates = [self._gate(bot_id, None), self._gate(bot_id, chat_id)]
        for gate in gates:
            wait = gate.refuses(now)
            if wait is not None:
                self.breaches += 1
                return max(1, math.ceil(wait - ROUNDING))
        for gate in gates:
            gate.limit.add(now)
        return None

    def _gate(self, bot_id: int, chat_id: int | None) -> Gate:
        key = (bot_id, chat_id)
        gate = self._gates.get(key)
        if gate is None:
            gate = self._gates[key] = self._new_gate(chat_id)
        return gate

    def _new_gate(self, chat_id: int | None) -> Gate:
        bucket = self.model == "bucket"
        if chat_id is None:
            limit = Bucket(OVERALL, 1, OVERALL) if bucket else Window(OVERALL, OVERALL_SECONDS)
            return Gate(limit, BOT_BAN)
        if chat_id < 0:
            return Gate(Window(GROUP, GROUP_SECONDS), CHAT_BAN)
        private = Window(PRIVATE, PRIVATE_SECONDS)
        return Gate(Bucket(1, 1, PRIVATE_BURST) if bucket else private, CHAT_BAN)
