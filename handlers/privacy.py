"""A phone that several people hold."""

from handlers.call import Call
from services import privacy


def show(call: Call) -> None:
    """Somebody says /hpbersama, or taps «HP dipakai bersama?»."""
    privacy.show(call.session, call.caller, at=call.at)


def begin(call: Call) -> None:
    """Somebody taps «Ya, pakai PIN», or «Ganti PIN»."""
    privacy.begin(call.session, call.caller, at=call.at)


def end(call: Call) -> None:
    """Somebody taps «Tidak dipakai bersama lagi»."""
    privacy.end(call.session, call.caller, at=call.at)


def forget(call: Call) -> None:
    """Somebody taps «Lupa PIN»."""
    privacy.forget(call.session, call.caller, at=call.at)


def hide(call: Call) -> None:
    """Somebody taps «Tutup»."""
    privacy.hide(call.session, call.caller, at=call.at)


def renew(call: Call) -> None:
    """An admin says /pinbaru and a code."""
    privacy.renew(call.session, call.caller, call.payload, at=call.at)
