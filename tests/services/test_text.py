"""What people typed, made safe to pass on."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.text import clean, is_blank, mask, shorten, split, units

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇮🇩"
CLUSTERS = [FAMILY, FLAG, "👍🏽", "❤️", "1️⃣", "é", "ꦏꦺ", "\r\n", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a", " ", "\n", "😀"]

pieces = st.lists(st.sampled_from(CLUSTERS) | st.characters(exclude_categories=()), max_size=80)
texts = pieces.map("".join)
limits = st.integers(130, 300)  # more than the longest thing that counts as one character


# ── split ───────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.text(min_size=1), max_size=40).map("".join) | texts, limits)
@example("a" * 131, 130)
def test_the_parts_are_the_text(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert "".join(parts) == text
    assert all(units(part) <= limit for part in parts)
    assert parts == [""] or all(parts)


@given(st.lists(st.sampled_from(CLUSTERS), min_size=60, max_size=300), limits)
def test_no_character_is_cut(clusters: list[str], limit: int) -> None:
    """Not a pair of surrogates, a family, a flag, a keycap or a letter with its marks."""
    text = "".join(clusters)
    ends = {0}
    place = 0
    for cluster in clusters:
        place += len(cluster)
        ends.add(place)
    cut = 0
    for part in split(text, limit):
        cut += len(part)
        assert cut in ends


@pytest.mark.parametrize("size", [4096, 4097, 20_000])
@pytest.mark.parametrize("character", ["a", "😀", FAMILY, FLAG, "kata "])
def test_long_texts_of_every_kind_arrive_whole(character: str, size: int) -> None:
    text = character * size
    parts = split(text)
    assert "".join(parts) == text
    assert all(units(part) <= 4096 for part in parts)
    assert all(not part.startswith(("\u200d", "\ufe0f")) for part in parts)


def test_a_cut_falls_between_words() -> None:
    parts = split("demam " * 100, 130)
    assert all(part.endswith("demam ") for part in parts)


def test_a_word_without_a_space_is_cut_all_the_same() -> None:
    assert [len(part) for part in split("a" * 300, 130)] == [130, 130, 40]


def test_nothing_is_one_empty_part() -> None:
    assert split("") == [""]


@given(st.text())
def test_units_are_counted_as_telegram_counts(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2


# ── mask ────────────────────────────────────────────────────────────────────────────────────────

NIK, CARD = "9901014501900001", "9990000000001"
GROUPED = [
    "9901014501900001",
    "9901 0145 0190 0001",
    "9901.0145.0190.0001",
    "9901-0145-0190-0001",
    "9901 - 0145 - 0190 - 0001",
    "990101 450190 0001",
    "99.01.01.450190.0001",
    "99.01.01 450190 0001",
    "9 9 0 1 0 1 4 5 0 1 9 0 0 0 0 1",
    "9901\u00a00145\u00a00190\u00a00001",
    "9901–0145–0190–0001",
    "9901\u200b0145\u200b0190\u200b0001",
    "９９０１０１４５０１９００００１",
    "٩٩٠١٠١٤٥٠١٩٠٠٠٠١",
    "۹۹۰۱ ۰۱۴۵ ۰۱۹۰ ۰۰۰۱",
    "９９０１-0145-۰۱۹۰-0001",
]


@pytest.mark.parametrize("number", GROUPED)
@pytest.mark.parametrize(
    "around", ["{}", "NIK saya {}.", "({})", "umur 3, {} ya", "x{}x", "\n{}\n"]
)
def test_a_nik_is_covered_however_it_is_typed(number: str, around: str) -> None:
    covered = mask(around.format(number))
    assert covered.count("•") == 8
    assert "4501" not in covered.translate(_ASCII).replace(" ", "")


@pytest.mark.parametrize("number", ["9990000000001", "999 0000 0000 01", "999-0000-0000-01"])
def test_a_card_is_covered(number: str) -> None:
    assert mask(f"kartu {number} ini") == "kartu 9990•••••0001 ini"


@pytest.mark.parametrize(
    "text",
    [
        "RT 03 9990000000001",
        "9990000000001 3 tahun",
        "9990000000001 01-02-1990",
        "9901014501900001 081200000000",
        "081200000000 9901014501900001",
        "9901014501900001 9901014501900002",
        "9901014501900001, 9901014501900002",
        "3. 9901014501900001 4. x",
    ],
)
def test_a_number_beside_it_hides_nothing(text: str) -> None:
    covered = mask(text)
    for secret in (NIK, CARD, "9901014501900002"):
        assert secret not in covered
    assert covered.count("•") >= 5


@pytest.mark.parametrize(
    "text",
    [
        "0812-0000-0000",
        "081200000000",
        "+62 812 0000 0000",
        "+6281200000000",
        "021 5550000",
        "119",
        "tensi 120/80 130/85 125",
        "24-11-2026 25-11-2026",
        "24-11-2026 jam 08.30",
        "123456789012",
        "12345678901234",
        "123456789012345",
        "12345678901234567",
        "gula 110, 120, 135, 140, 1",
        "110\n120\n135\n140\n1",
        "²²²²²²²²²²²²²²²²",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


_ASCII = {ord(c): str(unicodedata.digit(c)) for c in map(chr, range(0x110000)) if c.isdecimal()}
digits = st.text("0123456789０１２３４５６７８９٠١٢٣٤٥٦٧٨٩", min_size=1)
lone = st.text("abc ,:;()\n•").filter(lambda text: not text or not text[-1].isspace())


@given(st.sampled_from([13, 16]), st.data())
def test_whatever_stands_around_a_secret_number_is_covered(size: int, data: st.DataObject) -> None:
    number = data.draw(st.text("0123456789０١", min_size=size, max_size=size))
    separator = data.draw(st.sampled_from(["", " ", ".", "-", " - ", "\u00a0"]))
    step = data.draw(st.integers(1, 6))
    grouped = separator.join(number[i : i + step] for i in range(0, size, step))
    text = data.draw(lone) + grouped + data.draw(st.text("abc,:;()"))
    assert mask(text).count("•") - text.count("•") == size - 8


@given(st.text() | st.text("0123456789 .-+•٣", max_size=120))
def test_masking_twice_changes_nothing_and_only_digits_are_touched(text: str) -> None:
    once = mask(text)
    assert mask(once) == once
    letters = [c for c in text if not c.isdecimal() and c not in " .-•"]
    assert [c for c in once if not c.isdecimal() and c not in " .-•"] == letters


# ── clean, shorten, blank ───────────────────────────────────────────────────────────────────────


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_cleaned_can_be_sent(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert not set(cleaned) & {"\0", "\u202e", "\u2066", "\x1b", "\x7f"}
    assert clean(cleaned) == cleaned


def test_cleaning_keeps_what_people_write() -> None:
    text = f"Ibu Sari — «demam», 38,5°C;\n\tsejak kemarin {FAMILY}{FLAG} ꦏꦺ عربي"
    assert clean(text) == text


@given(texts, st.integers(1, 200))
def test_a_short_line_is_short_and_one(text: str, length: int) -> None:
    line = shorten(text, length)
    assert len(line) <= length
    assert "\n" not in line
    if len(" ".join(text.split())) > length:
        assert line.endswith("…")


def test_shortening_cuts_no_family() -> None:
    assert shorten(FAMILY * 3, len(FAMILY) + 3) == f"{FAMILY}…"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t", "\u200b\u200d\u2060", "\ufe0f\ufe0f", "\u00ad", "\u3164", "\u2800\u115f",
     "\0", "\ud83d", "\u202e \u2069", "\U000e0101", "\u00a0\u3000"],
)  # fmt: skip
def test_what_nobody_can_see_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", ".", " 0 ", FAMILY, FLAG, "❤️", "ꦏ", "\u200bya\u200b", "•"])
def test_what_can_be_seen_is_not(text: str) -> None:
    assert not is_blank(text)
