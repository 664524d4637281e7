"""Finding diagnoses by what health workers and villagers call them, with our own few and in a whole
list, beside RapidFuzz over all titles.

The list is the operator's own: BENCH_DATA names the folder that has `icd10.csv.gz`.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bench.table import Table
from models.base import Base
from models.diagnosis import Diagnosis
from services import diagnosis
from services.atlas import Holder
from services.listing import open_table

MEANT: dict[str, str] = {
    # as people say it
    "batuk pilek": "J06.9 J00", "darah tinggi": "I10", "kencing manis": "E11 E11.9 E14",
    "sakit maag": "K30 K29.7", "mencret": "A09", "anyang-anyangan": "N39.0",
    "gatal-gatal": "L30.9 L29", "mata merah": "H10.9", "gigi bolong": "K02.9",
    "gusi bengkak": "K05.1", "sariawan": "K12.0",
    "boyok sakit": "M54.5", "kudisan": "B86", "bisulan": "L02.9", "panuan": "B36.0",
    "tipes": "A01.0", "cacar air": "B01.9", "kurang darah": "D64.9", "susah BAB": "K59.0",
    "mual hamil muda": "O21.0", "datang bulan nyeri": "N94.6", "asam urat": "M10.9 E79.0",
    # as it is written in a clinic, also misspelt
    "hipertensi": "I10", "DM tipe 2": "E11.9", "dispepsi": "K30", "tonsilitis akut": "J03.9",
    "faringitis": "J02.9", "konjungtivits": "H10.9", "gastroenteritis": "A09",
    "vertigo": "R42 H81.3",
    "dermatitis kontak": "L25.9 L23.9 L24.9", "katarak": "H26.9", "pneumonia": "J18.9",
    "preeklampsia": "O14.9", "herpes zoster": "B02.9 B02", "hemoroid": "I84.9",
    "apendisitis akut": "K35.9 K35.8", "gagal ginjal kronis": "N18.9", "hipotiroid": "E03.9",
    "pulpitis": "K04.0",
}  # fmt: skip
"""Forty ways to name a diagnosis, eight of them of none of ours, each with the codes it may be."""
Finder = Callable[[str], Sequence[str]]


def tables(*, full: bool) -> Iterator[Table]:
    """Look for the forty, in our own few diagnoses and in the list."""
    rounds = 50 if full else 10
    path = Path(os.environ.get("BENCH_DATA", "")) / "icd10.csv.gz"
    with _session() as own:
        rows = [_row("ours alone", lambda text: _codes(own, text), rounds)]
    notes = ["ours alone: 8 of the 40 are of none of ours"]
    if path.exists():
        with _session() as listed:
            diagnosis.enter(listed, open_table(path))
            began = time.process_time()
            diagnosis.find(listed, "x")
            took = time.process_time() - began
            rows.append(_row("with the list", lambda text: _codes(listed, text), rounds))
            titles = {
                code: f"{name} {other or ''}".lower()
                for code, name, other in listed.execute(
                    select(Diagnosis.code, Diagnosis.name, Diagnosis.other_name)
                )
            }
            rows.append(_row("RapidFuzz over the list", lambda text: _peer(titles, text), 1))
            notes.append(f"{len(titles):,} diagnoses, read and indexed in {took:.1f} s")
    else:
        notes.append("set BENCH_DATA to a folder with icd10.csv.gz for the whole list")
    yield Table(
        title="Diagnoses by forty names",
        columns=("finder", "first %", "of five %", "middle ms", "p99 ms"),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _session() -> Session:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return Session(engine, info={"atlas": Holder()})


def _codes(session: Session, text: str) -> list[str]:
    return [one.code for one in diagnosis.find(session, text)]


def _peer(titles: dict[str, str], text: str) -> list[str]:
    found = process.extract(text.lower(), titles, scorer=fuzz.token_set_ratio, limit=5)
    return [code for _, _, code in found]


def _row(finder: str, find: Finder, rounds: int) -> tuple[str, float, float, float, float]:
    first = five = 0
    seconds = []
    for text, codes in MEANT.items():
        for _ in range(rounds):
            began = time.process_time()
            found = find(text)
            seconds.append(time.process_time() - began)
        first += bool(found) and found[0] in codes.split()
        five += bool({*found} & {*codes.split()})
    seconds.sort()
    count = len(MEANT)
    return (
        finder,
        100 * first / count,
        100 * five / count,
        1000 * seconds[len(seconds) // 2],
        1000 * seconds[len(seconds) * 99 // 100],
    )
