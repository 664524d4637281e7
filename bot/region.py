"""What `telekonsul region …` does."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from sqlalchemy.orm import Session

from bot.commands import transaction
from services import region
from services.region import listing

SHOWN = 20
"""Refused lines that are printed; with --json all of them are."""


def import_(chosen: Namespace) -> int:
    """Enter lists of regions, and tell what became of every line; 1 where a line was refused."""
    reports = {}
    with transaction() as session:
        for name in chosen.file:
            try:
                reports[name] = region.enter(session, listing.read(Path(name)), _tell)
            except (OSError, ValueError) as error:
                raise RuntimeError(f"{name}: {error}. Nothing was imported") from None
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if chosen.json:
        print(json.dumps({name: _record(report) for name, report in reports.items()}))
    else:
        for name, report in reports.items():
            _show(name, report)
    return 1 if any(report.rejected for report in reports.values()) else 0


def search(chosen: Namespace) -> int:
    """Print the places that words may mean; 1 where there are none."""
    text = " ".join(chosen.words)
    with transaction() as session:
        if text == "-":
            for line in sys.stdin:
                print(json.dumps(_answers(session, line), ensure_ascii=False), flush=True)
            return 0
        found = _answers(session, text)
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for one in found:
            print(f"{one['code']:13}  {one['score']:>5}  {one['name']}")
    return 0 if found else 1


def _answers(session: Session, text: str) -> list[dict[str, object]]:
    return [
        {"code": one.place.code, "name": region.name(session, one.place.code), "score": one.score}
        for one in region.find(session, text)
    ]


def _tell(done: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} regions", end="", file=sys.stderr, flush=True)


def _record(report: region.Report) -> dict[str, object]:
    return vars(report) | {"rejected": [one._asdict() for one in report.rejected]}


def _show(name: str, report: region.Report) -> None:
    print(
        f"{name}: {report.added:,} added, {report.changed:,} changed, "
        f"{report.unchanged:,} unchanged, {len(report.rejected):,} rejected"
    )
    for one in report.rejected[:SHOWN]:
        print(f"  line {one.line}: {one.code or '(no code)'}: {one.reason}")
    if len(report.rejected) > SHOWN:
        print(f"  … and {len(report.rejected) - SHOWN:,} more: --json names them all")
