"""Passing words from one side of a consultation to the other, and to nobody else.

Text goes out from our stored copy, masked and headed; only media are copied by Telegram. Every
message knows where it was written, and has a pair row for each copy that arrived: through these
replies and edits find their way.
"""

from services.relay.joining import look_ahead
from services.relay.place import find
from services.relay.sending import PASSED_ON, delivered, note_place
from services.relay.talking import catch_up, correct, keep, note, pass_on, send_medium

__all__ = [
    "PASSED_ON",
    "catch_up",
    "correct",
    "delivered",
    "find",
    "keep",
    "look_ahead",
    "note",
    "note_place",
    "pass_on",
    "send_medium",
]
