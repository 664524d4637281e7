"""A worker's patients: one opened, looked at, noted about, answered at once."""

from handlers.call import Call
from services import desk


def open_(call: Call) -> None:
    """A worker turns to one of their patients."""
    desk.open_panel(call.session, call.caller, call.number(), at=call.at)


def card(call: Call) -> None:
    """A worker taps «Kartu pasien»."""
    desk.show_card(call.session, call.caller, call.number(), at=call.at)


def before(call: Call) -> None:
    """A worker taps «Riwayat»."""
    desk.show_before(call.session, call.caller, call.number(), at=call.at)


def note(call: Call) -> None:
    """A worker taps «Catatan»."""
    desk.note.ask(call.session, call.caller, call.number(), at=call.at)


def bundle(call: Call) -> None:
    """A worker taps «Kirim sekaligus»."""
    desk.bundle.ask(call.session, call.caller, call.number(), at=call.at)


def send_bundle(call: Call) -> None:
    """A worker sends what they have collected."""
    desk.bundle.send(call.session, call.caller, call.number(), at=call.at)


def drop_bundle(call: Call) -> None:
    """A worker sends nothing of it."""
    desk.bundle.drop(call.session, call.caller, call.number(), at=call.at)
