"""What is understood of made-up sentences: dangers heard, false alarms, fields read, and how fast.

Beside it the first word list of this project: phrases looked for as they are written.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.table import Table
from services import intake
from services.danger import find

DATA = Path(__file__).parent.parent / "tests" / "data"
FIRST_LIST = (
    "kejang", "step", "stuip", "tidak sadar", "pingsan", "sesak napas", "sesak nafas", "bibir biru",
    "tersedak", "nyeri dada", "mulut mencong", "bicara pelo", "pendarahan", "perdarahan",
    "muntah darah", "bab darah", "ketuban pecah", "tidak mau menyusu", "muntah semua", "keracunan",
    "digigit ular", "bunuh diri", "ingin mati", "dipukuli", "diperkosa",
)  # fmt: skip
EXACT = {"age_years": 0.1, "duration_days": 0.5}
YOUNG = 0.02
"""Years by which the age of somebody under one may be off."""


def tables(*, full: bool) -> Iterator[Table]:
    """Give what is heard of dangers, and what is read of requests; `full` changes nothing."""
    yield _danger(_lines("dev_danger.jsonl"))
    yield _intake(_lines("dev_intake.jsonl"))


def _danger(sentences: Sequence[dict[str, Any]]) -> Table:
    dangers = [one for one in sentences if one["danger"]]
    others = [one for one in sentences if not one["danger"]]
    rows = []
    for name, hear in (("net", find), ("first word list", _first_list)):
        microseconds = _each(hear, sentences)
        heard = sum(bool(hear(one["text"])) for one in dangers)
        false = sum(bool(hear(one["text"])) for one in others)
        grouped = (
            sum(one["group"] in hear(one["text"]) for one in dangers) if name == "net" else None
        )
        rows.append((name, heard / len(dangers), false / len(others), grouped, microseconds))
    columns = ("", "dangers heard", "false alarms", "right group", "µs a sentence")
    return Table(f"danger signs in {len(sentences)} made-up sentences", columns, rows)


def _first_list(text: str) -> list[str]:
    return [phrase for phrase in FIRST_LIST if phrase in text.lower()]


def _each(work: Callable[[str], object], sentences: Sequence[dict[str, Any]]) -> float:
    for one in sentences:
        work(one["text"])
    began = time.perf_counter()
    for one in sentences:
        work(one["text"])
    return (time.perf_counter() - began) / len(sentences) * 1e6


def _intake(sentences: Sequence[dict[str, Any]]) -> Table:
    right: dict[str, list[bool]] = {}
    for one in sentences:
        for field, is_right in fields(one):
            right.setdefault(field, []).append(is_right)
    rows = [(field, len(all_), sum(all_) / len(all_)) for field, all_ in right.items()]
    every = [one for all_ in right.values() for one in all_]
    rows.append(("all", len(every), sum(every) / len(every)))
    return Table(f"fields read of {len(sentences)} requests", ("", "asked", "right"), rows)


def fields(sentence: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Give for each field that a sentence is asked about whether it was read right."""
    expected = sentence["expect"] if isinstance(sentence["expect"], list) else [sentence["expect"]]
    on = date.fromisoformat(sentence.get("as_of", "2026-11-22"))
    read = [*intake.read(sentence["text"], on=on), *[intake.Intake()] * len(expected)]
    for want, got in zip(expected, read, strict=False):
        for field, value in want.items():
            if field == "complaint_contains":
                yield field, all(part in (got.complaint or "").lower() for part in value)
            else:
                tolerance = sentence.get("tolerance", {})
                yield field, _equal(field, value, getattr(got, field), tolerance)


def _equal(field: str, want: Any, got: Any, tolerance: dict[str, float]) -> bool:
    if want is None or got is None:
        return want is got
    if field not in EXACT:
        return bool(str(want).lower() == str(got).lower())
    young = field == "age_years" and want < 1
    return bool(abs(want - got) <= tolerance.get(field, YOUNG if young else EXACT[field]))


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
