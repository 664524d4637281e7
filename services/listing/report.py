"""What an import did: counted for people, line by line for a spreadsheet or a program."""

import csv
from collections import Counter
from collections.abc import Iterator
from typing import Any, TextIO

from services.listing.applying import Applied, Outcome
from services.listing.defect import Defect

COLUMNS = (
    "file", "line", "source", "code", "name", "outcome",
    "what", "mended", "before", "after", "reason",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""How a cell begins that a spreadsheet program would run (or what would hide such a cell)."""


class Report:
    """Everything that came of every line."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.defects: Counter[tuple[Defect, bool]] = Counter()
        self._lines: list[tuple[str, Applied]] = []
        self._ended: list[tuple[str, str, str]] = []

    def add(self, file: str, applied: list[Applied]) -> None:
        """Take up what came of some lines of a file."""
        for one in applied:
            self.outcomes[one.outcome] += 1
            self.defects.update((found.defect, found.mended) for found in one.entry.remarks)
            one.entry.values, one.entry.digest = {}, b""  # entered by now, and memory is dear
            self._lines.append((file, one))

    def end(self, source: str, ended: list[tuple[str, str]]) -> None:
        """Take up the facilities that ended."""
        self.outcomes[Outcome.ENDED] += len(ended)
        self._ended += [(source, code, name) for code, name in ended]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give a row for each remark of each line, or one where there is nothing to remark."""
        for file, (entry, outcome, reason) in self._lines:
            line = {"file": file, "line": entry.line, "source": entry.source, "code": entry.code,
                    "name": entry.name, "outcome": str(outcome)}  # fmt: skip
            plain = {"what": "", "mended": None, "before": "", "after": "", "reason": reason}
            if (reason and outcome is not Outcome.REJECTED) or not entry.remarks:
                yield line | plain
            for defect, mended, before, after, done in entry.remarks:
                yield line | {"what": str(defect), "mended": mended, "before": before,
                              "after": after, "reason": done}  # fmt: skip
        for source, code, name in self._ended:
            yield dict.fromkeys(COLUMNS, "") | {
                "source": source, "code": code, "name": name, "outcome": str(Outcome.ENDED),
                "mended": None, "reason": "no list has it any more"}  # fmt: skip

    def write(self, file: TextIO) -> None:
        """Write all rows as CSV, no cell of which is a formula."""
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in self.rows():
            row["mended"] = {True: "yes", False: "no", None: ""}[row["mended"]]
            writer.writerow({what: escaped(value) for what, value in row.items()})

    def document(self) -> dict[str, Any]:
        """Give it for a program; lines that say nothing new are only counted."""
        told = [row for row in self.rows() if row["what"] or row["reason"]]
        return {
            "counts": {str(one): self.outcomes[one] for one in Outcome},
            "defects": [
                {"what": str(defect), "mended": self.defects[defect, True],
                 "left": self.defects[defect, False]}
                for defect in Defect
                if self.defects[defect, True] or self.defects[defect, False]
            ],
            "lines": told,
        }  # fmt: skip

    def text(self) -> str:
        """Give it for people, a count a line."""
        lines = [f"{one:10} {self.outcomes[one]:>7}" for one in Outcome]
        found = [defect for defect in Defect
                 if self.defects[defect, True] or self.defects[defect, False]]  # fmt: skip
        if found:
            lines += ["", f"{'found':32} {'mended':>7} {'not':>7}"]
        lines += [f"{defect:32} {self.defects[defect, True]:>7} {self.defects[defect, False]:>7}"
                  for defect in found]  # fmt: skip
        return "\n".join(lines)


def escaped(value: object) -> str:
    """Give a cell that a spreadsheet program shows and does not run."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
