"""A patient's own key: wrapped, wrapped anew, destroyed."""

from typing import Any

import pytest

from models.consultation import Consultation
from models.message import Message
from models.patient import Patient
from models.seal import KeyRing, Unreadable

OLD, NEW = KeyRing([b"o" * 32]), KeyRing([b"n" * 32, b"o" * 32])
LATER = KeyRing([b"n" * 32])
NIK, CARD = "9901014501900001", "9990000000001"


def patient(**document: Any) -> Patient:
    made = Patient(asker_id=1)
    made.make_key(OLD)
    made.write(OLD, **document)
    return made


def test_what_a_patient_s_key_sealed_is_read_through_the_ring() -> None:
    ill = patient(name="Sari")
    complaint = Message(consultation=Consultation(patient=ill))
    complaint.write(OLD, text="Demam")
    assert (ill.read(OLD), complaint.read(OLD)) == ({"name": "Sari"}, {"text": "Demam"})


def test_one_patient_s_key_opens_nothing_of_another() -> None:
    ill, other = patient(name="Sari"), patient(name="Wayan")
    ill.sealed = other.sealed
    with pytest.raises(Unreadable):
        ill.read(OLD)


def test_a_wrapped_key_moved_to_another_patient_is_unreadable() -> None:
    """Otherwise whoever can write to the database could read one patient as another."""
    ill, other = patient(name="Sari"), patient(name="Wayan")
    other.wrapped_key, other.sealed = ill.wrapped_key, ill.sealed
    with pytest.raises(Unreadable):
        other.key(OLD)


def test_the_ring_itself_opens_no_patient_s_document() -> None:
    ill = patient(name="Sari")
    assert ill.sealed is not None
    with pytest.raises(Unreadable):
        OLD.open(ill.sealed, "patient.sealed")
    assert ill.wrapped_key is not None
    with pytest.raises(Unreadable):
        ill.key(OLD).open(ill.wrapped_key, f"patient.wrapped_key:{ill.id}")


def test_wrapped_anew_the_old_key_is_needed_no_more_and_the_document_stays() -> None:
    ill = patient(name="Sari")
    document = ill.sealed
    ill.rewrap(NEW)
    assert ill.read(LATER) == {"name": "Sari"}
    assert ill.sealed == document
    wrapped = ill.wrapped_key
    ill.rewrap(NEW)
    assert ill.wrapped_key == wrapped


def test_numbers_in_the_document_are_indexed_anew_and_others_keep_their_index() -> None:
    ill = patient(nik=NIK)
    ill.nik_index, ill.card_index = OLD.index("nik", NIK), OLD.index("card", CARD)
    ill.rewrap(NEW)
    assert ill.nik_index == LATER.index("nik", NIK)
    assert ill.card_index == OLD.index("card", CARD)


def test_an_unreadable_document_does_not_keep_the_key_from_being_wrapped() -> None:
    ill = patient(nik=NIK)
    ill.sealed = b"\x02 spoilt"
    ill.nik_index = OLD.index("nik", NIK)
    ill.rewrap(NEW)
    assert ill.wrapped_key is not None
    assert NEW.is_current(ill.wrapped_key)
    assert ill.nik_index == OLD.index("nik", NIK)


def test_an_erased_patient_is_gone_with_everything_said() -> None:
    ill = patient(name="Sari")
    ill.nik_index = OLD.index("nik", NIK)
    complaint = Message(consultation=Consultation(patient=ill))
    complaint.write(OLD, text="Demam")
    ill.erase()
    for record in (ill, complaint):
        record.sealed = record.sealed or b"\x02 from a backup"
        with pytest.raises(Unreadable):
            record.read(OLD)
    ill.rewrap(NEW)
    assert not any((ill.wrapped_key, ill.nik_index, ill.card_index))
