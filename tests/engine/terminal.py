"""Recorded sessions at a terminal, played again with real processes under a pseudo-terminal.

    $ telekonsul setup    start a command, which must show everything that follows
    < words               wait until these words appear after what appeared before
    > words               type them, then Enter
    ^C                    press Ctrl-C
    ! words               they have not been on the screen in this command
    = 1                   it ends with this code

`{name}` stands for a value of the test, `{word}` for the word of the phrase that was asked for
last, `{phrase}` for the phrase that was shown last.
"""

import os
import pty
import re
import select
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests import forked

PATIENCE = 30.0
"""Seconds for words that take less than one on an idle machine."""


@dataclass
class Terminal:
    """Somebody's terminal in one folder; `shown` is everything that was ever on it."""

    folder: Path
    environment: Mapping[str, str]
    values: dict[str, str]
    shown: str = ""
    phrase: dict[int, str] = field(default_factory=dict)
    _begun: int = 0
    """Where the present command begins in it."""
    _seen: int = 0
    _master: int = -1
    _slave: int = -1
    _process: ForkServerProcess | None = None

    @property
    def screen(self) -> str:
        """Give what the present command has shown."""
        return self.shown[self._begun :]

    def play(self, file: Path) -> None:
        """Play a whole record; raises AssertionError where it goes otherwise than recorded."""
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            act, _, words = line.partition(" ")
            try:
                self._act(act, self._filled(words))
            except AssertionError as error:
                tail = self.screen[-2000:]
                raise AssertionError(f"{file.name}:{number}: {line}\n{error}\n{tail}") from None
        assert self._process is None, "the record does not end its last command"

    def close(self) -> None:
        """Leave no process behind."""
        if self._process is not None:
            self._process.kill()
            self._ended()

    def _act(self, act: str, words: str) -> None:
        match act:
            case "$":
                self._start(words.split()[1:])
            case "<":
                self._wait_for(words)
            case ">":
                os.write(self._master, f"{words}\n".encode())
            case "^C":
                os.write(self._master, b"\x03")
            case "!":
                assert words not in self.screen, "they were shown"
            case "=":
                self._read_to_the_end()
                assert self._ended() == int(words)
            case _:
                assert act in ("", "#"), "no such act"

    def _filled(self, words: str) -> str:
        asked = re.findall(r"Kata nomor (\d+)\?", self.screen)
        word = self.phrase.get(int(asked[-1]), "") if asked else ""
        known = {"word": word, "phrase": " ".join(self.phrase.values()), **self.values}
        return re.sub(r"\{(\w+)\}", lambda found: known[found[1]], words)

    def _start(self, words: list[str]) -> None:
        self._master, self._slave = pty.openpty()
        end = Path(os.ttyname(self._slave))
        self._process = forked.start(
            forked.telekonsul, words,
            ends=(end, end, end), folder=self.folder, environment=self.environment,
        )  # fmt: skip
        self._begun = self._seen = len(self.shown)

    def _wait_for(self, words: str) -> None:
        until = time.monotonic() + PATIENCE
        while (at := self.shown.find(words, self._seen)) < 0:
            assert self._read(until - time.monotonic()), "they never came"
        self._seen = at + len(words)

    def _read_to_the_end(self) -> None:
        until = time.monotonic() + PATIENCE
        while self._read(until - time.monotonic()):
            pass

    def _read(self, seconds: float) -> bool:
        """Read what is there; tell whether there may be more."""
        ready, _, _ = select.select([self._master], [], [], max(seconds, 0))
        try:
            found = os.read(self._master, 65536) if ready else b""
        except OSError:  # the other end is closed
            found = b""
        if found and self._slave >= 0:  # it has opened its own, so ours may go
            os.close(self._slave)
            self._slave = -1
        self.shown += found.decode(errors="replace").replace("\r\n", "\n")
        words = {int(n): word for n, word in re.findall(r"\b(\d+)\. ([a-z]{4,8})\b", self.screen)}
        if len(words) == 17:
            self.phrase = dict(sorted(words.items()))
        return bool(found)

    def _ended(self) -> int:
        assert self._process is not None
        self._process.join(PATIENCE)
        code = self._process.exitcode
        if code is None:
            self._process.kill()
            raise AssertionError("it does not end")
        os.close(self._master)
        self._process.close()
        self._process = None
        return code
