"""In which language somebody reads us: guessed from their phone until they choose.

What people write is never translated: it reaches the other side as it is.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from models.person import Language
from services import menu
from services.content import Html, is_reviewed, joined, listed, plain, words
from services.mail import Button, say, tell
from services.person import Caller


def show(session: Session, caller: Caller, *, at: datetime) -> None:
    """Offer the languages, and say which of them no speaker has looked through yet."""
    text = joined("\n", [words("language.menu"), *unreviewed(*Language)])
    buttons = [[choice(one)] for one in Language]
    tell(session, caller.bot_id, caller.person, text, at=at, buttons=buttons)


def choose(session: Session, caller: Caller, language: Language, *, at: datetime) -> None:
    """Speak another language with somebody from now on, also in their list of commands."""
    caller.person.language = language
    say(session, caller.bot_id, caller.person, "language.chosen", at=at)
    menu.offer(session, caller.bot_id, caller.person, at=at, always=True)


def choice(language: Language) -> Button:
    """Give the button that changes to a language, by its own name."""
    return Button(f"language_name.{language}", f"language:{language}")


def mark(language: Language) -> list[Html]:
    """Give the line that belongs under a text in a language that no speaker has signed."""
    return [] if language is Language.INDONESIAN else unreviewed(language)


def unreviewed(*languages: Language) -> list[Html]:
    """Give the line that says which of these no speaker has signed; nothing where all are."""
    names = [plain(f"language_name.{one}") for one in languages if not is_reviewed(one)]
    return [words("language.unreviewed", names=listed(names))] if names else []
