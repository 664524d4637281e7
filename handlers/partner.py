"""With whom a facility answers together."""

from handlers.call import Call
from services import partner


def show(call: Call) -> None:
    """An admin taps «Mitra»."""
    partner.show(call.session, call.caller, call.number(), at=call.at)


def ask(call: Call) -> None:
    """An admin taps a facility."""
    partner.ask(call.session, call.caller, call.number(), call.number(2), at=call.at)


def end(call: Call) -> None:
    """An admin ends an agreement."""
    partner.end(call.session, call.caller, call.number(), call.number(2), at=call.at)
