"""What an asker answers while they wait, and after a wait that ended."""

from handlers.call import Call
from services import waiting


def add(call: Call) -> None:
    """The asker taps «Tambah/ubah cerita»."""
    waiting.add(call.session, call.caller, call.number(), at=call.at)


def keep(call: Call) -> None:
    """The asker taps «Masih perlu»."""
    waiting.keep(call.session, call.caller, call.number(), at=call.at)
