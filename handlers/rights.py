"""What people may ask about their own data."""

from handlers.call import Call
from services import rights


def offer(call: Call) -> None:
    """Somebody says /data_saya."""
    rights.offer(call.session, call.caller, at=call.at)


def begin(call: Call) -> None:
    """Somebody taps one of the five."""
    rights.begin(call.session, call.caller, call.text(), call.pressed_message_id, at=call.at)


def send(call: Call) -> None:
    """Somebody taps «Kirim sekarang»."""
    rights.send(call.session, call.caller, call.pressed_message_id, at=call.at)


def lift(call: Call) -> None:
    """Somebody taps «Buka pembatasan»."""
    rights.lift(call.session, call.caller, at=call.at)


def erase(call: Call) -> None:
    """Somebody taps «Ya, hapus akun saya», the second confirmation."""
    rights.erase(call.session, call.caller, call.pressed_message_id, at=call.at)
