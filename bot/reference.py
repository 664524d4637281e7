"""What the commands about regions and about diagnoses have in common: a report, and a search."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from bot.commands import transaction
from services.entered import Report

SHOWN = 20
"""Refused lines that are printed; with --json all of them are."""
Answers = Sequence[dict[str, object]]


def record(report: Report) -> dict[str, object]:
    """Give a report for a program."""
    return vars(report) | {"rejected": [one._asdict() for one in report.rejected]}


def show(name: str, report: Report) -> None:
    """Print a report for people."""
    print(
        f"{name}: {report.added:,} added, {report.changed:,} changed, "
        f"{report.unchanged:,} unchanged, {len(report.rejected):,} rejected"
    )
    for one in report.rejected[:SHOWN]:
        print(f"  line {one.line}: {one.code or '(no code)'}: {one.reason}")
    if len(report.rejected) > SHOWN:
        print(f"  … and {len(report.rejected) - SHOWN:,} more: --json names them all")


def search(chosen: Namespace, find: Callable[[Session, str], Answers], *, width: int) -> int:
    """Print what words may mean, `width` letters for the codes; 1 where that is nothing. With «-»
    each line of standard input is answered by a line."""
    text = " ".join(chosen.words)
    with transaction() as session:
        if text == "-":
            for line in sys.stdin:
                print(json.dumps(find(session, line), ensure_ascii=False), flush=True)
            return 0
        found = find(session, text)
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for one in found:
            print(f"{one['code']:{width}}  {one['score']:>5}  {one['name']}")
    return 0 if found else 1
