"""Inbox and outbox rows, as the rest of the service sees them."""

from services.mail.incoming import Arrived, NotOwner
from services.mail.outgoing import (
    Button,
    Buttons,
    Chrome,
    Key,
    Keys,
    Link,
    change,
    cut,
    end_menu,
    keyboard,
    post,
    reply,
    say,
    tell,
    the_id_of,
)
from services.mail.queue import Answer

__all__ = [
    "Answer",
    "Arrived",
    "Button",
    "Buttons",
    "Chrome",
    "Key",
    "Keys",
    "Link",
    "NotOwner",
    "change",
    "cut",
    "end_menu",
    "keyboard",
    "post",
    "reply",
    "say",
    "tell",
    "the_id_of",
]
