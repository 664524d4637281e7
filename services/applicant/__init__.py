"""Applicants: invited workers who enter their licence, which an admin checks before anything else.

What they enter is kept sealed in their invitation. They are no workers yet: nobody offers them
anything and they see nothing of any patient.
"""

from services.applicant.asking import (
    answer,
    begin,
    choose,
    expire,
    pause,
    remind,
    restart,
    resume,
    takes,
    unfinished,
)
from services.applicant.deciding import REASONS, admit, ask_reason, decline, send, show, waiting

__all__ = [
    "REASONS",
    "admit",
    "answer",
    "ask_reason",
    "begin",
    "choose",
    "decline",
    "expire",
    "pause",
    "remind",
    "restart",
    "resume",
    "send",
    "show",
    "takes",
    "unfinished",
    "waiting",
]
