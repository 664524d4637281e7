"""Letters that certify illness or health: never written from a chat (KKI 74/2020; IDI 2022)."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from services.mail import Button, say
from services.person import Caller

_LETTER = re.compile(
    r"\bsurat (?:ket(?:erangan)? |i[zj]in )*(?:sakit|sehat|dokter)\b|\bsick (?:note|letter)\b",
    re.IGNORECASE,
)


def is_named(text: str) -> bool:
    """Tell whether a text speaks of such a letter."""
    return _LETTER.search(text) is not None


def explain(session: Session, caller: Caller, *, at: datetime) -> None:
    """Say kindly that it is not to be had here, and where it is."""
    ways = [[Button("button.facility", "screen:facility")]]
    say(session, caller.bot_id, caller.person, "letter.none", at=at, buttons=ways)
