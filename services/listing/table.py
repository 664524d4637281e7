"""A list as a table: numbered lines under column names, whatever kind of file it came in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_FILE = 100 * 2**20
MAX_UNPACKED = 50 * 2**20
MAX_RATIO = 100
"""Bytes of a file, of what is packed in it, and how many times larger than packed: real lists
pack to a tenth."""
MAX_COLUMNS = 200
MAX_ROWS = 100_000
"""Three times all facilities of the country that any public list knows."""
MAX_CELL = 5_000
"""Characters of one cell."""


class RefusedFile(Exception):
    """A file that is not read at all; the text says why and what to do."""


class Line(NamedTuple):
    """One line of the list; its number is where a person finds it in the file."""

    number: int
    cells: Sequence[str]
    fault: str = ""
    """Why it cannot be read, where it cannot."""


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a list, and its lines as often as they are asked for."""

    columns: Sequence[str]
    lines: Callable[[], Iterator[Line]]


def checked(columns: Sequence[str]) -> list[str]:
    """Give a list's column names; raises RefusedFile where nobody could have meant so many."""
    names = [" ".join(name.split()) for name in columns]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise RefusedFile(f"it has {len(names)} columns; at most {MAX_COLUMNS} are read")
    if not any(names):
        raise RefusedFile("it has no line with the names of its columns")
    return names


def fault_of(cells: Sequence[str], width: int) -> str:
    """Say what is wrong with a line as a whole, if anything is."""
    if any(len(cell) > MAX_CELL for cell in cells):
        return f"a cell has more than {MAX_CELL} characters"
    if any(cell.strip() for cell in cells[width:]):
        return f"it has {len(cells)} cells, but there are {width} columns"
    return ""


def limited(lines: Iterator[Line]) -> Iterator[Line]:
    """Pass on lines that say anything; raises RefusedFile when they are too many."""
    for count, line in enumerate(lines):
        if count >= MAX_ROWS:
            raise RefusedFile(
                f"it has more than {MAX_ROWS} lines: split it, by province for example"
            )
        yield line
