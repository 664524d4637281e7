"""What somebody of a facility has to do by a moment."""

from handlers.call import Call
from services import task


def show(call: Call) -> None:
    """An admin or a worker taps «Tugas»."""
    task.show(call.session, call.caller, at=call.at)


def finish(call: Call) -> None:
    """Somebody taps «Selesai» below the list."""
    task.finish(
        call.session,
        call.caller,
        call.number(),
        at=call.at,
        message_id=call.pressed_message_id,
    )
