"""Opening a list: what kind of file it is, and which of its first lines names the columns."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from services.listing import column, delimited, document, spreadsheet
from services.listing.packed import OLE, ZIP, measure
from services.listing.table import Line, RefusedFile, Table, checked, fault_of, limited

FIRST = 10
"""Lines among which the columns' names are looked for: lists have titles above them."""


def open_table(path: Path) -> Table:
    """Open a list; raises RefusedFile with the reason where it is not read at all."""
    try:
        start = measure(path)
    except OSError as error:
        raise RefusedFile(f"it cannot be opened ({error.strerror})") from None
    read = _reader(path, start)
    heads = [line for line in islice(read(), FIRST) if line.fault or any(line.cells)]
    if not heads:
        raise RefusedFile("nothing is in it")
    head = next((line for line in heads if not column.guess(line.cells).missing), heads[0])
    if head.fault:
        raise RefusedFile(f"its columns have no names: {head.fault}")
    names = checked(head.cells)
    return Table(names, lambda: limited(_below(read(), head.number, len(names))))


def _reader(path: Path, start: bytes) -> Callable[[], Iterator[Line]]:
    if start.startswith(ZIP):
        return spreadsheet.lines(path)
    if start.startswith(OLE):
        raise RefusedFile("it is an old or locked Excel file: save it as XLSX or CSV")
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return document.lines(path)
    if start[:4] in (b"%PDF", b"\x89PNG", b"Rar!"):
        raise RefusedFile("it is no list: CSV, XLSX or GeoJSON is read")
    return delimited.lines(path, start)


def _below(lines: Iterator[Line], head: int, width: int) -> Iterator[Line]:
    for line in lines:
        if line.number <= head or not (line.fault or any(cell.strip() for cell in line.cells)):
            continue
        yield line if line.fault else line._replace(fault=fault_of(line.cells, width))
