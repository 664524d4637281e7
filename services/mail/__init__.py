"""Inbox and outbox rows, as the rest of the service sees them."""

from services.mail.incoming import Arrived, NotOwner
from services.mail.outgoing import (
    COPY,
    FILE,
    Button,
    Buttons,
    Chrome,
    Key,
    Keys,
    Link,
    attach,
    change,
    cut,
    end_menu,
    keyboard,
    picture,
    post,
    reply,
    say,
    tell,
    the_id_of,
)
from services.mail.queue import Answer
from services.mail.sparing import mark, say_once

__all__ = [
    "COPY",
    "FILE",
    "Answer",
    "Arrived",
    "Button",
    "Buttons",
    "Chrome",
    "Key",
    "Keys",
    "Link",
    "NotOwner",
    "attach",
    "change",
    "cut",
    "end_menu",
    "keyboard",
    "mark",
    "picture",
    "post",
    "reply",
    "say",
    "say_once",
    "tell",
    "the_id_of",
]
