"""A phone that several people hold: advice behind a PIN, shown for a short while, then taken away.

What was forgotten is given anew at the facility only, to the person who is there.
"""

from services.privacy.asking import begin, end, hear, keeps, show
from services.privacy.forgetting import forget, renew
from services.privacy.keeping import hide, note_shown, of, sweep

__all__ = [
    "begin",
    "end",
    "forget",
    "hear",
    "hide",
    "keeps",
    "note_shown",
    "of",
    "renew",
    "show",
    "sweep",
]
