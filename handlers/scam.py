"""Fraud in our name."""

from handlers.call import Call
from services import scam


def offer(call: Call) -> None:
    """Somebody says /penipuan."""
    scam.offer(call.session, call.caller, at=call.at)


def report(call: Call) -> None:
    """Somebody taps what happened."""
    scam.report(call.session, call.caller, call.text(), at=call.at)
