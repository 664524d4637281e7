"""The questions between the first words and the queue."""

from handlers.call import Call
from services.intake import answering, several


def answer(call: Call) -> None:
    """An asker taps an answer."""
    field, value = call.text(2), call.text(3)
    answering.answer(call.session, call.caller, call.number(), field, value, at=call.at)


def back(call: Call) -> None:
    """An asker taps «Kembali»."""
    answering.back(call.session, call.caller, call.number(), at=call.at)


def sign(call: Call) -> None:
    """Somebody who waits taps what they see of the danger signs."""
    answering.sign(call.session, call.caller, call.number(), call.text(2), at=call.at)


def other(call: Call) -> None:
    """An asker goes on with the next of whom their message told."""
    several.go_on(call.session, call.caller, call.number(), at=call.at)


def no_other(call: Call) -> None:
    """An asker says that the next one needs nothing."""
    several.leave(call.session, call.caller, call.number(), at=call.at)
