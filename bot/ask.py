"""Questions and the two who answer them: a person at a terminal, or a file of answers."""

import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any, Generic, TypeVar

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
    """Somebody who types at this process."""

    def __init__(self) -> None:
        for stream in (sys.stdin, sys.stdout):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")  # a stray byte is a wrong answer, no crash

    def tell(self, text: str) -> None:
        """Show a text on lines of its own."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Show what is told meanwhile on a screen of its own, of which nothing stays behind.

        A console without a second screen scrolls first, so that nothing told before is lost, and
        is emptied afterwards.
        """
        if not sys.stdout.isatty():
            yield
            return
        sys.stdout.write("\033[?1049h" + "\n" * shutil.get_terminal_size().lines + "\033[H")
        try:
            yield
        finally:
            sys.stdout.write("\033[H\033[2J\033[?1049l")
            sys.stdout.flush()

    def read(self, prompt: str = "") -> str:
        """Give a line as typed; raises EOFError where nobody types any more."""
        sys.stdout.write(f"{prompt}> ")
        sys.stdout.flush()
        line = sys.stdin.readline()
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


def progress(what: str, count: int) -> None:
    """Show how far long work is, on one line beside what is printed."""
    sys.stderr.write(f"\r\033[K{what} {count}")
    sys.stderr.flush()


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
        right: dict[str, list[tuple[str, Any]]] = {}
        for question in questions:
            try:
                right[question.name] = self._checked(question)
            except Wrong as error:
                wrong.append(f"{question.name}: {error}")
        if not wrong:
            for question in questions:
                _keep(question, right[question.name])
        return wrong

    def _checked(self, question: Question[Any]) -> list[tuple[str, Any]]:
        """Give each answer and what it means; raises Wrong, also for what nobody could type."""
        given = self._answers.get(question.name, [] if question.is_list else "")
        if isinstance(given, list) is not question.is_list:
            raise Wrong("setup_wrong.shape")
        lines = given if question.is_list else [given]
        if not all(type(one) in (str, int) and str(one).isprintable() for one in lines):
            raise Wrong("setup_wrong.shape")
        answers = [line for one in lines if (line := str(one).strip())]
        if not answers and not question.is_list and not question.known():
            answers = [question.default()]
        return [(line, question.check(line)) for line in answers]


def _keep(question: Question[Any], answers: list[tuple[str, Any]]) -> None:
    """Keep what is new. What is known is looked at only now: an earlier answer may name another
    facility, of which nothing is."""
    known = question.known()
    if not answers and not known and not question.is_list:
        question.keep(question.check(question.default()))
    for line, meant in answers:
        if line not in known.splitlines() and not (known and question.once):
            question.keep(meant)


def example(questions: Sequence[Question[Any]]) -> str:
    """Give a file of answers with nothing in it but the questions."""
    parts = []
    for question in questions:
        comment = "\n".join(f"# {line}".rstrip() for line in question.words.splitlines())
        empty = "[]" if question.is_list else '""'
        parts.append(f"{comment}\n{question.name} = {empty}\n")
    return "\n".join(parts)
