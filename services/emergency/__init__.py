"""Emergency: the numbers to call, and the card of a village that names them.

number.py      the numbers of a facility and of a district
reminder.py    the page on which admins keep them, and the reminder each month
"""

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
from services.emergency.village import spot, spot_of

__all__ = [
    "STALE",
    "adopt",
    "answer_number",
    "ask_new",
    "ask_other",
    "confirm",
    "is_due",
    "is_stale",
    "lines",
    "numbers",
    "of_district",
    "read",
    "remind",
    "remove",
    "set_number",
    "show_numbers",
    "spot",
    "spot_of",
    "strike",
    "takes_number",
]
