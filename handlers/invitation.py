"""What becomes of an invitation; it is opened by /start."""

from handlers.call import Call
from services import invitation


def take_back(call: Call) -> None:
    """An admin taps «Batalkan undangan»."""
    invitation.take_back(call.session, call.caller, call.number(), at=call.at)
