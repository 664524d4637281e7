"""Who is on duty: by hand (`switching`), by a weekly roster (`roster`), and what becomes of open
consultations when somebody leaves (`leaving`)."""

from services.duty.leaving import WAYS, another, leave
from services.duty.switching import (
    RESTS,
    come_back,
    done,
    keep_roster,
    missed,
    on_duty,
    ready,
    rest,
    show,
    sweep,
)

__all__ = [
    "RESTS",
    "WAYS",
    "another",
    "come_back",
    "done",
    "keep_roster",
    "leave",
    "missed",
    "on_duty",
    "ready",
    "rest",
    "show",
    "sweep",
]
