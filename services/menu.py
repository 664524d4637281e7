"""The commands that Telegram offers beside the writing line."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.mail import Lane
from models.person import Person
from services.content import catalogue
from services.mail import post

FOR_ADMINS = ("admin", "pinbaru")
"""What an admin's own menu has and nobody else's: for others these commands do not exist."""


def commands(*, is_admin: bool = False) -> list[dict[str, str]]:
    """Give the menu as Telegram takes it."""
    named = {
        key.removeprefix("command."): text
        for key, text in catalogue().items()
        if key.startswith("command.")
    }
    return [
        {"command": name, "description": text}
        for name, text in named.items()
        if is_admin or name not in FOR_ADMINS
    ]


def offer_admins(session: Session, bot_id: int, person: Person, *, at: datetime) -> None:
    """Give an admin's chat the menu of admins; done again, nothing changes."""
    chat_id = person.telegram_id
    params = {
        "commands": commands(is_admin=True),
        "scope": {"type": "chat", "chat_id": chat_id},
    }
    post(session, bot_id, chat_id, "setMyCommands", params, at=at, lane=Lane.REMINDER)
