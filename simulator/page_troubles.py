"""The kinds of trouble that the page offers, by the name that it gives them."""

from collections.abc import Callable
from typing import Any

from simulator.api import FREE, LIMITED, METHODS
from simulator.trouble import Kind, Trouble

SLOW = 3.0
SENDING = [name for name in METHODS if name.startswith(LIMITED) and name not in FREE]


def _sending(kind: Kind, **how: Any) -> Callable[[Trouble, int | None], None]:
    def make(trouble: Trouble, chat_id: int | None) -> None:
        for method in SENDING:
            trouble.add(method, kind, chat_id=chat_id, times=None, **how)

    return make


def _any(kind: Kind, **how: Any) -> Callable[[Trouble, int | None], None]:
    return lambda trouble, chat_id: trouble.add("*", kind, chat_id=chat_id, times=None, **how)


TROUBLES = {
    "slow": _any("delay", seconds=SLOW),
    "flood": _sending("flood", retry_after=5),
    "broken": _any("error", code=502),
    "cut": _any("cut_before"),
    "lost": _sending("cut_after", chance=0.5),
}
