"""Setting lines on the pages of a PDF, in memory.

The letters are those that every reader of PDF has (Helvetica in Windows-1252): nothing is embedded,
and a page is as small as a short message. docs/decisions/paper.md says why it is made like this.
"""

import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pydyf

from services.text import clean

WIDTH, HEIGHT, MARGIN = 420, 595, 40
"""Points: an A5 page, which a small printer and a small screen can both show."""
SQUARE = 80
"""Points of the side of a code that a phone can read from paper."""
ROOM = WIDTH - 2 * MARGIN
BESIDE = ROOM - SQUARE - 10
"""Points that a line may take, and one beside such a code."""
LETTERS = "cp1252"
SIZE, LARGE, LEADING = 11, 15, 1.35

# Widths of Helvetica from space to tilde, in thousandths of the size (Adobe's Core 14 metrics).
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_WIDEST = 1015
"""What any other letter may take: a line is too short rather than too long."""


class Line(NamedTuple):
    """One line of the page: its letters, and how they look."""

    text: bytes
    size: int = SIZE
    is_bold: bool = False
    squares: Sequence[Sequence[bool]] = ()
    """In place of letters: rows of black and white squares, `size` points high and wide. They stand
    at the right and take no room: what stands beside them is wrapped to `BESIDE`."""


def write(lines: list[Line]) -> bytes:
    """Give lines as a PDF of as many pages as they need."""
    pdf = pydyf.PDF()
    fonts = {name: _font(pdf, face) for name, face in (("R", "Helvetica"), ("B", "Helvetica-Bold"))}
    while lines:
        lines = _add_page(pdf, fonts, lines)
    made = io.BytesIO()
    pdf.write(made, compress=True)
    return made.getvalue()


def wrap(
    text: str, size: int = SIZE, *, is_bold: bool = False, room: float = ROOM
) -> Iterator[Line]:
    """Cut a text into lines that fit, at spaces where there are any."""
    for paragraph in printable(text).splitlines() or [""]:
        line, used = "", 0.0
        for word in paragraph.split(" "):
            for piece in _pieces(word, size, room):
                width = _width(f" {piece}", size)
                if line and used + width > room:
                    yield Line(line.encode(LETTERS), size, is_bold)
                    line, used = "", 0.0
                line, used = (f"{line} {piece}" if line else piece), used + width
        yield Line(line.encode(LETTERS), size, is_bold)


def printable(text: str) -> str:
    """Leave out what these letters cannot show: a page says so at its end."""
    return clean(text).expandtabs(2).encode(LETTERS, "ignore").decode(LETTERS)


def _pieces(word: str, size: int, room: float) -> Iterator[str]:
    """Cut a word that is wider than a line."""
    piece, used = "", 0.0
    for letter in word:
        width = _width(letter, size)
        if used + width > room - _width(" ", size):
            yield piece
            piece, used = "", 0.0
        piece, used = piece + letter, used + width
    yield piece


def _width(text: str, size: int) -> float:
    places = (ord(letter) - 32 for letter in text)
    wide = sum(_WIDTHS[place] if 0 <= place < len(_WIDTHS) else _WIDEST for place in places)
    return wide * size / 1000


def _font(pdf: pydyf.PDF, face: str) -> bytes:
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type1",
            "BaseFont": f"/{face}",
            "Encoding": "/WinAnsiEncoding",
        }
    )
    pdf.add_object(font)
    return bytes(font.reference)


def _add_page(pdf: pydyf.PDF, fonts: dict[str, bytes], lines: list[Line]) -> list[Line]:
    """Set the next page; give the lines for which there was no more room."""
    stream, y = pydyf.Stream(compress=True), float(HEIGHT - MARGIN)
    stream.begin_text()
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 - how far it came is the result
        if line.squares:
            _draw(stream, line, y)
            continue
        y -= line.size * LEADING
        stream.set_font_size("B" if line.is_bold else "R", line.size)
        stream.set_text_matrix(1, 0, 0, 1, MARGIN, round(y, 1))
        stream.show_text_string(line.text)
        if y < MARGIN + LARGE * LEADING:
            break
    stream.end_text()
    pdf.add_object(stream)
    pdf.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": pdf.pages.reference,
                "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                "Contents": stream.reference,
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary(fonts)}),
            }
        )
    )
    return lines[count:]


def _draw(stream: pydyf.Stream, line: Line, y: float) -> None:
    """Set black squares, for cameras: the first row is the upper one."""
    stream.end_text()
    side = line.size / len(line.squares)
    for down, row in enumerate(line.squares, start=1):
        for across, is_black in enumerate(row):
            if is_black:
                place = WIDTH - MARGIN - line.size + across * side, y - down * side
                stream.rectangle(*(round(one, 2) for one in place), round(side, 2), round(side, 2))
    stream.fill()
    stream.begin_text()
