"""Yes, no, and no longer."""

from handlers.call import Call
from services import talk


def agree(call: Call) -> None:
    """Somebody taps «Setuju»."""
    talk.agree(call.session, call.caller, call.text(), at=call.at)


def disagree(call: Call) -> None:
    """Somebody taps «Tidak setuju»."""
    talk.disagree(call.session, call.caller, at=call.at)


def withdraw(call: Call) -> None:
    """Somebody says /batalsetuju."""
    talk.take_back(call.session, call.caller, at=call.at)
