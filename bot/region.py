"""What `telekonsul region …` does."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from sqlalchemy.orm import Session

from bot import reference
from bot.commands import transaction
from services import region
from services.region import listing


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
        print(json.dumps({name: reference.record(report) for name, report in reports.items()}))
    else:
        for name, report in reports.items():
            reference.show(name, report)
    return 1 if any(report.rejected for report in reports.values()) else 0


def search(chosen: Namespace) -> int:
    """Print the places that words may mean; 1 where there are none."""
    return reference.search(chosen, _answers, width=13)


def _answers(session: Session, text: str) -> list[dict[str, object]]:
    return [
        {"code": one.place.code, "name": region.name(session, one.place.code), "score": one.score}
        for one in region.find(session, text)
    ]


def _tell(done: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} regions", end="", file=sys.stderr, flush=True)
