"""What was advised before."""

from handlers.call import Call
from services import history


def show(call: Call) -> None:
    """Somebody says /riwayat."""
    history.show(call.session, call.caller, at=call.at)


def go_on(call: Call) -> None:
    """An asker taps «Lebih lama»."""
    history.show(call.session, call.caller, call.number(), at=call.at)


def read(call: Call) -> None:
    """An asker taps a number of the list."""
    history.read(call.session, call.caller, call.number(), at=call.at)


def keep(call: Call) -> None:
    """An asker taps «Simpan PDF»."""
    history.keep(call.session, call.caller, call.number(), at=call.at)
