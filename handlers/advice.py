"""Closing with advice."""

from handlers.call import Call
from models.consultation import Outcome
from services import advice


def begin(call: Call) -> None:
    """A worker taps «Tutup dengan nasihat»."""
    advice.begin(call.session, call.caller, call.number(), at=call.at)


def leave(call: Call) -> None:
    """A worker taps «Belum, lanjut bercakap»."""
    advice.leave(call.session, call.caller, call.number(), at=call.at)


def give(call: Call) -> None:
    """A worker taps one of the ways to send the advice."""
    advice.give(call.session, call.caller, call.number(), Outcome(call.text(2)), at=call.at)
