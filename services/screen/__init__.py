"""The screens that somebody can ask for by a word, a key or a command."""

from services.screen.naming import is_greeting, is_nonsense
from services.screen.showing import asked, resume, show

__all__ = ["asked", "is_greeting", "is_nonsense", "resume", "show"]
