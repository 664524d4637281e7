"""Somebody of the same sex to answer."""

from handlers.call import Call
from models.role import Sex
from services import likeness


def wish(call: Call) -> None:
    """An asker taps «Minta petugas perempuan» or «laki-laki»."""
    likeness.wish(call.session, call.caller, call.number(), at=call.at)


def tell(call: Call) -> None:
    """A worker taps «Saya perempuan» or «Saya laki-laki»."""
    likeness.tell(call.session, call.caller, Sex(call.text()), at=call.at)
