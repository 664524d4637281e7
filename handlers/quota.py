"""«Hemat kuota»."""

from handlers.call import Call
from services import quota


def offer(call: Call) -> None:
    """Somebody says /hemat."""
    quota.offer(call.session, call.caller, at=call.at)


def choose(call: Call) -> None:
    """Somebody turns it on or off."""
    quota.choose(call.session, call.caller, call.text() == "1", at=call.at)


def fetch(call: Call) -> None:
    """Somebody taps «Lihat» below the line that stands for a medium."""
    quota.fetch(call.session, call.caller, call.number(), at=call.at)
