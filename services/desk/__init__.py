"""A worker's desk: several patients on one phone, none taken for another.

focus.py    whom the worker has opened, and until when that is beyond doubt
keys.py     the keys below the writing line, one for each patient
panel.py    what a worker does about one patient: see, note, answer, close
note.py     words that stay with the record; bundle.py words that are sent as one message
"""

from services.desk import bundle, focus, note
from services.desk.keys import gained, left, press, pressed
from services.desk.panel import open_panel, show_before, show_card, ways

__all__ = [
    "bundle",
    "focus",
    "gained",
    "left",
    "note",
    "open_panel",
    "press",
    "pressed",
    "show_before",
    "show_card",
    "ways",
]
