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
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_EMPTY = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"
    r"\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""Fillers and variation selectors: letters and marks to Unicode, nothing to a reader."""

# Digits as people group them (3171 2345…, 3171.2345…, 3171-2345…); behind a + it is a telephone.
_NUMBERS = re.compile(
    r"(?<![\d+])\d+(?:[ \t\u00a0\u2007\u2009\u202f.\-‐-―\u200b-\u200d\u2060]{1,3}\d+)*"
)
_GROUP = re.compile(r"\d+")
_LENGTHS = (16, 13)
"""Digits of a NIK and of a card, the longer first."""


def clean(text: str) -> str:
    """Drop what cannot be sent or would disturb the rest: controls, surrogates, turning marks."""
    return _CONTROL.sub("", text.translate(_TURNING))


def is_blank(text: str) -> bool:
    """Tell whether nothing in a text can be seen."""
    return all(unicodedata.category(one) in _UNSEEN for one in _EMPTY.sub("", clean(text)))


def mask(text: str) -> str:
    """Cover the middle of every number that may be a NIK (16 digits) or a card (13), however its
    digits are grouped and whatever stands beside it; numbers of other lengths stay."""
    covered, shown = "", 0
    for start, end in _personal(text):
        number = "".join(_GROUP.findall(text[start:end]))
        covered += text[shown:start] + number[:4] + "•" * (len(number) - 8) + number[-4:]
        shown = end
    return covered + text[shown:]


def personal_numbers(text: str) -> list[str]:
    """Give every number that `mask` would cover, in the digits 0 to 9 whatever script it is in."""
    return [digits(text[start:end]) for start, end in _personal(text)]


def digits(text: str) -> str:
    """Give all digits of a text as 0 to 9: full-width, Arabic and others count as they do."""
    return "".join(str(unicodedata.decimal(one)) for one in text if one.isdecimal())


def _personal(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text the numbers to cover begin and end."""
    for found in _NUMBERS.finditer(text):
        numbers, groups, first = found[0], list(_GROUP.finditer(found[0])), 0
        while first < len(groups):
            next_one = _end(numbers, groups, first)
            if next_one > first:
                yield (
                    found.start() + groups[first].start(),
                    found.start() + groups[next_one - 1].end(),
                )
            first = max(next_one, first + 1)


def _end(numbers: str, groups: list[re.Match[str]], first: int) -> int:
    """Where the groups end that make a number to cover, beginning with this one; or `first`."""
    total, ends = 0, dict.fromkeys(_LENGTHS, first)
    for place in range(first, min(first + max(_LENGTHS), len(groups))):
        total += len(groups[place][0])
        if total in ends and _is_one(numbers[groups[first].start() : groups[place].end()]):
            ends[total] = place + 1
    return next((end for end in ends.values() if end > first), first)


def _is_one(number: str) -> bool:
    """Tell a number from several in a row (two dates): grouped alike, or with a birthday."""
    separators = {_kind(one) for one in _GROUP.split(number)[1:-1]}
    digits = "".join(_GROUP.findall(number))
    day, month = int(digits[6:8]) % 40, int(digits[8:10])
    return len(separators) < 2 or (len(digits) == max(_LENGTHS) and 0 < day < 32 and 0 < month < 13)


def _kind(separator: str) -> str:
    bare = "".join(one for one in separator if one == "." or unicodedata.category(one) == "Pd")
    return "." if "." in bare else "-" if bare else " "


def units(text: str) -> int:
    """Count UTF-16 code units, as Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units: at a line or a space where there is
    one, never inside a character, a family of emoji or a flag. Joined again they are the text."""
    if units(text) <= limit:
        return [text]
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
    if unicodedata.category(character).startswith("M"):  # marks, also those of Javanese script
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f":
        return True
    regional = "\U0001f1e6" <= character <= "\U0001f1ff"
    return regional and len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"
