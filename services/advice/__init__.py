"""Closing a consultation with advice, in the profession's own short form.

holding.py   what a closing holds, and how one message is told apart
page.py      the closing as its worker sees it: what is there, what is missing, how it can end
draft.py     the closing that was begun: found, shown, asked on where it is half
referring.py to which poli and hospital, where a referral is needed
writing.py   from «Tutup dengan nasihat» to a form that is filled
coding.py    the code of ICD-10: offered, looked for, tapped
choosing.py  what else is tapped there: medicine, a day, another way to end
ending.py    sent and closed in one step, or not at all
"""

from services.advice.choosing import (
    choose_control,
    choose_medicine,
    show_days,
    show_ends,
    show_form,
    show_medicines,
)
from services.advice.coding import ask_code, choose_code
from services.advice.draft import take
from services.advice.ending import OUTCOMES, delivered, give
from services.advice.holding import Closing, held
from services.advice.page import lines
from services.advice.referring import choose_place, choose_poli, look_elsewhere
from services.advice.writing import begin, leave, rewrite, write

__all__ = [
    "OUTCOMES",
    "Closing",
    "ask_code",
    "begin",
    "choose_code",
    "choose_control",
    "choose_medicine",
    "choose_place",
    "choose_poli",
    "delivered",
    "give",
    "held",
    "leave",
    "lines",
    "look_elsewhere",
    "rewrite",
    "show_days",
    "show_ends",
    "show_form",
    "show_medicines",
    "take",
    "write",
]
