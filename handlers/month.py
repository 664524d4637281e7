"""What the askers of a month said of how it was."""

from handlers.call import Call
from services import month


def show(call: Call) -> None:
    """An admin taps «Bulan ini», or the month before."""
    month.show(call.session, call.caller, call.number(), at=call.at)
