"""CSV as people export it: four encodings, three separators, and quotes that never end."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from services.listing.packed import CHUNK, opened
from services.listing.table import Line

MAX_LINE = 100_000
"""Characters of one line of the file; a longer one is read past."""
MAX_BREAKS = 20
"""Lines that one quoted cell may go over: more is a quote that never ends."""
SEPARATORS = ",;\t|"
csv.field_size_limit(MAX_LINE * MAX_BREAKS)


def lines(path: Path, start: bytes) -> Callable[[], Iterator[Line]]:
    """Give what reads a CSV file from its beginning; `start` is how it begins."""
    encoding = _encoding(path, start)
    head = start.decode(encoding, "replace").splitlines()[:10]
    separator = max(SEPARATORS, key=lambda one: _separates(head, one))

    def read() -> Iterator[Line]:
        with io.TextIOWrapper(opened(path), encoding, "replace", newline="") as file:
            yield from _records(_Feed(file), separator)

    return read


def _separates(head: Sequence[str], separator: str) -> tuple[int, int]:
    """Tell how well a separator fits: it stands in every line, what stands in a cell does not."""
    counts = [line.count(separator) for line in head]
    return sum(count > 0 for count in counts), max(counts, default=0)


def _encoding(path: Path, start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for zero, name in ((0, "utf-16-be"), (1, "utf-16-le")):
        if start[zero:200:2].count(0) > len(start[:200]) // 3:
            return name
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with opened(path) as file:
        try:
            while piece := file.read(CHUNK):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


class _EndlessError(Exception):
    """A quote went over too many lines."""


class _Feed:
    """The file's lines for csv.reader, which cannot go back by itself."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._again = file, list[str]()
        self.number, self.taken = 0, list[str]()

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        """Give the next line of the file; raises _EndlessError when a record takes too many."""
        if len(self.taken) > MAX_BREAKS or sum(map(len, self.taken)) > MAX_LINE:
            raise _EndlessError
        line = self._again.pop() if self._again else self._file.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > MAX_LINE:
            self._skip(line)
        self.taken.append(line)
        return line.replace("\0", "")

    def _skip(self, line: str) -> None:
        while line and not line.endswith(("\n", "\r")):
            line = self._file.readline(MAX_LINE + 1)

    def accept(self) -> None:
        """Count the lines that the last record took, and begin a new one."""
        self.number += len(self.taken)
        self.taken = []

    def go_back(self) -> None:
        """Give all but the first line of the record again."""
        self._again += reversed(self.taken[1:])
        self.taken = self.taken[:1]


def _records(feed: _Feed, separator: str) -> Iterator[Line]:
    while True:
        fault = ""
        try:
            for cells in csv.reader(feed, delimiter=separator):
                first, size = feed.number + 1, max(map(len, feed.taken))
                feed.accept()
                long = f"a line has more than {MAX_LINE} characters" if size > MAX_LINE else ""
                yield Line(first, () if long else cells, long)
            if not feed.taken:
                return
        except _EndlessError:
            fault = "a quotation mark is never closed"
        except csv.Error as error:
            fault = str(error)
        first = feed.number + 1
        feed.go_back()
        feed.accept()
        yield Line(first, (), fault)
