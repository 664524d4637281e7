"""Who is offered what: rounds of offers to the best free workers, the longest waiting first.

`rule` decides and knows no database, `row` gives it what it needs, `matching` brings both together
and `offering` says so; `why` explains it to staff and askers.
"""

from services.dispatch.matching import (
    crew_size,
    decide,
    decide_for,
    everybody,
    feed,
    match,
    place,
    reachable,
    skip,
    sweep,
)
from services.dispatch.offering import (
    COMPLAINT,
    complaint_of,
    end,
    end_all,
    offer,
    redraw,
    release,
    standing,
    taken,
)
from services.dispatch.row import crew, may_have, on_duty, professions
from services.dispatch.rule import MISSES
from services.dispatch.why import lines, told

__all__ = [
    "COMPLAINT",
    "MISSES",
    "complaint_of",
    "crew",
    "crew_size",
    "decide",
    "decide_for",
    "end",
    "end_all",
    "everybody",
    "feed",
    "lines",
    "match",
    "may_have",
    "offer",
    "on_duty",
    "place",
    "professions",
    "reachable",
    "redraw",
    "release",
    "skip",
    "standing",
    "sweep",
    "taken",
    "told",
]
