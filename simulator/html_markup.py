"""parse_mode HTML, refused in the same words and at the same byte as by Telegram.

Follows `parse_html` of TDLib's MessageEntity.cpp, state by state.
"""

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from simulator.errors import ApiError, bad_request
from simulator.words import Entity, Words, units

KINDS = {
    "b": "bold", "strong": "bold",
    "i": "italic", "em": "italic",
    "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
SIGNS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPECIAL = re.compile("[<&]")
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
SPACE = " \t\r\n\v\f\0"  # the last stands for the end of the text


@dataclass
class Tag:
    """A tag that is still open: where it began, and what it was told."""

    name: str
    offset: int  # UTF-16 units
    begin: int  # index in what was written so far
    argument: str = ""


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text without its tags, and the entities they made."""
    parser = Parser(source)
    parser.run()
    return "".join(parser.out), parser.entities


class Parser:
    """One pass over the source; `at` is the next character to look at."""

    def __init__(self, source: str) -> None:
        self.source = source + "\0"
        self.end = len(source)
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.tags: list[Tag] = []
        self.entities: list[Entity] = []

    def run(self) -> None:
        """Read it all, or raise what Telegram answers."""
        while self.at < self.end:
            found = SPECIAL.search(self.source, self.at)
            stop = found.start() if found else self.end
            self.write(self.source[self.at : stop])
            self.at = stop
            if stop == self.end:
                break
            if self.source[stop] == "&":
                self.write(self.reference() or self.take())
            elif self.source[stop + 1] == "/":
                self.close_tag()
            else:
                self.open_tag()
        if self.tags:
            name = self.tags[-1].name
            raise broken(f'Can\'t find end tag corresponding to start tag "{name}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)  # it means something only together with <pre>

    def write(self, text: str) -> None:
        """Add to what people will read."""
        if text:
            self.out.append(text)
            self.length += units(text)

    def take(self) -> str:
        """The character at hand; goes on to the next."""
        self.at += 1
        return self.source[self.at - 1]

    def reference(self) -> str:
        """What `&lt;` and the like stand for; empty if it is no reference."""
        match = REFERENCE.match(self.source, self.at)
        if match is None:
            return ""
        hexadecimal, decimal, name = match.groups()
        if name:
            sign = SIGNS.get(name, "")
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            digits = len(match.group().rstrip(";"))
            valid = 0 < code < 0x10FFFF and digits < 10 and not 0xD800 <= code <= 0xDFFF
            sign = chr(code) if valid else ""
        if sign:
            self.at = match.end()
        return sign

    def skip(self, *, until: str) -> str:
        """Go on to one of those characters; what was passed."""
        start = self.at
        while self.source[self.at] not in until:
            self.at += 1
        return self.source[start : self.at]

    def skip_space(self) -> None:
        """Go on to something visible, or to the end."""
        while self.at < self.end and self.source[self.at] in SPACE:
            self.at += 1

    def byte(self, index: int) -> int:
        """Telegram counts bytes when it complains."""
        return len(self.source[:index].encode())

    def open_tag(self) -> None:
        """Read `<name attribute=…>`."""
        begin = self.at
        self.at += 1
        name = self.skip(until=SPACE + ">").lower()
        if self.at >= self.end:
            raise broken(f"Unclosed start tag at byte offset {self.byte(begin)}")
        if name not in KINDS:
            raise broken(f'Unsupported start tag "{name}" at byte offset {self.byte(begin)}')
        tag = Tag(name, self.length, len(self.out))
        while self.source[self.at] != ">":
            self.skip_space()
            if self.source[self.at] == ">":
                break
            self.attribute(tag, begin)
        self.at += 1
        if name == "span" and tag.argument != "spoiler":
            where = self.byte(begin)
            raise broken(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.tags.append(tag)

    def attribute(self, tag: Tag, begin: int) -> None:
        """Read one attribute; keep it if it means something."""
        where = self.byte(begin)
        name = self.skip(until=SPACE + "=>/\"'")
        if not name:
            raise broken(f'Empty attribute name in the tag "{tag.name}" at byte offset {where}')
        self.skip_space()
        value = ""
        if self.source[self.at] == "=":
            self.at += 1
            self.skip_space()
            if self.at >= self.end:
                raise broken(f'Unclosed start tag "{tag.name}" at byte offset {where}')
            value = self.value()
            if self.at >= self.end:
                raise broken(f"Unclosed start tag at byte offset {where}")
        elif self.at >= self.end:
            raise broken(f'Unclosed start tag "{tag.name}" at byte offset {where}')
        match tag.name, name:
            case ("a", "href") | ("tg-emoji", "emoji-id"):
                tag.argument = value
            case ("blockquote", "expandable"):
                tag.argument = "1"
            case ("code", "class") if value.startswith("language-"):
                tag.argument = value.removeprefix("language-")
            case ("span", "class") if value.startswith("tg-"):
                tag.argument = value.removeprefix("tg-")

    def value(self) -> str:
        """An attribute's value, quoted or a bare word."""
        start = self.at
        quote = self.source[self.at]
        if quote not in "\"'":
            while self.source[self.at].isalnum() or self.source[self.at] in ".-":
                self.at += 1
            if self.source[self.at] not in SPACE + ">":
                where = self.byte(start)
                raise broken(f"Unexpected end of name token at byte offset {where}")
            return self.source[start : self.at].lower()
        self.at += 1
        value = ""
        while self.at < self.end and self.source[self.at] != quote:
            value += (self.source[self.at] == "&" and self.reference()) or self.take()
        self.at += 1
        return value

    def close_tag(self) -> None:
        """Read `</name>` and make the entity; the innermost tag must be the one."""
        begin = self.at
        if not self.tags:
            raise broken(f"Unexpected end tag at byte offset {self.byte(begin)}")
        self.at += 2
        name = self.skip(until=SPACE + ">").lower()
        self.skip_space()
        if self.source[self.at] != ">":
            raise broken(f"Unclosed end tag at byte offset {self.byte(begin)}")
        self.at += 1
        tag = self.tags.pop()
        if name and name != tag.name:
            raise broken(
                f"Unmatched end tag at byte offset {self.byte(begin)}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        if self.length > tag.offset:
            self.add_entity(tag)

    def add_entity(self, tag: Tag) -> None:
        """What a closed tag that holds some text becomes."""
        entity: Entity = {
            "type": KINDS[tag.name],
            "offset": tag.offset,
            "length": self.length - tag.offset,
        }
        match tag.name:
            case "a":
                more = link(tag.argument or "".join(self.out[tag.begin :]))
                if more is None:
                    return
                entity |= more
            case "tg-emoji":
                if not tag.argument.isdigit():
                    raise broken("Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = tag.argument
            case "blockquote" if tag.argument:
                entity["type"] = "expandable_blockquote"
            case "code" if tag.argument:
                entity["language"] = tag.argument
                if self.last_is("pre", entity):
                    entity["type"] = self.entities.pop()["type"]
            case "pre" if self.last_is("code", entity) and "language" in self.entities[-1]:
                entity["language"] = self.entities.pop()["language"]
        self.entities.append(entity)

    def last_is(self, kind: str, entity: Entity) -> bool:
        """Whether the entity before covers the same text and is of that kind."""
        last = self.entities[-1] if self.entities else {}
        place = ("offset", "length")
        return last.get("type") == kind and all(last[key] == entity[key] for key in place)


def link(url: str) -> Entity | None:
    """The fields of a link, or of a mention by number; None for what is no address."""
    if url.startswith("tg://user?id="):
        number = url.removeprefix("tg://user?id=")
        return {"type": "text_mention", "user": {"id": int(number)}} if number.isdigit() else None
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme in ("tg", "ton", "tonsite"):
        return {"url": url}
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or " " in url:
        return None
    return {"url": url if parts.path or parts.query else f"{url}/"}


def broken(reason: str) -> ApiError:
    """The words for markup that cannot be read."""
    return bad_request(f"can't parse entities: {reason}")


def to_html(words: Words) -> str:
    """The words as HTML again: what a test compares with what the bot wrote."""
    names = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s"} | {
        "spoiler": "tg-spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote",
    }  # fmt: skip
    opens: dict[int, str] = {}
    closes: dict[int, str] = {}
    for entity in words.entities:
        kind, start = entity["type"], entity["offset"]
        stop = start + entity["length"]
        if kind == "text_link":
            tag, name = f'<a href="{escape(entity["url"])}">', "a"
        elif kind in names:
            tag, name = f"<{names[kind]}>", names[kind]
        else:
            continue
        opens[start] = opens.get(start, "") + tag
        closes[stop] = f"</{name}>" + closes.get(stop, "")
    at, out = 0, []
    for character in words.text:
        out += [closes.get(at, ""), opens.get(at, ""), escape(character, quote=False)]
        at += units(character)
    return "".join(out) + closes.get(at, "")
