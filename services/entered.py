"""What became of the lines of a list that somebody entered: regions, diagnoses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

T = TypeVar("T")

PART = 2000
"""Rows of one statement."""


class Rejected(NamedTuple):
    """A line that was not taken."""

    line: int
    code: str
    reason: str


@dataclass
class Report:
    """What became of a list's lines."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut rows into as many as one statement takes."""
    for start in range(0, len(rows), PART):
        yield rows[start : start + PART]
