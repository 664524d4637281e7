"""How fast one bot may send: anchored on Telegram's answers, so that no jitter breaks the limit.

Telegram judges a message somewhere between our sending it and its answer arriving here. If send k
leaves no earlier than a second after the answers to all sends up to k-30, then any two messages 30
apart are judged at least a second apart, in whatever order the network delivers them: never more
than 30 in any second. The same holds for one chat with one message a second.
"""

from collections import deque

WINDOW = 1.0
"""Seconds (Bots FAQ: about 30 messages a second overall, one a second in one chat)."""
BURST = 30
GAP = WINDOW / BURST
"""Even spacing: an answer never waits behind a burst."""


class Pace:
    """Says when the next send may leave. Time is any clock's seconds that never jump."""

    def __init__(self, now: float) -> None:
        """Begin as after a full burst: what a process before this one sent is not known."""
        self._answers: deque[float | None] = deque([now] * BURST)
        self._first = 0
        self._quiet_until = now + WINDOW
        self._last_left = now - GAP
        self._chats: dict[int, float] = {}

    def wait(self, now: float) -> float | None:
        """Give the seconds until a send may leave (0: now), or None until an answer arrives."""
        oldest = self._answers[0]
        if oldest is None:
            return None
        return max(0.0, max(self._quiet_until, self._last_left + GAP) - now)

    def left(self, now: float) -> int:
        """Note that a send leaves; give its ticket. Only after `wait` said 0."""
        oldest = self._answers.popleft()
        self._first += 1
        if oldest is None:
            raise RuntimeError("sent before the window opened")
        self._answers.append(None)
        self._last_left = now
        self._settle()
        return self._first + BURST - 1

    def answered(self, ticket: int, chat_id: int, now: float) -> None:
        """Note that the send of this ticket was answered, or given up."""
        self._answers[ticket - self._first] = now
        self._chats[chat_id] = now + WINDOW
        self._settle()

    def hold(self, chat_id: int | None, until: float) -> None:
        """Let one chat, or everybody, rest until then."""
        if chat_id is None:
            self._quiet_until = max(self._quiet_until, until)
        else:
            self._chats[chat_id] = max(self._chats.get(chat_id, 0.0), until)

    def resting(self, now: float) -> dict[int, float]:
        """Give the chats that may not be written to yet, and for how many seconds."""
        self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        return {chat: until - now for chat, until in self._chats.items()}

    def _settle(self) -> None:
        """Everything up to k-30 counts: the window opens with the latest of these answers."""
        oldest = self._answers[0]
        if oldest is not None:
            self._quiet_until = max(self._quiet_until, oldest + WINDOW)
