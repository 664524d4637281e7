"""Logs: one event a line, ids and counts only. Nothing that a person said is handed to them."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog


class Lines:
    """Standard error, whose disk may be full or whose reader gone: what it refuses is counted."""

    def __init__(self) -> None:
        self.lost = 0

    def write(self, text: str) -> None:
        """Write a line, or count it: people are served without a log too."""
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            self.lost += 1

    def flush(self) -> None:
        """Do nothing: every line went out when it was written."""


LINES = Lines()
"""Where every log of the process goes."""
TOKEN = re.compile(r"\d{5,15}:[A-Za-z0-9_-]{20,}")


def set_up(level: str, form: str) -> None:
    """Write logs of at least this level to standard error, as text or as JSON."""
    number = logging.getLevelNamesMapping()[level]
    last = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_tokens,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(LINES),  # type: ignore[arg-type]  # all it needs
        cache_logger_on_first_use=False,
    )
    # Libraries speak through the standard logger; below warning they name URLs, which name tokens.
    logging.basicConfig(level=max(number, logging.WARNING), format="%(levelname)s %(name)s")


def without_tokens(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Cut out of every value what looks like a bot's token."""
    return {
        name: TOKEN.sub("<token>", value) if isinstance(value, str) else value
        for name, value in event.items()
    }
