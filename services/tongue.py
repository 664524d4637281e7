"""Texts that can be said in another language: whoever puts one together need not know who reads it.

A text is Indonesian and remembers how to say itself otherwise; `services/mail` asks for the
receiver's language when a message becomes a row. What is no such text stays as it is.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable
from string import Formatter
from typing import Self, overload

from models.person import Language
from services.text import clean


class Html(str):
    """Text that is markup already and goes into another text as it is."""

    __slots__ = ()


class Said(str):
    """Words of the catalogue: in Indonesian, and on request in any other language."""

    __slots__ = ("say",)
    say: Callable[[Language], str]

    def __new__(cls, say: Callable[[Language], str]) -> Self:
        """Make them of what says them in a language."""
        made = super().__new__(cls, say(Language.INDONESIAN))
        made.say = say
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """A copy elsewhere is plain words: what says them otherwise stays here."""
        return str, (str(self),)


class Text(Said, Html):
    """Such words in Telegram's HTML."""

    __slots__ = ()


@overload
def into(text: Html, language: Language) -> Html: ...
@overload
def into(text: str, language: Language) -> str: ...
@overload
def into(text: object, language: Language) -> object: ...
def into(text: object, language: Language) -> object:
    """Say a text in another language, and what is no text of the catalogue as it is."""
    if language is Language.INDONESIAN or not isinstance(text, Said):
        return text
    said = text.say(language)
    return Html(said) if isinstance(text, Html) else said


def joined(between: str, parts: Iterable[Html]) -> Html:
    """Put texts together to one that can still be said in any language."""
    kept = tuple(parts)
    return Text(lambda language: between.join(into(part, language) for part in kept))


def listed(parts: Iterable[str]) -> str:
    """Put words together with commas, as `joined` does."""
    kept = tuple(parts)
    return Said(lambda language: ", ".join(into(part, language) for part in kept))


def escape(value: object) -> str:
    """Make any value safe inside Telegram's HTML."""
    return value if isinstance(value, Html) else html.escape(clean(str(value)), quote=False)


def fits(text: str, original: str) -> bool:
    """Tell whether a translation fills in and marks up what the original does, in balance."""
    try:
        return _skeleton(text) == _skeleton(original)
    except ValueError:
        return False


def _skeleton(text: str) -> tuple[Counter[str], Counter[str]]:
    """Give what a text fills in, and what it marks up; raises ValueError for what is unbalanced."""
    names = Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    opened: list[str] = []
    tags = re.findall(r"<(/?)([a-z]+)[^>]*>", text)
    for closing, tag in tags:
        if not closing:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            raise ValueError(text)
    if opened or text.count("<") != len(tags):
        raise ValueError(text)
    return names, Counter(tag for _, tag in tags)
