"""What `telekonsul icd10 …` does."""

import json
from argparse import Namespace
from pathlib import Path

from sqlalchemy.orm import Session

from bot import reference
from bot.commands import transaction
from services import diagnosis
from services.listing import RefusedFile, open_table


def import_(chosen: Namespace) -> int:
    """Enter a list of diagnoses, and tell what became of it; 1 where a line was refused."""
    with transaction() as session:
        try:
            report = diagnosis.enter(session, open_table(Path(chosen.file)))
        except RefusedFile as refused:
            raise RuntimeError(f"{chosen.file}: {refused}. Nothing was imported") from None
    if chosen.json:
        print(json.dumps(reference.record(report)))
    else:
        reference.show(chosen.file, report)
    return 1 if report.rejected else 0


def search(chosen: Namespace) -> int:
    """Print the diagnoses that words may mean; 1 where there are none."""
    return reference.search(chosen, _answers, width=7)


def _answers(session: Session, text: str) -> list[dict[str, object]]:
    return [one._asdict() for one in diagnosis.find(session, text)]
