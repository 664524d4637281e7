"""With how many participants a facility was in contact."""

from handlers.call import Call
from services import ledger


def show(call: Call) -> None:
    """An admin taps «Angka kontak»."""
    ledger.show(call.session, call.caller, at=call.at)


def ask_registered(call: Call) -> None:
    """An admin taps «Jumlah peserta terdaftar»."""
    ledger.ask_registered(call.session, call.caller, call.number(), at=call.at)
