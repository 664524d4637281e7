"""What `telekonsul export` does."""

import csv
import json
import sys
from argparse import Namespace
from datetime import UTC, datetime

from sqlalchemy import select

from bot.commands import transaction
from models.facility import Facility
from services import visit

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


def export(chosen: Namespace) -> int:
    """Print what ended at a facility of ours on a day, as CSV or JSON; 1 where there is nothing."""
    with transaction() as session:
        ours = select(Facility).where(Facility.code == chosen.facility, Facility.is_ours)
        home = session.scalars(ours).first()
        if home is None:
            raise RuntimeError(f"{chosen.facility} is none of our facilities")
        rows = visit.rows(session, home, chosen.day, at=datetime.now(UTC))
    if chosen.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0 if rows else 1
    out = csv.DictWriter(sys.stdout, visit.COLUMNS, lineterminator="\n")
    out.writeheader()
    out.writerows({key: _safe(value) for key, value in row.items()} for row in rows)
    print(f"{len(rows):,} consultations of {chosen.day}", file=sys.stderr)
    return 0 if rows else 1


def _safe(value: str) -> str:
    """Give a cell that no spreadsheet calculates."""
    return f"'{value}" if value.startswith(RISKY) else value
