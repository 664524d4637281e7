"""What people find wrong in the directory, and how an admin puts it right in the chat."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.message import Words
from services.correction import mending, reporting
from services.correction.mending import MENDS, begin, confirm, lie, open_, settle, show
from services.correction.reporting import WRONGS, ask, count, report
from services.person import Caller

__all__ = [
    "MENDS",
    "WRONGS",
    "ask",
    "begin",
    "confirm",
    "count",
    "hear",
    "lie",
    "open_",
    "report",
    "settle",
    "show",
]


def hear(session: Session, caller: Caller, said: Words, *, at: datetime) -> bool:
    """Take words that answer an open question about a facility; False when they are something
    else."""
    return reporting.hear(session, caller, said, at=at) or mending.hear(
        session, caller, said, at=at
    )
