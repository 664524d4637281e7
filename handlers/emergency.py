"""Emergency cards, and the numbers on them."""

from handlers.call import Call
from services import emergency


def begin(call: Call) -> None:
    """Somebody says /darurat."""
    emergency.begin(call.session, call.caller, at=call.at)


def ask(call: Call) -> None:
    """Somebody taps «Desa lain»."""
    emergency.ask(call.session, call.caller, at=call.at)


def choose(call: Call) -> None:
    """Somebody taps one of several villages."""
    emergency.choose(call.session, call.caller, call.text(), at=call.at)


def pin(call: Call) -> None:
    """Somebody taps «Sematkan»."""
    code, mark, card = call.text(1), call.text(2), call.pressed_message_id
    emergency.pin(call.session, call.caller, code, mark, card, at=call.at)


def show_numbers(call: Call) -> None:
    """An admin taps «Nomor darurat»."""
    emergency.show_numbers(call.session, call.caller, call.number(), at=call.at)


def confirm(call: Call) -> None:
    """An admin called a number and taps «Masih benar»."""
    number, page = call.number(), call.pressed_message_id
    emergency.confirm(call.session, call.caller, number, page, at=call.at)


def strike(call: Call) -> None:
    """An admin taps «Hapus»."""
    number, page = call.number(), call.pressed_message_id
    emergency.strike(call.session, call.caller, number, page, at=call.at)


def ask_other(call: Call) -> None:
    """An admin taps «Ganti»."""
    emergency.ask_other(call.session, call.caller, call.number(), at=call.at)


def ask_new(call: Call) -> None:
    """An admin taps «Tambah nomor»."""
    emergency.ask_new(call.session, call.caller, call.number(), at=call.at)
