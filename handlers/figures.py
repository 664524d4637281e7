"""A worker's own figures."""

from handlers.call import Call
from services import figures


def show(call: Call) -> None:
    """A worker taps «Angka saya»."""
    figures.show(call.session, call.caller, at=call.at)
