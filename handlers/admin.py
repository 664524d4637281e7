"""What an admin asks and does."""

from handlers.call import Call
from models.role import Kind
from services import admin


def show(call: Call) -> None:
    """Somebody says /admin."""
    admin.show(call.session, call.caller, at=call.at)


def invite(call: Call) -> None:
    """An admin taps one of the invitations."""
    admin.invite(call.session, call.caller, Kind(call.text()), at=call.at)


def show_invitations(call: Call) -> None:
    """An admin taps «Undangan terbuka»."""
    admin.show_invitations(call.session, call.caller, at=call.at)
