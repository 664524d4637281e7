"""The code of a referral: where its closing stands, and a secret that stands in that alone.

Nothing else is kept of it, so nothing has to be sealed anew with another key or erased with a
patient; who reads the database without the keys cannot make one.
"""

import base64
import re
import secrets
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.message import Message
from models.seal import Unreadable
from services import audit, day, sheet
from services.mail import say
from services.person import Caller

SECRET = 10
"""Bytes: no guess finds one."""
MARK = "c_"
"""What begins the payload of the link; the closing's place and the secret follow."""
_CODE = re.compile(rf"{MARK}([A-Za-z0-9_-]{{11}})([A-Za-z0-9_-]{{14}})", re.ASCII)


def new_code() -> str:
    """Make the secret of one referral."""
    return secrets.token_urlsafe(SECRET)


def payload(message: Message, secret: str) -> str:
    """Give what stands behind /start in the link of a referral."""
    place = base64.urlsafe_b64encode(message.id.to_bytes(8, "big")).decode().rstrip("=")
    return f"{MARK}{place}{secret}"


def is_link(payload: str) -> bool:
    """Tell whether what came with /start is meant to be a referral's code."""
    return payload.startswith(MARK)


def open_link(session: Session, caller: Caller, payload: str, *, at: datetime) -> None:
    """Tell anybody who holds the page whether it is genuine, of which day, from whom and where to;
    nothing of the illness, and of the patient the beginning of the name only."""
    message = _find(session, payload)
    if message is None:
        say(session, caller.bot_id, caller.person, "referral.unknown", at=at)
        return
    found, under = message.consultation, sheet.signed(session, message)
    told = sheet.closing(session, message)
    audit.note(session, caller.person, "verify", found, at=at)
    say(
        session,
        caller.bot_id,
        caller.person,
        "referral.genuine",
        at=at,
        number=found.number,
        day=day.text(date.fromisoformat(under["on"])),
        title=under["title"],
        sip=under["sip"],
        facility=under["facility"],
        to=told["referral"]["to"],
        poli=told["referral"]["poli"],
        who=told["referral"]["who"],
    )
    if len(sheet.given(session, found)) > 1:
        say(session, caller.bot_id, caller.person, "referral.amended", at=at)


def _find(session: Session, payload: str) -> Message | None:
    """Give the closing whose code this is."""
    parts = _CODE.fullmatch(payload)
    if parts is None:
        return None
    number = int.from_bytes(base64.urlsafe_b64decode(f"{parts[1]}="), "big")
    message = session.get(Message, number) if number < 2**63 else None
    try:
        kept = sheet.closing(session, message) if message is not None else {}
    except Unreadable:  # the patient was erased
        return None
    secret = kept.get("referral", {}).get("secret", "")
    return message if secret and secrets.compare_digest(secret, parts[2]) else None
