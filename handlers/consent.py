"""Yes, no, and no longer."""

from handlers.call import Call
from services import consent, talk
from services.mail import say


def agree(call: Call) -> None:
    """Somebody taps «Setuju»."""
    talk.agree(call.session, call.caller, call.text(), at=call.at)


def disagree(call: Call) -> None:
    """Somebody taps «Tidak setuju»."""
    talk.disagree(call.session, call.caller, at=call.at)


def withdraw(call: Call) -> None:
    """Somebody says /batalsetuju."""
    was_given = consent.withdraw(call.session, call.caller.person, at=call.at)
    key = "consent.withdrawn" if was_given else "consent.none"
    say(call.session, call.caller.bot_id, call.caller.person, key, at=call.at)
