"""What people typed, made safe to pass on: cleaned, masked, split."""

import re
import unicodedata
from collections.abc import Iterator

LIMIT = 4096
"""Telegram's limit of a message. It counts code points, entity offsets count UTF-16 units; a part
of at most this many UTF-16 units is safe under either reading."""
CAPTION_LIMIT = 1024

# Marks that turn the direction of what follows: a name with U+202E would mirror our labels.
_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]*")
_NUMBER = re.compile(r"(?<![\d])\d(?:[ .\-]?\d){12,15}(?!\d)")


def clean(text: str) -> str:
    """Drop what cannot be sent or would disturb the rest: controls, surrogates, turning marks."""
    return _CONTROL.sub("", text.translate(_TURNING))


def is_blank(text: str) -> bool:
    """Tell whether nothing in a text can be seen."""
    return _INVISIBLE.fullmatch(clean(text)) is not None


def mask(text: str) -> str:
    """Cover the middle of every number long enough to be a NIK (16 digits) or a card (13)."""

    def cover(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        return (
            f"{digits[:4]}{'•' * (len(digits) - 8)}{digits[-4:]}"
            if len(digits) in (13, 16)
            else match[0]
        )

    return _NUMBER.sub(cover, text)


def units(text: str) -> int:
    """Count UTF-16 code units, as Telegram counts offsets."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units: at a line or a space where there is
    one, never inside a character, a family of emoji or a flag. Joined again they are the text."""
    parts: list[str] = []
    part, size, last_space = "", 0, 0
    for cluster in _clusters(text):
        width = units(cluster)
        if size + width > limit:
            cut = last_space if last_space > len(part) // 2 else len(part)
            parts.append(part[:cut])
            part = part[cut:]
            size, last_space = units(part), 0
        part += cluster
        size += width
        if cluster.isspace():
            last_space = len(part)
    return [*parts, part] if part or not parts else parts


def shorten(text: str, length: int) -> str:
    """Give the first `length` characters on one line, with … where something was left out."""
    line = " ".join(text.split())
    return line if len(line) <= length else "".join(_upto(line, length - 1)).rstrip() + "…"


def _upto(text: str, length: int) -> Iterator[str]:
    total = 0
    for cluster in _clusters(text):
        total += len(cluster)
        if total > length:
            return
        yield cluster


def _clusters(text: str) -> Iterator[str]:
    """Yield what a reader sees as one character; enough of UAX 29 for emoji and combining marks."""
    cluster = ""
    for character in text:
        if cluster and len(cluster) < 64 and _continues(cluster, character):
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = character
    if cluster:
        yield cluster


def _continues(cluster: str, character: str) -> bool:
    if cluster[-1] == "\u200d" or character == "\u200d" or cluster + character == "\r\n":
        return True
    if unicodedata.combining(character) or "\ufe00" <= character <= "\ufe0f":
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f":
        return True
    regional = "\U0001f1e6" <= character <= "\U0001f1ff"
    return regional and len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"
