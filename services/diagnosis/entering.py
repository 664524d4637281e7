"""Entering a list of ICD-10: every line is taken, or refused with a reason.

Its text is the list owner's (WHO's, or who translated it): it stands in the facility's own database
and never in this project.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.diagnosis import Diagnosis
from services.atlas import changed
from services.diagnosis.code import normal
from services.entered import Rejected, Report, parts
from services.listing.table import Line, RefusedFile, Table
from services.text import clean

LONGEST = 300
"""Characters of a title that are kept: the longest of ICD-10 has some 230."""
_HEADINGS = {
    "code": ("code", "kode", "icd10", "icd_10", "kode_icd", "kddiag"),
    "name": ("title_id", "nama_id", "indonesian", "nama", "name", "nmdiag", "deskripsi"),
    "other": ("title_en", "nama_en", "english", "title", "str", "description"),
}


class _Row(NamedTuple):
    code: str
    name: str
    other_name: str | None


def enter(session: Session, table: Table) -> Report:
    """Enter a list; the same again changes nothing, and what it does not name stays. Raises
    RefusedFile where no column holds codes, or none holds names."""
    places = _places(table.columns)
    report, wanted = Report(), dict[str, _Row]()
    for line in table.lines():
        try:
            row = _row(line, places)
            if row.code in wanted:
                raise ValueError("an earlier line has this code already")
        except ValueError as error:
            code = _cell(line, places.get("code"))[:20]
            report.rejected.append(Rejected(line.number, code, str(error)))
            continue
        wanted[row.code] = row
    known = {
        row.code: _Row(*row)
        for row in session.execute(select(Diagnosis.code, Diagnosis.name, Diagnosis.other_name))
    }
    fresh = [row._asdict() for code, row in wanted.items() if code not in known]
    renewed = [row._asdict() for code, row in wanted.items() if known.get(code, row) != row]
    report.added, report.changed = len(fresh), len(renewed)
    report.unchanged = len(wanted) - len(fresh) - len(renewed)
    for statement, rows in ((insert(Diagnosis), fresh), (update(Diagnosis), renewed)):
        for part in parts(rows):
            session.execute(statement, part)
    if fresh or renewed:
        changed(session)
    return report


def _places(columns: Sequence[str]) -> dict[str, int]:
    named = {column.strip().lower().replace(" ", "_"): at for at, column in enumerate(columns)}
    places = {
        what: named[heading]
        for what, headings in _HEADINGS.items()
        for heading in reversed(headings)
        if heading in named
    }
    if "code" not in places or not {"name", "other"} & {*places}:
        raise RefusedFile("the first line names no columns «code» and «title_id» or «title_en»")
    return places


def _row(line: Line, places: dict[str, int]) -> _Row:
    if line.fault:
        raise ValueError(line.fault)
    code = normal(_cell(line, places["code"]))
    if not code:
        raise ValueError("no code of the form A00, A00.0 or A00.00")
    names = [_cell(line, places.get(what)) for what in ("name", "other")]
    first, *others = [name for name in names if name] or [""]
    if not first:
        raise ValueError("no name")
    return _Row(code, first, others[0] if others else None)


def _cell(line: Line, place: int | None) -> str:
    if place is None or place >= len(line.cells):
        return ""
    return " ".join(clean(line.cells[place]).split())[:LONGEST]
