"""Coming on duty and leaving it."""

from handlers.call import Call
from services import duty


def ready(call: Call) -> None:
    """A worker says /siap."""
    duty.ready(call.session, call.caller, at=call.at)


def done(call: Call) -> None:
    """A worker says /selesai."""
    duty.done(call.session, call.caller, at=call.at)
