"""Emergency: the numbers to call, and the card of a village that names them.

number.py      the numbers of a facility and of a district
reminder.py    the page on which admins keep them, and the reminder each month
place.py       where somebody probably is
card.py        what the card of a village says
asking.py      of which village somebody wants it
keeping.py     shown, pinned, sent anew when it changes
"""

from services.emergency.asking import ask, begin, choose, hear
from services.emergency.card import brief, card
from services.emergency.keeping import delivered, pin, refresh
from services.emergency.number import (
    STALE,
    adopt,
    is_stale,
    lines,
    numbers,
    of_district,
    read,
    remove,
    set_number,
)
from services.emergency.place import code_of, spot, spot_of
from services.emergency.reminder import (
    answer_number,
    ask_new,
    ask_other,
    confirm,
    is_due,
    remind,
    show_numbers,
    strike,
    takes_number,
)

__all__ = [
    "STALE",
    "adopt",
    "answer_number",
    "ask",
    "ask_new",
    "ask_other",
    "begin",
    "brief",
    "card",
    "choose",
    "code_of",
    "confirm",
    "delivered",
    "hear",
    "is_due",
    "is_stale",
    "lines",
    "numbers",
    "of_district",
    "pin",
    "read",
    "refresh",
    "remind",
    "remove",
    "set_number",
    "show_numbers",
    "spot",
    "spot_of",
    "strike",
    "takes_number",
]
