"""The medicines that workers of a facility may name, none until a doctor or a pharmacist signed.

listed.py   which these are, what is entered and signed
keeping.py  what the admin and the signing doctor do in the chat
"""

from services.medicine.keeping import (
    ask_new,
    ask_paper,
    call_doctors,
    hear,
    show,
    sign,
    strike,
)
from services.medicine.listed import allowed, unsigned

__all__ = [
    "allowed",
    "ask_new",
    "ask_paper",
    "call_doctors",
    "hear",
    "show",
    "sign",
    "strike",
    "unsigned",
]
