"""A worker looks for help with a patient."""

from handlers.call import Call
from services import colleague, desk


def offer(call: Call) -> None:
    """A worker taps «Bantuan rekan»."""
    colleague.offer(call.session, call.caller, call.number(), at=call.at)


def missing(call: Call) -> None:
    """A worker taps «Tanya penanya dulu»."""
    desk.missing.ask(call.session, call.caller, call.number(), at=call.at)
