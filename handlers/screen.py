"""Screens that somebody opens, and the language in which they read them."""

from collections.abc import Callable

from handlers.call import Call
from models.person import Language
from services import screen, talk


def opens(name: str) -> Callable[[Call], None]:
    """Give what opens one screen by its command."""
    return lambda call: screen.show(call.session, call.caller, name, at=call.at)


def open_(call: Call) -> None:
    """Somebody taps the button of a screen."""
    screen.show(call.session, call.caller, call.text(), at=call.at)


def choose_language(call: Call) -> None:
    """Somebody taps a language."""
    talk.speak(call.session, call.caller, Language(call.text()), at=call.at)


def discard(call: Call) -> None:
    """Somebody taps «Hapus» under what they wrote and no worker has read."""
    talk.discard(call.session, call.caller, call.number(), at=call.at)
