"""Questions and the two who answer them: a person at a terminal, or a file of answers."""

import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TextIO, TypeVar

from services.content import plain

T = TypeVar("T")


class Wrong(Exception):
    """An answer that will not do; the message says what to answer instead."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(plain(key, **values))


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """One question. Its name is its key in a file of answers and its words' in the catalogue."""

    name: str
    check: Callable[[str], T]
    """Gives what an answer means, or raises Wrong. It changes nothing."""
    keep: Callable[[T], None]
    known: Callable[[], str] = lambda: ""
    """Gives what was answered before, as a person may see it; of a list, a line for each."""
    default: Callable[[], str] = lambda: ""
    """Gives what an empty answer stands for."""
    is_list: bool = False
    """Asked until the answer is empty."""
    once: bool = False
    """A file's answer counts only while nothing is known."""

    @property
    def words(self) -> str:
        """Give the question as people read it."""
        return plain(f"setup.{self.name}")


class Terminal:
    """Somebody who types."""

    def __init__(self, typed: TextIO | None = None, shown: TextIO | None = None) -> None:
        self._typed, self._shown = typed or sys.stdin, shown or sys.stdout

    def tell(self, text: str) -> None:
        """Show a text on lines of its own."""
        self._shown.write(f"{text}\n")
        self._shown.flush()

    def clear(self) -> None:
        """Empty the screen and what can be scrolled back to, where the terminal knows how."""
        if self._shown.isatty():
            self._shown.write("\033[2J\033[3J\033[H")

    def read(self, prompt: str = "") -> str:
        """Give a line as typed; raises EOFError where nobody types any more."""
        self._shown.write(f"{prompt}> ")
        self._shown.flush()
        line = self._typed.readline()
        if not line:
            raise EOFError
        return line.strip()

    def ask(self, question: Question[T]) -> None:
        """Ask until an answer will do, and keep it; Enter keeps what is known."""
        self.tell(f"\n{question.words}")
        while True:
            known = ", ".join(question.known().splitlines())
            stands = known or question.default()
            line = self.read(f"[{stands}] " if stands else "")
            if not line and (known or question.is_list):
                return
            if self._accept(question, line or stands) and not question.is_list:
                return

    def choose(self, check: Callable[[str], T]) -> T:
        """Read lines until one will do."""
        while True:
            try:
                return check(self.read())
            except Wrong as wrong:
                self.tell(str(wrong))

    def _accept(self, question: Question[T], line: str) -> bool:
        try:
            question.keep(question.check(line))
        except Wrong as wrong:
            self.tell(str(wrong))
            return False
        return True


class Sheet:
    """A file of answers. Nothing is kept before every answer will do."""

    def __init__(self, text: str) -> None:
        """Read TOML; raises Wrong where it is none."""
        try:
            self._answers: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Wrong("setup_wrong.sheet", error=error) from None

    def answer(self, questions: Sequence[Question[Any]]) -> list[str]:
        """Check every answer and, when all will do, keep them; else give what is wrong.

        Raises Wrong for what cannot be kept.
        """
        wrong = [
            f"{name}: {plain('setup_wrong.no_question')}"
            for name in self._answers.keys() - {question.name for question in questions}
        ]
        right: list[tuple[Question[Any], Any]] = []
        for question in questions:
            for line in self._lines(question):
                try:
                    right.append((question, question.check(line)))
                except Wrong as error:
                    wrong.append(f"{question.name}: {error}")
        if wrong:
            return wrong
        for question, meant in right:
            question.keep(meant)
        return []

    def _lines(self, question: Question[Any]) -> Iterator[str]:
        given, known = self._answers.get(question.name, ""), question.known()
        lines = [str(one).strip() for one in (given if isinstance(given, list) else [given])]
        lines = [line for line in lines if line and line not in known.splitlines()]
        if known and (question.once or not lines):
            return
        if not lines and not question.is_list:
            lines = [question.default()]
        yield from lines


def example(questions: Sequence[Question[Any]]) -> str:
    """Give a file of answers with nothing in it but the questions."""
    parts = []
    for question in questions:
        comment = "\n".join(f"# {line}".rstrip() for line in question.words.splitlines())
        empty = "[]" if question.is_list else '""'
        parts.append(f"{comment}\n{question.name} = {empty}\n")
    return "\n".join(parts)
