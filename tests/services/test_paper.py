"""A page of anything: every line fits, nothing is lost but what the letters cannot show."""

import pydyf
from hypothesis import given, settings
from hypothesis import strategies as st

from services.paper import setting as paper

WORDS = st.text(st.sampled_from("aWi .-()\\é🍵\n"), max_size=400)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_every_line_fits_and_no_letter_is_lost(text: str) -> None:
    lines = list(paper.wrap(text))
    widths = [paper._width(line.text.decode(paper.LETTERS), line.size) for line in lines]
    assert all(width <= paper.ROOM for width in widths)
    shown = "".join(line.text.decode(paper.LETTERS) for line in lines)
    assert "".join(shown.split()) == "".join(paper.printable(text).split())
    assert paper.write(lines).startswith(b"%PDF-")


def test_a_long_text_takes_as_many_pages_as_it_needs() -> None:
    left, pdf = list(paper.wrap("x" * 20_000)), pydyf.PDF()
    lengths = [len(left)]
    while left:
        left = paper._add_page(pdf, {}, left)
        lengths.append(len(left))
    assert lengths == sorted(lengths, reverse=True)
    assert pdf.pages["Count"] == len(lengths) - 1 > 5


def test_a_picture_for_cameras_takes_no_room_from_what_stands_beside_it() -> None:
    picture = paper.Line(b"", paper.SQUARE, squares=((True, False), (False, True)))
    text = [paper.Line(b"x")] * 100
    alone = len(paper._add_page(pydyf.PDF(), {}, text))
    assert len(paper._add_page(pydyf.PDF(), {}, [picture, *text])) == alone
    beside = list(paper.wrap("kata " * 30, room=paper.BESIDE))
    widths = [paper._width(line.text.decode(paper.LETTERS), line.size) for line in beside]
    assert max(widths) + paper.SQUARE < paper.ROOM
    assert paper.write([picture]).startswith(b"%PDF-")
