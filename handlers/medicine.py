"""The medicines that workers of a facility may name."""

from handlers.call import Call
from services import medicine


def show(call: Call) -> None:
    """An admin taps «Daftar obat»."""
    medicine.show(call.session, call.caller, call.number(), at=call.at)


def go_on(call: Call) -> None:
    """An admin taps «Lagi» below the list."""
    medicine.show(call.session, call.caller, call.number(), int(call.text(2)), at=call.at,
                  message_id=call.pressed_message_id)  # fmt: skip


def ask_new(call: Call) -> None:
    """An admin taps «Tambah obat»."""
    medicine.ask_new(call.session, call.caller, call.number(), at=call.at)


def strike(call: Call) -> None:
    """An admin takes a medicine off the list."""
    medicine.strike(call.session, call.caller, call.number(), call.pressed_message_id, at=call.at)


def call_doctors(call: Call) -> None:
    """An admin taps «Minta dokter menandatangani»."""
    medicine.call_doctors(call.session, call.caller, call.number(), at=call.at)


def ask_paper(call: Call) -> None:
    """An admin taps «Apoteker, di kertas»."""
    medicine.ask_paper(call.session, call.caller, call.number(), at=call.at)


def sign(call: Call) -> None:
    """A doctor signs the list they have read."""
    medicine.sign(call.session, call.caller, call.number(), call.text(2), at=call.at)
