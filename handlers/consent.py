"""Yes, no, and no longer."""

from handlers.call import Call
from services import consent


def agree(call: Call) -> None:
    """Somebody taps «Setuju»."""
    consent.agree(call.session, call.caller, call.text(), at=call.at)


def disagree(call: Call) -> None:
    """Somebody taps «Tidak setuju»."""
    consent.disagree(call.session, call.caller, at=call.at)


def withdraw(call: Call) -> None:
    """Somebody says /batalsetuju."""
    consent.withdraw(call.session, call.caller, at=call.at)
