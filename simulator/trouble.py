"""Trouble on demand: what goes wrong, with which call, and how often."""

import random
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "delay",  # the call waits before anything happens
    "delay_after",  # it happens, the answer waits
    "error",  # an error code, and nothing happened
    "error_after",  # an error code, but it did happen
    "cut_before",  # the connection ends, and nothing happened
    "cut_after",  # the connection ends, but it did happen
    "flood",  # 429, and nothing happened
    "duplicate",  # method "webhook": the update is posted twice
    "reorder",  # method "webhook": the next update of the chat comes first
]


@dataclass
class Rule:
    """One kind of trouble for one method ("*" means any) and, if given, one chat."""

    method: str
    kind: Kind
    chat_id: int | None
    times: int | None
    seconds: float
    retry_after: int
    code: int
    chance: float


class Trouble:
    """The trouble that is still to come; the first rule that fits is used up first."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._random = random.Random(0)

    def add(
        self,
        method: str,
        kind: Kind,
        *,
        chat_id: int | None = None,
        times: int | None = 1,
        seconds: float = 1.0,
        retry_after: int = 3,
        code: int = 502,
        chance: float = 1.0,
    ) -> None:
        """Make the next `times` calls go wrong; None means until `clear`.

        With a `chance` below one, only some calls go wrong, the same ones in every run.
        """
        if kind not in get_args(Kind):
            raise ValueError(f"no such trouble: {kind}")
        name = method.lower()
        self._rules.append(Rule(name, kind, chat_id, times, seconds, retry_after, code, chance))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._rules.clear()

    def take(
        self, method: str, chat_id: int | None, *, kinds: tuple[Kind, ...] = ()
    ) -> Rule | None:
        """The rule for this call, counted as used; None when all goes well."""
        if not self._rules:
            return None
        for rule in self._rules:
            if rule.method not in ("*", method.lower()):
                continue
            if rule.chat_id not in (None, chat_id) or (kinds and rule.kind not in kinds):
                continue
            if rule.chance < 1.0 and self._random.random() >= rule.chance:
                continue
            if rule.times is not None:
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
            return rule
        return None
