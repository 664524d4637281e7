"""A few regions with made-up villages around real towns, and lists to import into them."""

import gzip
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.facility import Facility
from models.region import Region
from services import listing
from services.listing import Applied, Country, Entry, Known, Reader

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = date(2026, 5, 1)

PROVINCES = {"33": "Jawa Tengah", "53": "Nusa Tenggara Timur", "64": "Kalimantan Timur"}
REGENCIES = {
    "33.28": ("Kabupaten Tegal", -6.99, 109.13),
    "33.29": ("Kabupaten Brebes", -6.95, 108.95),
    "33.76": ("Kota Tegal", -6.87, 109.13),
    "53.01": ("Kabupaten Kupang", -9.95, 123.85),
    "53.71": ("Kota Kupang", -10.17, 123.61),
    "64.03": ("Kabupaten Berau", 2.05, 117.30),
}
SPREAD = (-0.02, 0.0, 0.02)
"""Degrees between the nine made-up villages of each regency."""


def regions() -> list[dict[str, object]]:
    made = [_row(code, 1, name, None, None) for code, name in PROVINCES.items()]
    for code, (name, latitude, longitude) in REGENCIES.items():
        made.append(_row(code, 2, name, latitude, longitude))
        made.append(_row(f"{code}.01", 3, f"Contoh {name[-5:]}", latitude + 0.01, longitude))
        made += [
            _row(
                f"{code}.01.20{3 * i + j:02}", 4, "Desa Contoh", latitude + north, longitude + east
            )
            for i, north in enumerate(SPREAD)
            for j, east in enumerate(SPREAD)
        ]
    return made


def _row(
    code: str, level: int, name: str, latitude: float | None, longitude: float | None
) -> dict[str, object]:
    parent = code.rpartition(".")[0] or None
    return {"code": code, "level": level, "name": name, "parent_code": parent,
            "latitude": latitude, "longitude": longitude}  # fmt: skip


def settle(session: Session) -> None:
    """Enter the regions."""
    session.execute(insert(Region), regions())


def written(folder: Path, *lines: str, name: str = "daftar.csv") -> Path:
    """A list as a file: gzip where its name says so."""
    file, text = folder / name, "\n".join(lines).encode() + b"\n"
    file.write_bytes(gzip.compress(text, 1) if name.endswith(".gz") else text)
    return file


HEAD = "kode,nama,jenis,alamat,kecamatan,kabupaten,provinsi,lintang,bujur,telp,jam buka"


def read(session: Session, file: Path, source: str = "daftar") -> list[Entry]:
    """Every line of a list, read and mended."""
    table = listing.open_table(file)
    columns, country = listing.guess(table.columns), Country(session)
    survey = listing.survey(columns, table.lines(), country)
    reader = Reader(columns, source, country, survey, AT.date())
    return [reader.read(line) for line in table.lines()]


def one(session: Session, folder: Path, line: str) -> Entry:
    """A list's only line, read and mended."""
    (entry,) = read(session, written(folder, HEAD, line))
    return entry


def take(
    session: Session, entries: list[Entry], *, known: Known | None = None, as_of: date | None = None
) -> list[Applied]:
    """Enter lines as one import does."""
    known = known or Known(session)
    known.expect(entries)
    applying = listing.Applying(known, at=AT, as_of=as_of)
    applied = []
    for begin in range(0, len(entries), 2):  # small chunks: what is joined may be in another
        applied += applying.chunk(session, entries[begin : begin + 2])
    session.expire_all()
    return applied


def outcomes(applied: Iterable[Applied]) -> list[str]:
    return [str(each.outcome) for each in applied]


def facilities(session: Session) -> dict[str, Facility]:
    return {each.code: each for each in session.scalars(select(Facility))}


def defects(entry: Entry) -> list[tuple[str, bool]]:
    return [(found.defect.name, found.mended) for found in entry.remarks]
