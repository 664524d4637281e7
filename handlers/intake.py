"""The questions between the first words and the queue."""

from handlers.call import Call
from services.intake import answering


def answer(call: Call) -> None:
    """An asker taps an answer."""
    field, value = call.text(2), call.text(3)
    answering.answer(call.session, call.caller, call.number(), field, value, at=call.at)


def back(call: Call) -> None:
    """An asker taps «Kembali»."""
    answering.back(call.session, call.caller, call.number(), at=call.at)
