"""Entering the official list of regions: every line is taken, or refused with a reason.

A region that stands in the database and not in the list stays: lists may be of one province only.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.region import Region
from services.atlas import changed
from services.entered import Rejected, Report, parts
from services.region.listing import Line

SOUTH, NORTH, WEST, EAST = -11.1, 6.1, 94.9, 141.1
"""Indonesia's box, in degrees."""
LONGEST = 100
"""Characters of a name."""
_COLUMNS = select(Region.code, Region.name, Region.latitude, Region.longitude)


class _Row(NamedTuple):
    """A region as its columns are."""

    code: str
    name: str
    latitude: float | None
    longitude: float | None

    @property
    def columns(self) -> dict[str, object]:
        parent = self.code.rpartition(".")[0] or None
        level = self.code.count(".") + 1
        return {**self._asdict(), "level": level, "parent_code": parent}


def enter(
    session: Session, lines: Iterable[Line], tell: Callable[[int], object] = lambda _: None
) -> Report:
    """Enter the lines of a list, whichever order they stand in; the same list again changes
    nothing. `tell` hears now and then how many rows are done."""
    report = Report()
    known = {row.code: _Row(*row) for row in session.execute(_COLUMNS)}
    wanted = _complete(dict(_sound(lines, known, report)), known, report)
    fresh = [row.columns for code, (_, row) in wanted.items() if code not in known]
    renewed = [row.columns for code, (_, row) in wanted.items() if known.get(code, row) != row]
    report.added, report.changed = len(fresh), len(renewed)
    report.unchanged = len(wanted) - len(fresh) - len(renewed)
    done = report.unchanged
    for statement, rows in ((insert(Region), fresh), (update(Region), renewed)):
        for part in parts(rows):
            session.execute(statement, part)
            done += len(part)
            tell(done)
    if fresh or renewed:
        changed(session)
    return report


def _sound(
    lines: Iterable[Line], known: dict[str, _Row], report: Report
) -> Iterator[tuple[str, tuple[int, _Row]]]:
    """Yield each code's line and row; what is wrong in itself goes into the report."""
    seen: dict[str, int] = {}
    for line in lines:
        try:
            row = _row(line, known.get(line.code))
            if line.code in seen:
                raise ValueError(f"line {seen[line.code]} has this code already")
        except ValueError as error:
            report.rejected.append(Rejected(line.number, line.code[:20], str(error)))
            continue
        seen[line.code] = line.number
        yield line.code, (line.number, row)


def _row(line: Line, known: _Row | None) -> _Row:
    if line.wrong:
        raise ValueError(line.wrong)
    if not line.is_code:
        raise ValueError("no code of the form 33, 33.29, 33.29.09 or 33.29.09.2001")
    if line.level and line.level != str(line.code.count(".") + 1):
        raise ValueError(f"the code is not one of level {line.level[:9]}")
    if line.parent and line.parent != line.code.rpartition(".")[0]:
        raise ValueError(f"the code does not begin with its parent's, {line.parent[:12]}")
    name = known.name if line.only_point and known else line.name
    if not name or len(name) > LONGEST or not name.isprintable():
        raise ValueError(f"no name of 1 to {LONGEST} characters")
    latitude, longitude = _point(line)
    if latitude is None and known:
        latitude, longitude = known.latitude, known.longitude
    return _Row(line.code, name, latitude, longitude)


def _point(line: Line) -> tuple[float | None, float | None]:
    if not line.latitude and not line.longitude:
        return None, None
    try:
        latitude, longitude = float(line.latitude), float(line.longitude)
    except ValueError:
        raise ValueError("a coordinate is no number of degrees") from None
    if not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
        raise ValueError(f"{latitude}, {longitude} is not in Indonesia")
    return latitude, longitude


def _complete(
    rows: dict[str, tuple[int, _Row]], known: dict[str, _Row], report: Report
) -> dict[str, tuple[int, _Row]]:
    """Give the rows whose parents are known or stand in the list, parents first."""
    kept: dict[str, tuple[int, _Row]] = {}
    for code in sorted(rows):
        parent = code.rpartition(".")[0]
        if not parent or parent in kept or parent in known:
            kept[code] = rows[code]
        else:
            report.rejected.append(Rejected(rows[code][0], code, f"there is no {parent}"))
    report.rejected.sort()
    return kept
