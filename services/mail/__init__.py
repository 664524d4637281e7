"""Inbox and outbox rows, as the rest of the service sees them."""

from services.mail.incoming import Arrived, NotOwner
from services.mail.outgoing import (
    FILE,
    Button,
    Buttons,
    Chrome,
    Key,
    Link,
    attach,
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
from services.mail.sparing import mark, say_once

__all__ = [
    "FILE",
    "Answer",
    "Arrived",
    "Button",
    "Buttons",
    "Chrome",
    "Key",
    "Link",
    "NotOwner",
    "attach",
    "change",
    "cut",
    "end_menu",
    "keyboard",
    "mark",
    "post",
    "reply",
    "say",
    "say_once",
    "tell",
    "the_id_of",
]
