"""The way to a facility."""

from handlers.call import Call
from services.facility import trip


def show(call: Call) -> None:
    """Somebody taps «Kartu perjalanan»."""
    trip.show(call.session, call.caller, call.number(), at=call.at)
