"""What is known of those for whom somebody asks."""

from handlers.call import Call
from services.patient import filling, joining, page


def show(call: Call) -> None:
    """Somebody taps one of their patients."""
    page.show(call.session, call.caller, call.number(), at=call.at)


def ask_new(call: Call) -> None:
    """Somebody taps «Orang lain»."""
    page.ask_new(call.session, call.caller, at=call.at)


def add(call: Call) -> None:
    """Somebody says who the new one is to them."""
    page.add(call.session, call.caller, call.text(), at=call.at)


def ask_which(call: Call) -> None:
    """Somebody taps «Perbaiki»."""
    page.ask_which(call.session, call.caller, call.number(), at=call.at)


def begin(call: Call) -> None:
    """Somebody taps «Lengkapi data»."""
    filling.begin(call.session, call.caller, call.number(), at=call.at)


def answer(call: Call) -> None:
    """Somebody taps an answer, or the way past it."""
    filling.answer(
        call.session,
        call.caller,
        call.number(),
        call.text(2),
        call.text(3),
        call.pressed_message_id,
        at=call.at,
    )


def compare(call: Call) -> None:
    """A worker taps «Bandingkan»."""
    joining.compare(call.session, call.caller, call.number(), at=call.at)


def join(call: Call) -> None:
    """A worker says that two records are of the same person."""
    pressed = call.pressed_message_id
    joining.join(call.session, call.caller, call.number(), call.number(2), pressed, at=call.at)


def part(call: Call) -> None:
    """A worker says that they are of two people."""
    pressed = call.pressed_message_id
    joining.part(call.session, call.caller, call.number(), call.number(2), pressed, at=call.at)
