"""What `telekonsul icd10 …` does."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from sqlalchemy.orm import Session

from bot.commands import transaction
from services import diagnosis
from services.listing import RefusedFile, open_table

SHOWN = 20
"""Refused lines that are printed; with --json all of them are."""


def import_(chosen: Namespace) -> int:
    """Enter a list of diagnoses, and tell what became of it; 1 where a line was refused."""
    with transaction() as session:
        try:
            report = diagnosis.enter(session, open_table(Path(chosen.file)))
        except RefusedFile as refused:
            raise RuntimeError(f"{chosen.file}: {refused}. Nothing was imported") from None
    if chosen.json:
        rejected = [one._asdict() for one in report.rejected]
        print(json.dumps(vars(report) | {"rejected": rejected}))
    else:
        print(
            f"{chosen.file}: {report.added:,} added, {report.changed:,} changed, "
            f"{report.unchanged:,} unchanged, {len(report.rejected):,} rejected"
        )
        for one in report.rejected[:SHOWN]:
            print(f"  line {one.line}: {one.code or '(no code)'}: {one.reason}")
    return 1 if report.rejected else 0


def search(chosen: Namespace) -> int:
    """Print the diagnoses that words may mean; 1 where there are none."""
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
            print(f"{one['code']:7}  {one['score']:>4}  {one['name']}")
    return 0 if found else 1


def _answers(session: Session, text: str) -> list[dict[str, object]]:
    return [one._asdict() for one in diagnosis.find(session, text)]
