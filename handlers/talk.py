"""What people write: greetings, complaints, words in a consultation, corrections."""

from handlers.call import Call
from models.errors import Refusal
from services import addressee, talk


def start(call: Call) -> None:
    """Somebody opens the bot or says /start, perhaps by a link."""
    talk.start(call.session, call.caller, call.payload, at=call.at)


def listen(call: Call) -> None:
    """Somebody writes, photographs or says something."""
    talk.listen(call.session, call.caller, call.words, at=call.at)


def choose(call: Call) -> None:
    """A tap says for whom the words above were."""
    said, question_id = call.replied_words, call.pressed_message_id
    addressee.choose(call.session, call.caller, call.number(), said, question_id, at=call.at)


def note(call: Call) -> None:
    """A tap keeps the words above for whoever has that patient now."""
    said, question_id = call.replied_words, call.pressed_message_id
    addressee.keep_note(call.session, call.caller, call.number(), said, question_id, at=call.at)


def correct(call: Call) -> None:
    """Somebody edits what they wrote."""
    talk.correct(call.session, call.caller, call.words, at=call.at)


def unknown_command(call: Call) -> None:
    """A command that we do not have."""
    raise Refusal("refusal.unknown_command")


def expired_button(call: Call) -> None:
    """A button of a menu that we no longer make."""
    raise Refusal("refusal.expired_button")
