"""A worker's list: whom they have, and what waits."""

from handlers.call import Call
from services import step, worklist
from services.worklist import Filter


def begin(call: Call) -> None:
    """Somebody says /pasien."""
    worklist.begin(call.session, call.caller, at=call.at)


def change(call: Call) -> None:
    """A worker taps a filter."""
    worklist.show(
        call.session,
        call.caller,
        Filter(call.text()),
        at=call.at,
        message_id=call.pressed_message_id,
    )


def pull(call: Call) -> None:
    """A worker taps «Ambil berikutnya»."""
    worklist.pull(call.session, call.caller, Filter(call.text()), at=call.at)
    worklist.close(call.session, call.caller, call.pressed_message_id, at=call.at)


def take(call: Call) -> None:
    """A worker takes one of the list."""
    step.accept(call.session, call.caller, call.number(), at=call.at)
    worklist.close(call.session, call.caller, call.pressed_message_id, at=call.at)
