"""What happens to the chat itself."""

from handlers.call import Call
from services import person


def membership(call: Call) -> None:
    """Somebody blocks the bot, or takes the block back."""
    change = call.update.my_chat_member
    assert change is not None  # noqa: S101 - the route is one of these
    gone = change.new_chat_member.status in ("kicked", "left")
    person.reachable(call.session, call.caller, not gone, at=call.at)


def ignore(call: Call) -> None:
    """An update of a kind that needs no answer."""
