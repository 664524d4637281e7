"""What a worker answers when one side of a talk has fallen silent."""

from handlers.call import Call
from services import silence


def hold(call: Call) -> None:
    """A worker taps «Masih dengan pasien»."""
    silence.hold(call.session, call.caller, call.number(), at=call.at)


def ask_reason(call: Call) -> None:
    """A worker taps «Kontak tidak terjadi»."""
    silence.ask_reason(call.session, call.caller, call.number(), at=call.at)


def close(call: Call) -> None:
    """A worker taps why no contact came about."""
    silence.close(call.session, call.caller, call.number(), call.text(2), at=call.at)
