"""Packed files (gzip, the zip inside an XLSX): measured before anything is unpacked."""

import gzip
import re
import stat
import zipfile
import zlib
from pathlib import Path
from typing import IO

from services.listing.table import (
    MAX_COLUMNS,
    MAX_FILE,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED,
    RefusedFile,
)

GZIP, ZIP, OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
CHUNK = 2**16
MAX_ENTRIES = 1_000
_ARCHIVE = (".zip", ".gz", ".7z", ".rar", ".xlsx", ".xlsm", ".xls", ".ods", ".bz2", ".xz", ".tar")
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")


def opened(path: Path) -> IO[bytes]:
    """Open what is in a file, unpacked; `measure` has looked at it before."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]  # typeshed: GzipFile is no IO


def measure(path: Path) -> bytes:
    """Give the first bytes of what is in a file; raises RefusedFile where it is too large, packed
    to harm, or packed twice."""
    size = path.stat().st_size
    if size > MAX_FILE:
        raise RefusedFile(f"it is larger than {MAX_FILE >> 20} MB: split it")
    with path.open("rb") as file:
        start = file.read(CHUNK)
    if not start.startswith(GZIP):
        return start
    try:
        total, first = 0, b""
        with gzip.open(path) as unpacked:
            while piece := unpacked.read(CHUNK):
                first, total = first or piece, total + len(piece)
                _refuse_if_bomb(total, size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RefusedFile(f"it is a damaged gzip file ({error})") from None
    if first.startswith((GZIP, ZIP, OLE)):
        raise RefusedFile("it is packed twice: unpack it first")
    return first


def inspect(path: Path) -> None:
    """Look at an XLSX from outside; raises RefusedFile for whatever is no plain, small workbook."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise RefusedFile(f"it has {len(entries)} parts; a workbook has a few dozen")
            for entry in entries:
                _refuse_part(entry)
            _refuse_if_bomb(sum(entry.file_size for entry in entries), size)
            if "[Content_Types].xml" not in archive.namelist():
                raise RefusedFile("it is a zip file but no workbook: unpack it first")
            kinds = archive.read("[Content_Types].xml")
            if b"macroEnabled" in kinds:
                raise RefusedFile("it may run macros: save it as XLSX without them")
            if b"spreadsheetml.sheet.main+xml" not in kinds:
                raise RefusedFile("it is no XLSX workbook: save it as XLSX or CSV")
            for entry in entries:
                _refuse_content(archive, entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise RefusedFile(f"it is a damaged or locked workbook ({error})") from None


def _refuse_part(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/").lower()
    if name.startswith("/") or ".." in name.split("/") or ":" in name:
        raise RefusedFile("a part of it points outside of it")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RefusedFile("a part of it is a link to another file")
    if name.endswith(_ARCHIVE):
        raise RefusedFile("there is an archive inside it")
    if "vbaproject" in name or "/macrosheets/" in name:
        raise RefusedFile("it has macros: save it as XLSX without them")
    if "externallinks/" in name:
        raise RefusedFile("it draws on other files: save a copy with values only")


def _refuse_if_bomb(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED:
        raise RefusedFile(f"unpacked it is larger than {MAX_UNPACKED >> 20} MB: split it")
    if unpacked > MAX_RATIO * max(packed, CHUNK // MAX_RATIO):
        raise RefusedFile(f"unpacked it is more than {MAX_RATIO} times as large: no list is so")


def _refuse_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read a part through (a size that lies shows as a wrong checksum) for what would cost memory:
    a cell far away makes a sheet as large as everything before it."""
    is_sheet = entry.filename.lower().startswith("xl/worksheets/")
    tail = b""
    with archive.open(entry) as part:
        while piece := part.read(CHUNK):
            text = tail + piece
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise RefusedFile("it has XML entities, which no spreadsheet program writes")
            for column, row in _CELL.findall(text) if is_sheet else ():
                if _number(column) > MAX_COLUMNS or int(row) > MAX_ROWS + 1:
                    raise RefusedFile(
                        f"a sheet reaches to {(column + row).decode()}; at most {MAX_COLUMNS} "
                        f"columns and {MAX_ROWS} lines are read"
                    )
            tail = text[-40:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
