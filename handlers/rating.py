"""How helpful it was."""

from handlers.call import Call
from services import rating


def rate(call: Call) -> None:
    """An asker taps a mark."""
    mark, page = call.text(2), call.pressed_message_id
    rating.rate(call.session, call.caller, call.number(), mark, page, at=call.at)


def comment(call: Call) -> None:
    """An asker taps «Tulis kesan»."""
    rating.comment(call.session, call.caller, call.number(), at=call.at)
