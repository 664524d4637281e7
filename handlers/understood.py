"""Whether advice was understood."""

from handlers.call import Call
from services import understood


def yes(call: Call) -> None:
    """An asker taps «Sudah paham»."""
    page = call.pressed_message_id
    understood.yes(call.session, call.caller, call.number(), page, at=call.at)


def unclear(call: Call) -> None:
    """An asker taps «Belum paham»."""
    page = call.pressed_message_id
    understood.no(call.session, call.caller, call.number(), "unclear", page, at=call.at)


def explain(call: Call) -> None:
    """An asker taps «Minta dijelaskan»."""
    page = call.pressed_message_id
    understood.no(call.session, call.caller, call.number(), "explain", page, at=call.at)
