"""Corrections of advice that was sent."""

from handlers.call import Call
from services import amendment


def begin(call: Call) -> None:
    """A worker taps «Koreksi»."""
    amendment.begin(call.session, call.caller, call.number(), at=call.at)


def begin_by_number(call: Call) -> None:
    """A worker says /koreksi and a number."""
    amendment.begin_by_number(call.session, call.caller, call.payload, at=call.at)


def leave(call: Call) -> None:
    """A worker taps «Batal»."""
    amendment.leave(call.session, call.caller, at=call.at)


def give(call: Call) -> None:
    """A worker taps «Kirim koreksi»."""
    amendment.give(call.session, call.caller, call.number(), at=call.at)
