"""Passing words from one side of a consultation to the other, and to nobody else.

Text goes out from our stored copy, masked and headed; only media are copied by Telegram. Every
message knows where it was written, and has a pair row for each copy that arrived: through these
replies and edits find their way.
"""

from services.relay.heading import dot, named
from services.relay.joining import look_ahead
from services.relay.place import find
from services.relay.sending import PASSED_ON, delivered, note_place, put_question
from services.relay.talking import (
    catch_up,
    correct,
    keep,
    note,
    pass_on,
    send_medium,
    send_together,
)

__all__ = [
    "PASSED_ON",
    "catch_up",
    "correct",
    "delivered",
    "dot",
    "find",
    "keep",
    "look_ahead",
    "named",
    "note",
    "note_place",
    "pass_on",
    "put_question",
    "send_medium",
    "send_together",
]
