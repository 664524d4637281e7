"""What a closed consultation is for P-Care."""

from handlers.call import Call
from services import visit


def copy(call: Call) -> None:
    """A worker taps «Salin untuk P-Care»."""
    visit.copy(call.session, call.caller, call.number(), at=call.at)


def hide(call: Call) -> None:
    """A worker taps «Sudah disalin»."""
    visit.hide(call.session, call.caller, call.pressed_message_id, at=call.at)
