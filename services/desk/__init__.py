"""A worker's desk: several patients on one phone, none taken for another.

focus.py    whom the worker has opened, and until when that is beyond doubt
keys.py     the keys below the writing line, one for each patient
panel.py    what a worker does about one patient: see, note, answer, close
note.py     words that stay with the record; bundle.py words that are sent as one message
missing.py  a question that the asker has to answer first; place.py what it frees
hearing.py  which of these the worker's next words are for
"""

from services.desk import bundle, focus, missing, note, place
from services.desk.hearing import ANSWERS, hear
from services.desk.keys import gained, left, press, pressed
from services.desk.panel import open_panel, show_before, show_card, ways

__all__ = [
    "ANSWERS",
    "bundle",
    "focus",
    "gained",
    "hear",
    "left",
    "missing",
    "note",
    "open_panel",
    "place",
    "press",
    "pressed",
    "show_before",
    "show_card",
    "ways",
]
