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
    room = paper.WIDTH - 2 * paper.MARGIN
    assert all(paper._width(line.text.decode(paper.LETTERS), line.size) <= room for line in lines)
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


def test_a_picture_for_cameras_is_whole_on_one_page() -> None:
    picture = paper.Line(b"", 90, squares=((True, False), (False, True)))
    text = [paper.Line(b"x")] * 30
    assert paper._add_page(pydyf.PDF(), {}, [*text, picture]) == [picture]
    assert paper._add_page(pydyf.PDF(), {}, [*text[:10], picture]) == []
    assert paper._add_page(pydyf.PDF(), {}, [picture, picture]) == []
    assert paper.write([picture]).startswith(b"%PDF-")
