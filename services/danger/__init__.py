"""Danger signs: heard in every text of an asker, answered before anything else reads it."""

from services.danger.answer import check
from services.danger.net import doubts, find, why

__all__ = ["check", "doubts", "find", "why"]
