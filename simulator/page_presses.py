"""What Telegram knows of tapped buttons and the page must ask for: which still turn, what came."""

from dataclasses import dataclass
from itertools import takewhile

from simulator.message import Json
from simulator.telegram import PRESS_LIFE, Call, Telegram

Spin = tuple[int, int, int, str]  # the bot, the person, the message, the button's payload


@dataclass
class _Turning:
    spin: Spin
    until: float


class Presses:
    """The taps that wait for an answer, read from what bots are told and what they call."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self.kept: set[Spin] = set()  # on phones without signal
        self._turning: dict[str, _Turning] = {}
        self._alerts: dict[tuple[int, str], bool] = {}
        self._last: Call | None = None

    def look(self) -> None:
        """Notice new taps; to be called before the bot can fetch them, so after every act."""
        until = self._telegram.clock.time() + PRESS_LIFE
        for bot in self._telegram.bots.values():
            for update in bot.updates.waiting():
                if update.kind != "callback_query" or update.body["id"] in self._turning:
                    continue
                tap = update.body
                number = self._number(tap)
                spin = (bot.id, tap["from"]["id"], number, tap["data"])
                self._turning[tap["id"]] = _Turning(spin, until)

    def turning(self) -> frozenset[Spin]:
        """The buttons that turn now: neither answered nor given up, as a phone does in time."""
        self._read_calls()
        now = self._telegram.clock.time()
        return frozenset(one.spin for one in self._turning.values() if now <= one.until) | self.kept

    def let_go(self, person_id: int) -> None:
        """That person's phone has signal again: what it kept is on its way."""
        self.kept = {spin for spin in self.kept if spin[1] != person_id}

    def is_alert(self, person_id: int, text: str) -> bool:
        """Whether the bot wanted its newest answer of these words in a window to be closed."""
        return self._alerts.get((person_id, text), False)

    def _number(self, tap: Json) -> int:
        if "message" in tap:
            return int(tap["message"]["message_id"])
        return self._telegram.inline_messages[tap["inline_message_id"]].id

    def _read_calls(self) -> None:
        calls = takewhile(lambda call: call is not self._last, reversed(self._telegram.calls))
        for call in list(calls)[::-1]:
            self._last = call
            turning = self._turning.get(str(call.params.get("callback_query_id")))
            if not call.ok or call.method != "answerCallbackQuery" or turning is None:
                continue
            turning.until = float("-inf")
            alert = str(call.params.get("show_alert", "")).lower() in ("true", "yes", "1")
            self._alerts[turning.spin[1], str(call.params.get("text", ""))] = alert
