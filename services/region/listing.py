"""Reading a list of regions, as it comes: CSV (also gzipped), or cahyadsn/wilayah's SQL.

https://github.com/cahyadsn/wilayah has the codes and names (db/wilayah.sql), and
https://github.com/cahyadsn/wilayah_boundaries the middle of each area.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LARGEST = 200_000_000
"""Bytes, unpacked: the national list with its points has six million."""
WIDEST = 10_000
"""Characters of a cell."""
TOO_WIDE = f"a cell of more than {WIDEST:,} characters: a quote is missing?"
_CODE = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", re.ASCII)
_HEADINGS = {
    "code": ("code", "kode", "kode_wilayah"),
    "name": ("name", "nama", "nama_wilayah"),
    "level": ("level", "tingkat"),
    "parent": ("parent_code", "parent", "kode_induk"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lng", "lon", "long"),
}
_VALUES = re.compile(
    r"\(\s*'(?P<code>[\d.]+)'\s*,\s*'(?P<name>(?:[^'\\]|''|\\.)*)'"
    r"(?:\s*,\s*(?P<latitude>-?[\d.]+)\s*,\s*(?P<longitude>-?[\d.]+))?"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list, as text."""

    number: int
    code: str = ""
    name: str = ""
    level: str = ""
    parent: str = ""
    latitude: str = ""
    longitude: str = ""
    only_point: bool = False
    """Whether its name is shorter than the official one, and only its point counts."""
    wrong: str = ""
    """Why nothing could be read from it."""

    @property
    def is_code(self) -> bool:
        """Tell whether the code has the form of Kemendagri's."""
        return _CODE.fullmatch(self.code) is not None


def read(file: Path) -> Iterator[Line]:
    """Yield the lines of a list; raises ValueError with a sentence where it is none at all."""
    text = _text(file)
    name = file.name.lower().removesuffix(".gz")
    yield from _of_sql(text) if name.endswith(".sql") else _of_csv(text)


def _text(file: Path) -> str:
    try:
        with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise ValueError("the file is not whole, or not gzip") from None
    if len(content) > LARGEST:
        raise ValueError(f"more than {LARGEST // 1_000_000} MB: this is no list of regions")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8: save the list as UTF-8") from None


def _of_csv(text: str) -> Iterator[Line]:
    first = text.partition("\n")[0]
    separator = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
    except csv.Error as error:
        raise ValueError(f"the first line: {error}") from None
    place = {
        field: heading.index(word)
        for field, words in _HEADINGS.items()
        for word in words
        if word in heading
    }
    if not {"code", "name"} <= place.keys():
        raise ValueError("the first line names no columns «code» and «name» (kode, nama)")
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # the library's own limit of a cell, which is wider than ours
            yield Line(number, wrong=TOO_WIDE)
            continue
        if any(cells):
            yield _line(number, cells, place)


def _line(number: int, cells: list[str], place: dict[str, int]) -> Line:
    if any(len(cell) > WIDEST for cell in cells):
        return Line(number, wrong=TOO_WIDE)
    if len(cells) <= max(place["code"], place["name"]):
        return Line(number, wrong="too few cells")
    row = {field: cells[at].strip() for field, at in place.items() if at < len(cells)}
    return Line(
        number,
        code=row["code"],
        name=row["name"],
        level=row.get("level", ""),
        parent=row.get("parent", ""),
        latitude=row.get("latitude", ""),
        longitude=row.get("longitude", ""),
    )


def _of_sql(text: str) -> Iterator[Line]:
    """Take the rows of INSERTs that begin with code and name, and perhaps go on with a point."""
    only_point = "wilayah_boundaries" in text
    number, before = 1, 0
    for found in _VALUES.finditer(text):
        number += text.count("\n", before, found.start())
        before = found.start()
        yield Line(
            number,
            code=found["code"],
            name=re.sub(r"''|\\(.)", lambda two: two[1] or "'", found["name"]).strip(),
            latitude=found["latitude"] or "",
            longitude=found["longitude"] or "",
            only_point=only_point,
        )
    if number == 1 and before == 0 and not _VALUES.search(text):
        raise ValueError("no row ('kode','nama') is in it")
