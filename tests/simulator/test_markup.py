import contextlib
import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.errors import ApiError
from simulator.html_markup import to_html
from simulator.params import read_words
from simulator.words import NOTHING, Entity, Words, units

# Everything but the control characters, which Telegram replaces, and half characters.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=60)
pieces = [*"ab😀 \n<>&/=\"'*_~|`[]()!\\-.", "<b>", "</b>", "<a href=", "</a>", "\n>", "```"]
marked = st.lists(st.sampled_from(pieces)).map("".join)
KINDS = {"b": "bold", "i": "italic", "u": "underline", "s": "strikethrough", "code": "code"}


def own(words: Words) -> list[Entity]:
    """Without what Telegram finds itself, such as commands and links."""
    found = {"url", "email", "mention", "bot_command", "hashtag"}
    return [entity for entity in words.entities if entity["type"] not in found]


@given(texts)
@example("3 < 4 & 5 > 2 &amp;")
def test_escaped_html_comes_out_as_it_was(text: str) -> None:
    words = read_words(html.escape(text, quote=False), "HTML", None)
    assert words.text == text.lstrip(" \n").rstrip()
    assert own(words) == []


@given(texts)
def test_escaped_markdown_comes_out_as_it_was(text: str) -> None:
    escaped = re.sub(r"([_*\[\]()~`>#+\-=|{}.!\\])", r"\\\1", text)
    words = read_words(escaped, "MarkdownV2", None)
    assert words.text == text.lstrip(" \n").rstrip()
    assert own(words) == []


@given(texts, st.sampled_from(sorted(KINDS)), texts)
def test_a_tag_marks_exactly_its_text(before: str, tag: str, inside: str) -> None:
    before, inside = f"x{before}", f"{inside}x"
    source = f"{html.escape(before)}<{tag}>{html.escape(inside)}</{tag}>"
    words = read_words(source, "html", None)
    assert words.text == before + inside
    start, length = units(before), units(inside)
    assert own(words) == [{"type": KINDS[tag], "offset": start, "length": length}]
    assert read_words(to_html(words), "HTML", None) == words


@given(marked, st.sampled_from(["HTML", "MarkdownV2", "Markdown"]))
def test_any_markup_is_read_or_refused(text: str, mode: str) -> None:
    words = NOTHING
    with contextlib.suppress(ApiError):
        words = read_words(text, mode, None)
    size = units(words.text)
    for entity in words.entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= size


@pytest.mark.parametrize(
    ("mode", "source", "text", "entities"),
    [
        ("HTML", '<a href="https://a.id?x=1&amp;y=2">a</a>', "a", [("text_link", 0, 1)]),
        ("HTML", '<a href="tg://user?id=7">Ibu</a>', "Ibu", [("text_mention", 0, 3)]),
        ("HTML", "<a>bukan tautan</a>", "bukan tautan", []),
        ("HTML", '<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("HTML", "<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("HTML", "<b>😀<i>a</i></b>", "😀a", [("bold", 0, 3), ("italic", 2, 1)]),
        ("HTML", "&#128512; &lt;&nbsp;", "😀 <&nbsp;", []),
        ("HTML", "a  <b> b </b>  ", "a   b", [("bold", 3, 2)]),
        ("MarkdownV2", "*a __b__*", "a b", [("bold", 0, 3), ("underline", 2, 1)]),
        ("MarkdownV2", "_a_ ~b~ ||c||", "a b c", [
            ("italic", 0, 1), ("strikethrough", 2, 1), ("spoiler", 4, 1)]),
        ("MarkdownV2", "[a](https://a.id/x)", "a", [("text_link", 0, 1)]),
        ("MarkdownV2", "```py\nx = 1```", "x = 1", [("pre", 0, 5)]),
        ("MarkdownV2", "`a*b`", "a*b", [("code", 0, 3)]),
        ("MarkdownV2", ">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4)]),
        ("MarkdownV2", ">a\n>b||", "a\nb", [("expandable_blockquote", 0, 3)]),
        ("Markdown", "*a* _b_ `c`", "a b c", [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1)]),
        ("Markdown", "[a](https://a.id/x) b\\_c", "a b_c", [("text_link", 0, 1)]),
    ],
)  # fmt: skip
def test_markup_becomes_entities(
    mode: str, source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    words = read_words(source, mode, None)
    assert words.text == text
    found = [(entity["type"], entity["offset"], entity["length"]) for entity in words.entities]
    assert found == entities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start abc", [("bot_command", 0, 6)]),
        ("😀 /akhiri@contoh_bot", [("bot_command", 3, 18)]),
        ("a/b 3/4", []),
        ("tulis ke a@b.id", [("email", 9, 6)]),
        ("https://bpjs.go.id/x dan @siapa", [("url", 0, 20), ("mention", 25, 6)]),
        ("#demam", [("hashtag", 0, 6)]),
    ],
)
def test_telegram_finds_links_and_commands(text: str, found: list[tuple[str, int, int]]) -> None:
    words = read_words(text, "", None)
    entities = [(entity["type"], entity["offset"], entity["length"]) for entity in words.entities]
    assert entities == found
