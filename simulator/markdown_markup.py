"""parse_mode MarkdownV2 and Markdown, refused in Telegram's words.

Follows `parse_markdown_v2` and `parse_markdown` of TDLib's MessageEntity.cpp.
"""

from dataclasses import dataclass
from typing import NoReturn

from simulator.html_markup import broken, link
from simulator.words import Entity, units

RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
NAMES = {  # how Telegram calls them in its complaints
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "code": "Code",
    "strikethrough": "Strikethrough", "spoiler": "Spoiler", "pre": "Pre",
    "text_link": "TextUrl", "custom_emoji": "CustomEmoji", "blockquote": "BlockQuote",
}  # fmt: skip
MARKS = {  # longer marks first: the first that fits is meant
    "||": "spoiler", "__": "underline", "_": "italic", "*": "bold", "~": "strikethrough",
    "```": "pre", "`": "code", "![": "custom_emoji", "[": "text_link",
}  # fmt: skip
ENDS = {kind: mark for mark, kind in MARKS.items()} | {"text_link": "]", "custom_emoji": "]"}


@dataclass
class Opened:
    """An entity whose end has not come yet."""

    kind: str
    offset: int
    at: int
    begin: int
    language: str = ""


class Parser:
    """One pass over a MarkdownV2 source; `at` is the next character to look at."""

    def __init__(self, source: str) -> None:
        self.source = source + "\0\0\0"
        self.end = len(source)
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.stack: list[Opened] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, list[Entity]]:
        """Read it all, or raise what Telegram answers."""
        new_line = True
        while self.at < self.end:
            character = self.source[self.at]
            if character == "\\" and "\0" < self.source[self.at + 1] <= "~":
                self.at += 1
                self.write(self.source[self.at])
            elif not self.is_mark(character):
                self.write(character)
            elif character == "\n":
                self.break_line()
            elif character == ">" and new_line:
                if not self.quoted:
                    self.stack.append(Opened("blockquote", self.length, self.at, len(self.out)))
                self.at += 1
                continue
            elif self.stack and self.closes(self.stack[-1]):
                self.close()
                continue
            else:
                self.open()
                continue
            new_line = self.source[self.at - 1] == "\n"
        if self.quoted:
            self.add(*self.end_quote())
        if self.stack:
            self.no_end(self.stack[-1])
        return "".join(self.out), self.entities

    @property
    def quoted(self) -> bool:
        """A block quotation is going on."""
        return any(opened.kind == "blockquote" for opened in self.stack)

    def write(self, text: str) -> None:
        """Add one character to what people will read."""
        self.out.append(text)
        self.length += units(text)
        self.at += 1

    def is_mark(self, character: str) -> bool:
        """Inside code only the backtick has a meaning."""
        if self.stack and self.stack[-1].kind in ("code", "pre"):
            return character == "`"
        return character in RESERVED

    def break_line(self) -> None:
        """A line ends; with it a block quotation, unless it goes on in the next."""
        if not self.quoted or self.source[self.at + 1] == ">":
            self.write("\n")
            return
        opened, kind = self.end_quote()
        self.write("\n")
        self.add(opened, kind)

    def end_quote(self) -> tuple[Opened, str]:
        """The block quotation that ends here, and its kind: `||` makes it expandable."""
        kind = "blockquote"
        last = self.stack[-1]
        if last.kind == "spoiler" and last.at == self.at - 2:
            self.stack.pop()
            kind = "expandable_blockquote"
        opened = self.stack[-1]
        if opened.kind != "blockquote":
            self.no_end(opened)
        self.stack.pop()
        return opened, kind

    def closes(self, opened: Opened) -> bool:
        """Whether the mark at hand ends the innermost entity."""
        if opened.kind == "blockquote":
            return False
        if opened.kind == "italic" and self.source.startswith("__", self.at):
            return False
        return self.source.startswith(ENDS[opened.kind], self.at)

    def open(self) -> None:
        """Begin an entity, or complain about a character that needed a backslash."""
        mark = next((mark for mark in MARKS if self.source.startswith(mark, self.at)), None)
        if mark is None:
            sign = self.source[self.at]
            raise broken(
                f"Character '{sign}' is reserved and must be escaped with the preceding '\\'"
            )
        kind = MARKS[mark]
        opened = Opened(kind, self.length, self.at, len(self.out))
        self.at += len(mark)
        if kind == "pre":
            opened.language = self.language()
        self.stack.append(opened)

    def language(self) -> str:
        """The word after three backticks, and the line break that follows it."""
        stop = self.at
        while not self.source[stop].isspace() and self.source[stop] not in "`\0":
            stop += 1
        language = ""
        if self.source[stop].isspace():
            language, self.at = self.source[self.at : stop], stop
            self.at += self.source[stop] == "\n"
        return language

    def close(self) -> None:
        """End the innermost entity."""
        opened = self.stack.pop()
        self.at += len(ENDS[opened.kind])
        match opened.kind:
            case "text_link":
                url = self.address() if self.source[self.at] == "(" else None
                target = link("".join(self.out[opened.begin :]) if url is None else url)
                if target is not None:
                    self.add(opened, "text_link", **target)
            case "custom_emoji":
                if self.source[self.at] != "(":
                    raise broken("The entity must contain a tg://emoji or tg://time URL")
                number = self.address().removeprefix("tg://emoji?id=")
                if not number.isdigit():
                    raise broken("Invalid tg://emoji or tg://time URL specified")
                self.add(opened, "custom_emoji", custom_emoji_id=number)
            case "pre" if opened.language:
                self.add(opened, "pre", language=opened.language)
            case kind:
                self.add(opened, kind)

    def address(self) -> str:
        """What stands between the round brackets."""
        self.at += 1
        begin, url = self.at, ""
        while self.at < self.end and self.source[self.at] != ")":
            if self.source[self.at] == "\\" and "\0" < self.source[self.at + 1] <= "~":
                self.at += 1
            url += self.source[self.at]
            self.at += 1
        if self.at >= self.end:
            raise broken(f"Can't find end of a URL at byte offset {self.byte(begin)}")
        self.at += 1
        return url

    def add(self, opened: Opened, kind: str, **more: object) -> None:
        """Keep an entity, unless nothing is in it."""
        length = self.length - opened.offset
        if length:
            place = {"type": kind, "offset": opened.offset, "length": length}
            self.entities.append(place | more)

    def byte(self, index: int) -> int:
        """Telegram counts bytes when it complains."""
        return len(self.source[:index].encode())

    def no_end(self, opened: Opened) -> NoReturn:
        """Complain about an entity that never ends."""
        name = "PreCode" if opened.language else NAMES[opened.kind]
        where = self.byte(opened.at)
        raise broken(f"Can't find end of {name} entity at byte offset {where}")


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """The text without its marks, and the entities they made."""
    return Parser(source).run()


OLD_KINDS = {"_": "italic", "*": "bold", "`": "code", "[": "text_link", "```": "pre"}


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """The same for the old parse_mode Markdown, which knows no nesting."""
    out: list[str] = []
    entities: list[Entity] = []
    length = at = 0
    while at < len(source):
        sign = source[at]
        if sign == "\\" and source[at + 1 : at + 2] in ("_", "*", "`", "["):
            at += 1
            sign = ""
        mark = "```" if source.startswith("```", at) else source[at]
        if not sign or mark not in OLD_KINDS:
            out.append(source[at])
            length += units(source[at])
            at += 1
            continue
        begin, at = at, at + len(mark)
        stop = source.find("]" if mark == "[" else mark, at)
        if stop < 0:
            where = len(source[:begin].encode())
            raise broken(f"Can't find end of the entity starting at byte offset {where}")
        inner = source[at:stop]
        at = stop + len(mark)
        more: Entity | None = {}
        if mark == "[":
            closing = source.find(")", at) if source.startswith("(", at) else -1
            more = link(source[at + 1 : closing]) if closing > 0 else None
            at = closing + 1 if closing > 0 else at
        if inner and more is not None:
            place = {"type": OLD_KINDS[mark], "offset": length, "length": units(inner)}
            entities.append(place | more)
        out.append(inner)
        length += units(inner)
    return "".join(out), entities
