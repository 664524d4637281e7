"""What a worker answers when one side of a talk has fallen silent."""

from handlers.call import Call
from services import silence


def hold(call: Call) -> None:
    """A worker taps «Masih dengan pasien»."""
    silence.hold(call.session, call.caller, call.number(), at=call.at)


def close(call: Call) -> None:
    """A worker taps «Tutup: kontak tidak terjadi»."""
    silence.close(call.session, call.caller, call.number(), at=call.at)
