"""What left lately: a database that went back to an earlier moment must not have it sent again.

A failover to a replica that lagged takes back what was confirmed: rows are owed again, and an
update that is handled again makes the same rows under the same keys. What this process saw leaving
is then settled as it was and said in the log, never repeated in silence.
"""

import hashlib
import json
from collections import OrderedDict
from typing import Any

KEPT = 10_000
"""Sends; at the highest pace five minutes of them, and a replica lags by seconds."""


class Witness:
    """The answers to one bot's latest sends, by the key of the row and by what it said."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, bytes], Any] = OrderedDict()

    def saw(self, letter: tuple[str, bytes], result: Any) -> None:
        """Remember that this left, and what the outside said to it."""
        self._seen[letter] = result
        if len(self._seen) > KEPT:
            self._seen.popitem(last=False)

    def recalls(self, letter: tuple[str, bytes]) -> bool:
        """Tell whether this left already."""
        return letter in self._seen

    def answer(self, letter: tuple[str, bytes]) -> Any:
        """Give what the outside said to it."""
        return self._seen[letter]


def letter_of(key: str, method: str, params: dict[str, Any]) -> tuple[str, bytes]:
    """Name a send by its row and its content: a number that is given twice names another row."""
    said = json.dumps([method, params], sort_keys=True).encode()
    return key, hashlib.sha256(said).digest()
