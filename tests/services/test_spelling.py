"""Names are found although they are misspelt, and whatever is typed is survived."""

from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.misspelling import RULES, said
from services.content import CONTENT, abbreviations
from services.region import Regions, listing
from services.region.reading import understood
from services.region.search import find
from services.spelling import Names, Typed, keys, spelled, words

NAMES = ("Oesapa Barat", "Tanjung Redeb", "Bakunase Dua", "Wae Ri'i", "Desa N-1/II", "Jatibarang")
PLACES = Names(NAMES)


def best(text: str) -> str | None:
    found = PLACES.find(Typed(words(text)))
    return NAMES[found[0][0]] if found else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("osapa brt", "Oesapa Barat"),
        ("usapa barat", "Oesapa Barat"),
        ("tj. redep", "Tanjung Redeb"),
        ("tandjoeng redeb", "Tanjung Redeb"),
        ("TANJUNGREDEB", "Tanjung Redeb"),
        ("tnjg rdb", "Tanjung Redeb"),
        ("bakunase 2", "Bakunase Dua"),
        ("bakunase ii", "Bakunase Dua"),
        ("wae rii", "Wae Ri'i"),
        ("wae ri’i", "Wae Ri'i"),
        ("djatibarang", "Jatibarang"),
        ("jati barang", "Jatibarang"),
        ("jatiibrang", "Jatibarang"),
        ("ｊａｔｉｂａｒａｎｇ", "Jatibarang"),
    ],
)
def test_a_misspelt_name_is_found(text: str, name: str) -> None:
    assert best(text) == name


def test_only_the_very_letters_are_surely_the_name() -> None:
    (like,) = (like for number, like in PLACES.find(Typed(words("Jatibarang"))) if number == 5)
    (less,) = (like for number, like in PLACES.find(Typed(words("djatibarang"))) if number == 5)
    assert like == 1
    assert 0.9 < less < 1


def test_among_some_names_the_others_are_not_found() -> None:
    typed = Typed(words("jatibarang"))
    assert [number for number, _ in PLACES.among(typed, [0, 5, 5])] == [5]
    assert PLACES.among(typed, [0, 1]) == []
    assert PLACES.find(typed, below=5) == []
    assert [number for number, _ in PLACES.find(typed, below=6)] == [5]


def test_without_names_nothing_is_found() -> None:
    assert Names([]).find(Typed(["brebes"])) == []
    assert Names([""]).find(Typed(["brebes"])) == []


def test_more_names_than_fit_into_one_text_keep_their_numbers() -> None:
    many = Names([f"Desa Ke {number}" for number in range(5_100)] + ["Kluwut"])
    assert many.find(Typed(["klwut"]))[0][0] == 5_100


@given(st.text())
@example("𝐀")
@example("A𞱱")
def test_a_word_is_small_letters_or_digits(text: str) -> None:
    for word in words(text):
        assert word
        assert word == word.lower()
        assert all(one.isalpha() or one.isnumeric() for one in word)
        assert words(word) == [word]


@given(st.lists(st.text()))
def test_every_name_has_a_key_however_it_is_written(names: list[str]) -> None:
    assert len(list(keys(names))) == len(names)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_compared(text: str) -> None:
    found = PLACES.find(Typed(words(text)))
    assert all(0 <= like <= 1 for _, like in found)
    assert [like for _, like in found] == sorted((like for _, like in found), reverse=True)
    for parts in understood(text):
        assert all(part.words for part in parts)


@given(st.sampled_from(NAMES[:2] + NAMES[5:]), st.data())
def test_one_slip_does_no_harm(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 2))
    slip = data.draw(st.sampled_from(["drop", "double", "swap"]))
    ends = {"drop": at + 1, "double": at, "swap": at + 2}
    between = {"drop": "", "double": name[at], "swap": name[at : at + 2][::-1]}[slip]
    assert (
        best(name[: ends[slip] if slip == "double" else at] + between + name[ends[slip] :]) == name
    )


def test_no_abbreviation_stands_for_another() -> None:
    short = abbreviations()
    assert all(part not in short for long in short.values() for part in long.split())
    assert spelled(["tj", "jakpus", "2"]) == ["tanjung", "jakarta pusat", "dua"]


@pytest.fixture(scope="module")
def sample() -> Regions:
    return Regions(
        (line.code, line.name, float(line.latitude), float(line.longitude))
        for line in listing.read(CONTENT / "sample" / "regions.csv")
    )


def test_of_hundreds_of_misspelt_places_nearly_all_come_first(sample: Regions) -> None:
    """The rules are those of the bench, which measures the same on the whole national list."""
    typed = list(islice(said(sample, seed=4), 30 * len(RULES)))
    first = [
        bool(got := find(sample, one.text)) and got[0].place.code in one.codes for one in typed
    ]
    assert sum(first) >= 0.97 * len(typed)
