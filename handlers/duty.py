"""Coming on duty, a break, and leaving."""

from handlers.call import Call
from services import duty
from services.duty import planning


def ready(call: Call) -> None:
    """A worker says /siap."""
    duty.ready(call.session, call.caller, at=call.at)


def done(call: Call) -> None:
    """A worker says /selesai."""
    duty.done(call.session, call.caller, at=call.at)


def show(call: Call) -> None:
    """A worker says /jeda."""
    duty.show(call.session, call.caller, at=call.at)


def rest(call: Call) -> None:
    """A worker taps one of the breaks."""
    duty.rest(call.session, call.caller, call.number(), at=call.at)


def leave(call: Call) -> None:
    """A worker who goes says what shall become of what is still open."""
    duty.leave(call.session, call.caller, call.text(), at=call.at)


def another(call: Call) -> None:
    """An asker taps «Minta petugas lain»."""
    duty.another(call.session, call.caller, call.number(), at=call.at)


def show_rosters(call: Call) -> None:
    """An admin taps «Jadwal petugas»."""
    planning.show(call.session, call.caller, at=call.at)


def ask_roster(call: Call) -> None:
    """An admin taps a worker in the roster."""
    planning.ask(call.session, call.caller, call.number(), at=call.at)


def show_holidays(call: Call) -> None:
    """An admin taps «Hari libur»."""
    planning.show_holidays(call.session, call.caller, at=call.at)


def strike_holiday(call: Call) -> None:
    """An admin takes a holiday back."""
    planning.strike(call.session, call.caller, call.number(), at=call.at)
