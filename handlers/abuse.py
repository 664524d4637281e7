"""A worker reports an asker; an admin decides."""

from handlers.call import Call
from services import abuse


def offer(call: Call) -> None:
    """A worker taps «Laporkan»."""
    abuse.offer(call.session, call.caller, call.number(), at=call.at)


def report(call: Call) -> None:
    """A worker says what it was."""
    abuse.report(call.session, call.caller, call.number(), call.text(2), at=call.at)


def block(call: Call) -> None:
    """An admin taps «Blokir»."""
    page = call.pressed_message_id
    abuse.block(call.session, call.caller, call.number(), True, page, at=call.at)


def no_block(call: Call) -> None:
    """An admin taps «Tidak perlu»."""
    page = call.pressed_message_id
    abuse.block(call.session, call.caller, call.number(), False, page, at=call.at)


def unblock(call: Call) -> None:
    """An admin taps «Buka blokir»."""
    abuse.unblock(call.session, call.caller, call.number(), call.pressed_message_id, at=call.at)
