"""Text with its entities, whose offsets count UTF-16 units as Telegram's do."""

import re
from dataclasses import dataclass
from typing import Any

from simulator.errors import ApiError, bad_request
from simulator.fields import inside, number_field

Entity = dict[str, Any]

TEXT_LENGTH = 4096  # code points, counted after parsing: core.telegram.org/constructor/config
CAPTION_LENGTH = 1024
ENTITIES = 100  # what is beyond is dropped in silence: core.telegram.org/bots/api
RAW_BYTES = 1 << 15  # Client.cpp, get_formatted_text

KNOWN = frozenset({
    "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote",
    "expandable_blockquote", "code", "pre", "text_link", "text_mention", "custom_emoji",
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
})  # fmt: skip
# Telegram finds these itself, whatever a bot says about them.
FOUND = re.compile(
    r"(?P<url>\b(?:https?://|t\.me/)[^\s<>\"]*[^\s<>\".,;:!?)»])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z]\w{3,31}\b)"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
)
HINTS = re.compile(r"[/@#]")
SPECIAL = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})
CONTROLS = {c: " " for c in range(32) if c != 10} | {13: None}


@dataclass(frozen=True)
class Words:
    """What a person reads, and how it is marked up."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    def to_json(self, text: str = "text", entities: str = "entities") -> dict[str, Any]:
        """The two fields of a message; nothing when there are no words."""
        if not self.text:
            return {}
        if not self.entities:
            return {text: self.text}
        return {text: self.text, entities: [dict(entity) for entity in self.entities]}


NOTHING = Words()


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """The text as Telegram keeps it: no control characters; refuses half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return text.translate(CONTROLS)


def check_entities(text: str, given: list[Any]) -> list[Entity]:
    """Entities that a bot wrote itself: those of a known kind, refused if they miss the text."""
    size = units(text)
    borders = _borders(text)
    kept = []
    for entity in given:
        if not isinstance(entity, dict):
            raise bad_request("can't parse MessageEntity: expected an Object")
        try:
            start, length = number_field(entity, "offset"), number_field(entity, "length")
        except ApiError as error:
            raise inside("MessageEntity", error) from None
        if str(entity.get("type")) not in KNOWN or length == 0:
            continue
        if start < 0:
            raise bad_request(f"receive an entity with incorrect offset {start}")
        if length < 0:
            raise bad_request(f"receive an entity with incorrect length {length}")
        if start > size:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
        if start + length > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text "
                f"at UTF-16 offset {start + length}"
            )
        if start not in borders:
            byte = _byte_after(text, start)
            raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {byte}")
        if start + length not in borders:
            byte = _byte_after(text, start + length)
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 "
                f"symbol at byte offset {byte}"
            )
        kept.append(entity | {"offset": start, "length": length})
    return kept


def finish(text: str, entities: list[Entity]) -> Words:
    """Trim the text, find the links and commands in it, and put all entities in order."""
    end = len(text.rstrip())
    if end == 0:
        return NOTHING
    size = units(text[:end])
    first = min((entity["offset"] for entity in entities), default=size)
    start = 0  # leading blanks stay where an entity begins with them
    while start < first and text[start] in " \n":
        start += 1
    trimmed = []
    for entity in entities:
        offset = entity["offset"] - start
        length = min(entity["length"], size - start - offset)
        if length > 0:
            trimmed.append(entity | {"offset": offset, "length": length})
    text = text[start:end]
    every = trimmed + [found for found in _find(text) if not _inside_special(found, trimmed)]
    every.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Words(text, tuple(every[:ENTITIES]))


def _find(text: str) -> list[Entity]:
    if not HINTS.search(text):
        return []
    return [
        {
            "type": match.lastgroup,
            "offset": units(text[: match.start()]),
            "length": units(match.group()),
        }
        for match in FOUND.finditer(text)
    ]


def _inside_special(found: Entity, given: list[Entity]) -> bool:
    start, end = found["offset"], found["offset"] + found["length"]
    return any(
        entity["type"] in SPECIAL
        and entity["offset"] < end
        and start < entity["offset"] + entity["length"]
        for entity in given
    )


def _borders(text: str) -> set[int]:
    at, borders = 0, {0}
    for character in text:
        at += units(character)
        borders.add(at)
    return borders


def _byte_after(text: str, offset: int) -> int:
    at = 0
    for index, character in enumerate(text):
        at += units(character)
        if at > offset:
            return len(text[: index + 1].encode())
    return len(text.encode())
