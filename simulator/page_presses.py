"""What Telegram knows of tapped buttons and the page must ask for: which still turn, what came."""

from dataclasses import dataclass

from simulator.telegram import PRESS_LIFE, Call, Telegram

Spin = tuple[int, int, int, str]  # the bot, the person, the message, the button's payload


@dataclass(frozen=True)
class _Turning:
    spin: Spin
    until: float


class Presses:
    """The taps that wait for an answer, read from what bots are told and what they call."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._turning: dict[str, _Turning] = {}
        self._alerts: set[str] = set()
        self._last: Call | None = None

    def look(self) -> None:
        """Notice new taps; to be called before the bot can fetch them, so after every act."""
        until = self._telegram.clock.time() + PRESS_LIFE
        for bot in self._telegram.bots.values():
            for update in bot.updates.waiting():
                if update.kind != "callback_query" or update.body["id"] in self._turning:
                    continue
                tap = update.body
                spin = (bot.id, tap["from"]["id"], tap["message"]["message_id"], tap["data"])
                self._turning[tap["id"]] = _Turning(spin, until)

    def turning(self) -> frozenset[Spin]:
        """The buttons that turn now: neither answered nor given up, as a phone does in time."""
        self._read_calls()
        now = self._telegram.clock.time()
        return frozenset(one.spin for one in self._turning.values() if now <= one.until)

    def is_alert(self, text: str) -> bool:
        """Whether the bot wanted this answer in a window that must be closed."""
        return text in self._alerts

    def _read_calls(self) -> None:
        newest = self._last
        for call in reversed(self._telegram.calls):
            if call is self._last:
                break
            if newest is self._last:
                newest = call
            if call.ok and call.method == "answerCallbackQuery":
                query_id = str(call.params.get("callback_query_id"))
                if query_id in self._turning:
                    spin = self._turning[query_id].spin
                    self._turning[query_id] = _Turning(spin, float("-inf"))
                if str(call.params.get("show_alert", "")).lower() in ("true", "1", "yes"):
                    self._alerts.add(str(call.params.get("text", "")))
        self._last = newest
