"""What people do with a consultation as a whole."""

from handlers.call import Call
from models.offer import Reason
from services import step, talk


def accept(call: Call) -> None:
    """A worker taps «Terima» under an offer."""
    step.accept(call.session, call.caller, call.number(), at=call.at)


def who(call: Call) -> None:
    """The asker taps «Siapa yang menjawab?»."""
    step.who(call.session, call.caller, call.number(), at=call.at)


def skip(call: Call) -> None:
    """A worker taps «Lewati» under an offer."""
    offered = call.pressed_message_id
    step.skip(call.session, call.caller, call.number(), offered, at=call.at)


def say_why(call: Call) -> None:
    """A worker says why they let it go."""
    why, passed = Reason(call.text(2)), call.pressed_message_id
    step.say_why(call.session, call.caller, call.number(), why, passed, at=call.at)


def hand_back(call: Call) -> None:
    """A worker taps «Kembalikan ke antrean»."""
    step.hand_back(call.session, call.caller, call.number(), at=call.at)


def withdraw(call: Call) -> None:
    """The asker taps «Batalkan»."""
    step.withdraw(call.session, call.caller, call.number(), at=call.at)


def begin_new(call: Call) -> None:
    """The asker taps «Ya, keluhan baru»."""
    talk.begin_new(call.session, call.caller, call.number(), at=call.at)


def nothing_new(call: Call) -> None:
    """The asker taps «Tidak, terima kasih»."""
    talk.nothing_new(call.session, call.caller, call.number(), at=call.at)
