"""A referral: to which poli and hospital, and its summary."""

from handlers.call import Call
from services import advice, referral


def choose_poli(call: Call) -> None:
    """A worker taps a poli."""
    shown_at = call.pressed_message_id
    advice.choose_poli(
        call.session, call.caller, call.number(), call.number(2), shown_at, at=call.at
    )


def choose_place(call: Call) -> None:
    """A worker taps a hospital, or that the facility will name it."""
    shown_at = call.pressed_message_id
    advice.choose_place(
        call.session, call.caller, call.number(), call.number(2), shown_at, at=call.at
    )


def look_elsewhere(call: Call) -> None:
    """A worker taps «RS lain»."""
    advice.look_elsewhere(call.session, call.caller, call.number(), at=call.at)


def keep(call: Call) -> None:
    """An asker taps «Ringkasan rujukan»."""
    referral.keep(call.session, call.caller, call.number(), at=call.at)
