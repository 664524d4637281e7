"""The sealed document: what goes in comes out, and nothing else ever does."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.mail import Incoming, Outgoing
from models.person import Person
from models.role import Role
from models.seal import KeyRing, Sealed, Unreadable

OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32
RING = KeyRing([OLD])
ROTATED = KeyRing([NEW, OLD])

anything = st.text(st.characters(exclude_categories=()))  # NUL, controls, lone surrogates, all
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | anything,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=4),
    max_leaves=12,
)


def as_json(value: object) -> Any:
    """What JSON makes of a value: two halves of a pair of surrogates become the one character."""
    return json.loads(json.dumps(value))


@given(documents)
def test_every_document_comes_back(content: object) -> None:
    person = Person(telegram_id=1)
    person.write(RING, name=content)
    assert person.read(RING) == {"name": as_json(content)}


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\ud83d", "\udc00\ud800", "\u202egnirts", "👩‍👩‍👧‍👦", ""]
)
def test_what_no_encoding_carries_comes_back(text: str) -> None:
    person = Person()
    person.write(RING, name=text)
    assert person.read(RING) == {"name": text}


def test_a_record_that_says_nothing_reads_as_empty() -> None:
    assert Person().read(RING) == {}


@given(anything)
def test_the_sealed_bytes_do_not_show_the_text(text: str) -> None:
    person = Person()
    person.write(RING, name=f"Sari {text}")
    assert person.sealed is not None
    assert b"Sari" not in person.sealed


def test_the_same_text_is_never_sealed_the_same() -> None:
    assert RING.seal(b"Sari", "person.sealed") != RING.seal(b"Sari", "person.sealed")


def test_a_document_of_another_table_is_unreadable() -> None:
    person, role = Person(id=7), Role(id=7)
    person.write(RING, name="Sari")
    role.sealed = person.sealed
    with pytest.raises(Unreadable):
        role.read(RING)


def test_a_value_of_another_column_is_unreadable() -> None:
    sealed = RING.seal(b"Sari", "person.sealed")
    for place in ("person.note", "role.sealed", ""):
        with pytest.raises(Unreadable):
            RING.open(sealed, place)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (Person(id=1), Person(id=2)),
        (Incoming(bot_id=1, update_id=5), Incoming(bot_id=2, update_id=5)),
        (Incoming(bot_id=1, update_id=5), Incoming(bot_id=1, update_id=6)),
        (Outgoing(key="do:1:5:0"), Outgoing(key="do:1:5:1")),
    ],
)
def test_a_document_moved_to_another_row_is_unreadable(here: Sealed, there: Sealed) -> None:
    here.write(RING, name="Sari")
    there.sealed = here.sealed
    with pytest.raises(Unreadable):
        there.read(RING)


@given(st.data())
def test_a_flipped_bit_is_unreadable(data: st.DataObject) -> None:
    person = Person()
    person.write(RING, name="Sari")
    assert person.sealed is not None
    place = data.draw(st.integers(0, len(person.sealed) - 1))
    changed = bytearray(person.sealed)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    person.sealed = bytes(changed)
    with pytest.raises(Unreadable):
        person.read(RING)


@given(st.binary(max_size=80))
def test_no_bytes_at_all_break_the_reader(junk: bytes) -> None:
    """Cut, empty or foreign values are unreadable, never an error of another kind."""
    with pytest.raises(Unreadable):
        RING.open(junk, "person.sealed")
    with pytest.raises(Unreadable):
        RING.open(RING.seal(b"", "person.sealed")[:5] + junk, "person.sealed")


def test_a_wrong_key_opens_nothing() -> None:
    with pytest.raises(Unreadable):
        KeyRing([OTHER]).open(RING.seal(b"Sari", "person.sealed"), "person.sealed")


# ── changing the key ────────────────────────────────────────────────────────────────────────────


def test_after_a_change_the_old_values_open_and_new_ones_take_the_new_key() -> None:
    old = RING.seal(b"Sari", "person.sealed")
    new = ROTATED.seal(b"Budi", "person.sealed")
    assert ROTATED.open(old, "person.sealed") == b"Sari"
    assert (ROTATED.is_current(old), ROTATED.is_current(new)) == (False, True)
    assert KeyRing([NEW]).open(new, "person.sealed") == b"Budi"
    with pytest.raises(Unreadable):
        RING.open(new, "person.sealed")


def test_resealing_needs_the_old_key_no_more_and_says_the_same() -> None:
    person = Person()
    person.write(RING, name="Sari")
    person.reseal(ROTATED)
    assert person.read(KeyRing([NEW])) == {"name": "Sari"}
    resealed = person.sealed
    person.reseal(ROTATED)
    assert person.sealed == resealed


def test_a_row_that_no_key_opens_is_left_as_it_is() -> None:
    person = Person()
    person.write(KeyRing([OTHER]), name="Sari")
    before = person.sealed
    person.reseal(ROTATED)
    assert person.sealed == before


def test_a_changed_row_is_not_sealed_again() -> None:
    person = Person()
    person.write(RING, name="Sari")
    assert person.sealed is not None
    person.sealed = person.sealed[:-1] + bytes([person.sealed[-1] ^ 1])
    with pytest.raises(Unreadable):
        person.reseal(ROTATED)


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, b""], [b"x" * 33]])
def test_a_ring_takes_nothing_but_whole_keys(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing(keys)


@pytest.mark.parametrize("text", ["", "abc", "é", "AAAA,", f"{'A' * 43}=,x", "not base64!"])
def test_a_ring_reads_nothing_but_base64(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        KeyRing.parse(text)


def test_a_fresh_key_is_read_and_another_each_time() -> None:
    one, other = KeyRing.fresh_key(), KeyRing.fresh_key()
    assert one != other
    sealed = KeyRing.parse(one).seal(b"Sari", "p")
    assert KeyRing.parse(f"{other},{one}").open(sealed, "p") == b"Sari"


# ── blind indexes and signatures ────────────────────────────────────────────────────────────────

NIK = "9901014501900001"


def test_equal_numbers_have_equal_indexes_and_others_do_not() -> None:
    assert RING.index("nik", NIK) == RING.index("nik", NIK)
    assert RING.index("nik", NIK) != RING.index("nik", "9901014501900002")
    assert RING.index("nik", NIK) != RING.index("card", NIK)


def test_an_index_is_found_under_every_key_of_the_ring() -> None:
    assert RING.index("nik", NIK) in ROTATED.indexes("nik", NIK)
    assert ROTATED.index("nik", NIK) == ROTATED.indexes("nik", NIK)[0]
    assert ROTATED.index("nik", NIK) == KeyRing([NEW]).index("nik", NIK)


def test_without_the_key_a_number_cannot_be_tried() -> None:
    """Not even by whoever holds another key and every number: the digest is keyed."""
    assert RING.index("nik", NIK) not in KeyRing([OTHER, NEW]).indexes("nik", NIK)
    assert NIK.encode() not in RING.index("nik", NIK)


def test_a_signature_holds_under_every_key_of_the_ring_and_under_no_other() -> None:
    signature = RING.sign(b"row")
    assert ROTATED.signed(b"row", signature)
    assert not ROTATED.signed(b"another row", signature)
    assert not KeyRing([NEW, OTHER]).signed(b"row", signature)


def test_an_index_is_no_signature() -> None:
    """Whoever can have a number indexed must not come by a signature that way."""
    assert not RING.signed(b"1", RING.index("chain", "1"))
    assert RING.sign(b"1")[:16] != RING.index("chain", "1")
