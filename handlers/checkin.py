"""How it is now, and when that is asked."""

from handlers.call import Call
from services import checkin


def plan(call: Call) -> None:
    """A worker taps a day, or «Tidak perlu»."""
    days, page = int(call.text(2)), call.pressed_message_id
    checkin.plan(call.session, call.caller, call.number(), days, page, at=call.at)


def show_days(call: Call) -> None:
    """A worker taps «Tanggal lain»."""
    page = call.pressed_message_id
    checkin.show_days(call.session, call.caller, call.number(), page, at=call.at)


def well(call: Call) -> None:
    """An asker taps «0 · Baik»."""
    checkin.well(call.session, call.caller, call.number(), at=call.at)


def help_(call: Call) -> None:
    """An asker taps «1 · Butuh bantuan»."""
    checkin.help_(call.session, call.caller, call.number(), at=call.at)
