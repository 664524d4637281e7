"""XLSX: the values that cells show. A formula is only the value it last had; nothing is run."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from services.listing.packed import inspect
from services.listing.table import Line, RefusedFile


def lines(path: Path) -> Callable[[], Iterator[Line]]:
    """Give what reads the workbook's largest sheet; raises RefusedFile for an unsafe workbook."""
    inspect(path)

    def read() -> Iterator[Line]:
        try:
            with CalamineWorkbook.from_path(path) as book:
                sheets = [book.get_sheet_by_index(i) for i in range(len(book.sheet_names))]
                sheet = max(sheets, key=lambda one: one.total_height)
                begin = (sheet.start or (0, 0))[0]
                for number, row in enumerate(sheet.iter_rows(), begin + 1):
                    yield Line(number, [_text(cell) for cell in row])
        except (CalamineError, ValueError) as error:
            raise RefusedFile(f"it is no workbook that can be read ({error})") from None

    return read


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return "" if cell is None else str(cell)
