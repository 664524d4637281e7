"""Whether another facility may answer."""

from handlers.call import Call
from services import pool


def answer(call: Call) -> None:
    """An asker taps «Boleh» or «Tidak, tunggu di sini»."""
    agrees = call.text(2) == "1"
    message_id = call.pressed_message_id
    pool.answer(call.session, call.caller, call.number(), agrees, message_id, at=call.at)
