"""What is wrong in the directory: reported by anybody, put right by an admin."""

from handlers.call import Call
from models.facility import Has
from services import correction


def ask(call: Call) -> None:
    """Somebody taps «Laporkan data salah»."""
    correction.ask(call.session, call.caller, call.number(), at=call.at)


def report(call: Call) -> None:
    """Somebody taps what is wrong."""
    correction.report(call.session, call.caller, call.number(), call.text(2), at=call.at)


def show(call: Call) -> None:
    """An admin taps «Laporan data»."""
    correction.show(call.session, call.caller, at=call.at)


def open_(call: Call) -> None:
    """An admin taps a facility of the list."""
    correction.open_(call.session, call.caller, call.number(), at=call.at)


def begin(call: Call) -> None:
    """An admin taps what to change."""
    correction.begin(call.session, call.caller, call.number(), call.text(2), at=call.at)


def lie(call: Call) -> None:
    """An admin taps one of several villages in which a facility may lie."""
    correction.lie(call.session, call.caller, call.number(), call.text(2), at=call.at)


def confirm(call: Call) -> None:
    """An admin taps «IGD ada» or «IGD tidak ada»."""
    what, holds = Has(call.text(2)), call.text(3) == "1"
    correction.confirm(call.session, call.caller, call.number(), what, holds, at=call.at)


def settle(call: Call) -> None:
    """An admin taps «Sudah dibetulkan» or «Tidak ada yang salah»."""
    correction.settle(call.session, call.caller, call.number(), call.text(2) == "1", at=call.at)
