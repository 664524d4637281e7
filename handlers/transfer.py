"""A patient is handed to a colleague."""

from handlers.call import Call
from services import transfer


def ask_whom(call: Call) -> None:
    """A worker taps «Serahkan ke rekan»."""
    transfer.ask_whom(call.session, call.caller, call.number(), at=call.at)


def ask_why(call: Call) -> None:
    """A worker taps a colleague."""
    transfer.ask_why(call.session, call.caller, call.number(), call.number(2), at=call.at)


def give(call: Call) -> None:
    """A worker taps the reason."""
    one, role, reason = call.number(), call.number(2), call.text(3)
    transfer.give(call.session, call.caller, one, role, reason, at=call.at)
