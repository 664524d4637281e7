"""Danger signs: heard in every text of an asker, answered before anything else reads it."""

from services.danger.answer import answered, check, numbers
from services.danger.net import doubts, find, why

__all__ = ["answered", "check", "doubts", "find", "numbers", "why"]
