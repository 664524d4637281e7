"""A colleague is asked about one patient."""

from handlers.call import Call
from services import opinion


def ask_whom(call: Call) -> None:
    """A worker taps «Minta pendapat»."""
    opinion.ask_whom(call.session, call.caller, call.number(), at=call.at)


def ask_question(call: Call) -> None:
    """A worker taps a colleague."""
    opinion.ask_question(call.session, call.caller, call.number(), call.number(2), at=call.at)


def join(call: Call) -> None:
    """The colleague taps «Lihat kasusnya»."""
    opinion.join(call.session, call.caller, call.number(), at=call.at)


def ask(call: Call) -> None:
    """The colleague taps «Tambah pendapat»."""
    opinion.ask(call.session, call.caller, call.number(), at=call.at)


def leave(call: Call) -> None:
    """The colleague taps «Keluar»."""
    opinion.leave(call.session, call.caller, call.number(), at=call.at)
