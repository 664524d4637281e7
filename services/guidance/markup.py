"""The little Markdown of the articles, as Telegram's HTML: bold, italic, links, lists and steps.

So little that a nurse remembers it; what else looks like markup is a mistake, and is said.
"""

import html
import re

from services.content import Html

_LINK = re.compile(r"\[([^\]\n]+)\]\((https://[^\s)]+)\)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![*\w])")
_POINT = re.compile(r"^- ", re.MULTILINE)
_ELSE = re.compile(r"^#|^\||^>|^ |`|__|\*|\]\(|<[a-z/!]|&[a-z]+;", re.MULTILINE)


class Wrong(ValueError):
    """Something in an article that would not be shown as it was meant."""


def render(text: str) -> Html:
    """Give one page as Telegram's HTML; raises Wrong for markup that we do not know."""
    left = _ITALIC.sub("x", _BOLD.sub("x", _LINK.sub("x", text)))
    strange = _ELSE.search(left)
    if strange is not None:
        raise Wrong(f"«{left[strange.start() : strange.start() + 20].strip()}»")
    made = html.escape(text, quote=False)
    made = _LINK.sub(lambda found: f'<a href="{_quoted(found[2])}">{found[1]}</a>', made)
    made = _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", made))
    return Html(_POINT.sub("• ", made))


def _quoted(address: str) -> str:
    return address.replace('"', "%22")


def bare(page: str) -> str:
    """Give what a reader sees of a rendered page."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))
