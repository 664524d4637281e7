"""Closing a consultation with advice, in the profession's own short form.

holding.py   what a closing holds, and how one message is told apart
page.py      the closing as its worker sees it: what is there, what is missing, how it can end
writing.py   from «Tutup dengan nasihat» to a form that is filled
choosing.py  what is tapped there: a code, a day, another way to end
ending.py    sent and closed in one step, or not at all
"""

from services.advice.choosing import (
    choose_code,
    choose_control,
    choose_medicine,
    show_days,
    show_ends,
    show_form,
    show_medicines,
)
from services.advice.ending import OUTCOMES, delivered, give
from services.advice.holding import Closing, held
from services.advice.page import lines
from services.advice.writing import begin, leave, rewrite, take, write

__all__ = [
    "OUTCOMES",
    "Closing",
    "begin",
    "choose_code",
    "choose_control",
    "choose_medicine",
    "delivered",
    "give",
    "held",
    "leave",
    "lines",
    "rewrite",
    "show_days",
    "show_ends",
    "show_form",
    "show_medicines",
    "take",
    "write",
]
