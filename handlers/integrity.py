"""Whether a consultation took place, in its asker's words."""

from handlers.call import Call
from services import integrity


def answer(call: Call) -> None:
    """An asker taps «Ya» or «Tidak» below the question days later."""
    is_real = call.text(2) == "1"
    integrity.answer(call.session, call.caller, call.number(), is_real=is_real, at=call.at)
