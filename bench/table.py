"""What every bench gives back: a table for people, the same rows as JSON for machines."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Rows under named columns; the first column names the contender."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = field(default=())

    def text(self) -> str:
        """Show it for a terminal: first column left, numbers right, notes below."""
        lines = [list(self.columns), *([_show(cell) for cell in row] for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        shown = [
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
            for line in lines
        ]
        shown.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([self.title, "", *shown, *(f"* {note}" for note in self.notes)])

    def record(self) -> dict[str, object]:
        """Show it for a program: every row an object by column name, numbers unrounded."""
        return {
            "title": self.title,
            "rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
            "notes": list(self.notes),
        }


def _show(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case float():
            digits = 3 if abs(cell) < 1 else 2 if abs(cell) < 10 else 1 if abs(cell) < 100 else 0
            return f"{cell:,.{digits}f}"
        case int():
            return f"{cell:,}"
    return cell
