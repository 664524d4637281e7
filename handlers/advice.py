"""Closing with advice."""

from handlers.call import Call
from models.consultation import Outcome
from services import advice


def begin(call: Call) -> None:
    """A worker taps «Tutup dengan nasihat»."""
    advice.begin(call.session, call.caller, call.number(), at=call.at)


def leave(call: Call) -> None:
    """A worker taps «Belum, lanjut bercakap»."""
    advice.leave(call.session, call.caller, call.number(), at=call.at)


def give(call: Call) -> None:
    """A worker taps one of the ways to send the advice."""
    outcome, shown_at = Outcome(call.text(2)), call.pressed_message_id
    advice.give(call.session, call.caller, call.number(), outcome, shown_at, at=call.at)


def rewrite(call: Call) -> None:
    """A worker taps «Tulis ulang»."""
    advice.rewrite(call.session, call.caller, call.number(), at=call.at)


def ask_code(call: Call) -> None:
    """A worker taps «Kode lain»."""
    advice.ask_code(call.session, call.caller, call.number(), at=call.at)


def choose_code(call: Call) -> None:
    """A worker taps a code."""
    shown_at = call.pressed_message_id
    advice.choose_code(call.session, call.caller, call.number(), call.text(2), shown_at, at=call.at)


def show_days(call: Call) -> None:
    """A worker taps «Kontrol»."""
    shown_at = call.pressed_message_id
    advice.show_days(call.session, call.caller, call.number(), shown_at, at=call.at)


def choose_control(call: Call) -> None:
    """A worker taps a day to come again, or none."""
    shown_at = call.pressed_message_id
    advice.choose_control(
        call.session, call.caller, call.number(), call.number(2), shown_at, at=call.at
    )


def show_medicines(call: Call) -> None:
    """A worker taps «Obat», or turns its page."""
    shown_at = call.pressed_message_id
    advice.show_medicines(
        call.session, call.caller, call.number(), call.number(2), shown_at, at=call.at
    )


def choose_medicine(call: Call) -> None:
    """A worker taps a medicine, or that it is prescribed at the facility."""
    shown_at = call.pressed_message_id
    advice.choose_medicine(
        call.session, call.caller, call.number(), call.number(2), shown_at, at=call.at
    )


def show_ends(call: Call) -> None:
    """A worker taps «Akhir lain»."""
    shown_at = call.pressed_message_id
    advice.show_ends(call.session, call.caller, call.number(), shown_at, at=call.at)


def show_form(call: Call) -> None:
    """A worker taps «Kembali»."""
    shown_at = call.pressed_message_id
    advice.show_form(call.session, call.caller, call.number(), shown_at, at=call.at)
