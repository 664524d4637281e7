"""The facility's day."""

from handlers.call import Call
from services import today


def show(call: Call) -> None:
    """An admin taps «Antrean hari ini»."""
    today.show(call.session, call.caller, at=call.at)


def call_out(call: Call) -> None:
    """An admin taps «Panggil petugas»."""
    today.call_out(call.session, call.caller, call.number(), at=call.at)
