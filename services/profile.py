"""What Telegram shows of the bot before anybody writes to it: what it is, and how to know it."""

from typing import Any

from sqlalchemy.orm import Session

from models.person import Language
from services import facility
from services.content import into, plain
from services.facility.named import plain_title
from services.text import shorten

LONG, SHORT = 512, 120
"""Characters (Bot API, setMyDescription, setMyShortDescription)."""
NAME = 40
"""Characters of the facility's name, so that the rest has room."""


def texts(session: Session, bot_id: int, username: str) -> list[tuple[str, dict[str, Any]]]:
    """Give the calls that tell Telegram, for phones of any language and for each of ours."""
    home = facility.behind(session, bot_id)
    name = shorten(plain_title(home), NAME) if home is not None else plain("profile.facility")
    long = plain("profile.description", facility=name, username=username)
    short = plain("profile.short", facility=name)
    calls: list[tuple[str, dict[str, Any]]] = []
    for language in Language:
        code = {} if language is Language.INDONESIAN else {"language_code": str(language)}
        calls += [
            ("setMyDescription", {"description": into(long, language)[:LONG], **code}),
            ("setMyShortDescription", {"short_description": into(short, language)[:SHORT], **code}),
        ]
    return calls
