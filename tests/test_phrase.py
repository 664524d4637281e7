"""The recovery phrase: what it sealed opens with it and with nothing else, and slips are caught."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import phrase
from services.content import phrase_words

WORDS = phrase_words()
PHRASE = phrase._words(bytes(range(0, 256, 16)))
PUBLIC = phrase.public_of(PHRASE)
entropies = st.binary(min_size=16, max_size=16)


@given(entropies, st.binary(max_size=200))
def test_what_is_sealed_to_a_phrase_opens_with_it(entropy: bytes, plain: bytes) -> None:
    words = phrase._words(entropy)
    sealed = phrase.seal_to(phrase.public_of(words), plain)
    assert phrase.open_with(words, sealed) == plain
    assert len(plain) < 8 or plain not in sealed


@given(entropies)
def test_no_other_phrase_opens_it(entropy: bytes) -> None:
    words = phrase._words(entropy)
    if words != PHRASE:
        with pytest.raises(phrase.CannotOpen):
            phrase.open_with(words, phrase.seal_to(PUBLIC, b"kunci"))


@given(st.data())
def test_a_changed_bit_anywhere_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(phrase.seal_to(PUBLIC, b"kunci"))
    # Curve25519 does not read the highest bit of a public key; the head is authenticated besides.
    place = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(phrase.CannotOpen):
        phrase.open_with(PHRASE, bytes(sealed))


@given(st.binary(max_size=100))
def test_what_was_never_sealed_does_not_open(noise: bytes) -> None:
    with pytest.raises(phrase.CannotOpen):
        phrase.open_with(PHRASE, noise)


def test_the_same_thing_sealed_twice_looks_different() -> None:
    assert phrase.seal_to(PUBLIC, b"kunci") != phrase.seal_to(PUBLIC, b"kunci")
    assert phrase.fresh() != phrase.fresh()


def test_a_phrase_means_the_same_key_for_ever() -> None:
    """Paper cannot be migrated: neither the list nor the derivation may ever change."""
    assert " ".join(PHRASE) == EXPECTED
    assert PUBLIC.hex() == EXPECTED_PUBLIC


EXPECTED = (
    "abadi bangku cangkir dunia gosok jahe kecapi kuning manggis "
    "nada pantai pohon roket sepeda tepung umbi lumbung"
)
EXPECTED_PUBLIC = "8f9f7f1b49cad7869d632574b14bb3d26ccc5ccf331130c05142f462b4a3735f"


@given(entropies)
def test_a_phrase_is_read_as_people_write_it(entropy: bytes) -> None:
    words = phrase._words(entropy)
    typed = ", ".join(f"{n}. {word.title()}" for n, word in enumerate(words, start=1))
    assert phrase.read(f"  {typed}\n") == words


@given(st.integers(0, 16), st.sampled_from(WORDS))
def test_one_wrong_word_is_caught_but_for_one_in_256(place: int, other: str) -> None:
    typed = [*PHRASE[:place], other, *PHRASE[place + 1 :]]
    expected = phrase._words(phrase._entropy(tuple(typed)))
    if tuple(typed) == expected:
        assert phrase.read(" ".join(typed)) == expected
    else:
        with pytest.raises(phrase.WrongPhrase):
            phrase.read(" ".join(typed))


def test_a_misspelt_word_is_named_with_the_one_that_was_meant() -> None:
    typed = list(PHRASE)
    typed[4] = typed[4][:-1] + "x"
    with pytest.raises(phrase.WrongPhrase) as wrong:
        phrase.read(" ".join(typed))
    assert (wrong.value.place, wrong.value.near) == (5, PHRASE[4])


@pytest.mark.parametrize(
    "typed", ["", "abadi", " ".join(PHRASE[:16]), " ".join([*PHRASE, "zebra"])]
)
def test_too_few_or_too_many_words_are_no_phrase(typed: str) -> None:
    with pytest.raises(phrase.WrongPhrase):
        phrase.read(typed)


def test_a_public_part_that_gives_no_secret_is_refused() -> None:
    for public in (b"", bytes(31), bytes(32)):
        with pytest.raises(ValueError, match=r"."):
            phrase.seal_to(public, b"kunci")


# ── the list ────────────────────────────────────────────────────────────────────────────────────


def test_the_list_has_256_short_plain_words() -> None:
    assert len(set(WORDS)) == len(WORDS) == 256
    assert [word for word in WORDS if not re.fullmatch(r"[a-z]{4,8}", word)] == []
    assert list(WORDS) == sorted(WORDS)


def distance(one: str, other: str) -> int:
    """Letters to change, drop or insert (Levenshtein)."""
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
        before = row
    return before[-1]


def sound(word: str) -> str:
    """As careless ears hear it: f, v and p, z and s, kh and h are one."""
    for written, heard in (("sy", "s"), ("kh", "h"), ("v", "p"), ("f", "p"), ("z", "s")):
        word = word.replace(written, heard)
    return word


def test_no_two_words_are_alike_by_spelling_or_sound() -> None:
    for one, other in combinations(WORDS, 2):
        assert one[:4] != other[:4], (one, other)
        assert distance(one, other) >= 3, (one, other)
        assert distance(sound(one), sound(other)) >= 2, (one, other)
