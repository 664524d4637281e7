"""Quick replies: the admin keeps them, a worker sends them."""

from handlers.call import Call
from services import shortcut


def show(call: Call) -> None:
    """An admin taps «Balasan cepat»."""
    shortcut.show(call.session, call.caller, call.number(), at=call.at)


def ask_new(call: Call) -> None:
    """An admin taps «Tambah»."""
    shortcut.ask_new(call.session, call.caller, call.number(), at=call.at)


def strike(call: Call) -> None:
    """An admin takes one away."""
    page = call.pressed_message_id
    shortcut.strike(call.session, call.caller, call.number(), page, at=call.at)


def offer(call: Call) -> None:
    """A worker taps «Balasan cepat»."""
    shortcut.offer(call.session, call.caller, call.number(), at=call.at)


def send(call: Call) -> None:
    """A worker taps one."""
    one, chosen, page = call.number(), call.number(2), call.pressed_message_id
    shortcut.send(call.session, call.caller, one, chosen, page, at=call.at)
