"""Made-up data are found wherever they stand, and nothing else is taken for them."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.errors import Refusal
from models.role import Profession, Role
from services import credential, emergency, facility, specimen
from tests.services.cast import AT, FACILITY, caller, home


def real(session: Session) -> None:
    """Nothing made up is left."""
    facility.add(session, FACILITY, "Puskesmas Percontohan", "dr. Ayu", "Loket 1")
    session.flush()


def verified(
    session: Session, *, name: str = "Budi", str_number: str = "1234", sip_number: str = "5678"
) -> Role:
    role = credential.verify(
        session, 7001, home(session), profession=Profession.NURSE, name=name,
        str_number=str_number, sip_number=sip_number, sip_ends_on=date(2030, 1, 1), at=AT,
    )  # fmt: skip
    session.flush()
    return role


def licensed(session: Session, **marked: str) -> int:
    """A worker from before what is marked was refused."""
    role = verified(session)
    role.write(session, **role.read(session) | marked)
    session.flush()
    return role.person.telegram_id


@pytest.mark.parametrize(
    "text", ["contoh", "Puskesmas CONTOH", "STR-CONTOH-7", "STR_contoh_7", "nomor contoh."]
)
def test_the_word_by_itself_marks(text: str) -> None:
    assert specimen.is_marked(text)


@pytest.mark.parametrize("text", ["", None, "Puskesmas Percontohan", "Contohan", "Budi"])
def test_a_word_that_only_holds_it_does_not(text: str | None) -> None:
    assert not specimen.is_marked(text)


def test_a_real_installation_is_none_whatever_people_call_themselves(session: Session) -> None:
    real(session)
    licensed(session)
    caller(session, "Contoh")
    assert specimen.in_records(session) is None


@pytest.mark.parametrize("field", ["name", "responsible", "contact"])
def test_a_marked_facility_is_named(session: Session, field: str) -> None:
    real(session)
    setattr(home(session), field, "Contoh")
    session.flush()
    found = specimen.in_records(session)
    assert found is not None
    assert FACILITY in found.what
    assert found.mend == f"telekonsul facility add {FACILITY} …"


@pytest.mark.parametrize("field", ["name", "str", "sip"])
def test_a_marked_licence_is_named_until_it_ends(session: Session, field: str) -> None:
    real(session)
    account = licensed(session, **{field: "X-CONTOH-1"})
    found = specimen.in_records(session)
    assert found is not None
    assert found.mend == f"telekonsul credential reject {account}"
    credential.reject(session, account, at=AT)
    session.flush()
    assert specimen.in_records(session) is None


@pytest.mark.parametrize("field", ["name", "str_number", "sip_number"])
def test_a_marked_licence_is_refused_where_the_facility_is_none(
    session: Session, field: str
) -> None:
    verified(session, **{field: "X-CONTOH-1"})  # everything here is made up
    real(session)
    with pytest.raises(Refusal, match=r"refusal\.made_up"):
        verified(session, **{field: "X-CONTOH-1"})


def test_a_marked_number_is_named(session: Session) -> None:
    real(session)
    one = home(session)
    emergency.set_number(session, one, "PSC contoh", "0380 555", checked_on=date(2026, 1, 1))
    found = specimen.in_records(session)
    assert found is not None
    assert "PSC contoh: 0380 555" in found.what


def test_a_folder_is_marked_by_its_name_or_by_the_file_in_it(tmp_path: Path) -> None:
    assert specimen.in_folder(tmp_path) is None
    assert specimen.in_folder(tmp_path / "data-contoh") is not None
    assert specimen.in_folder(tmp_path / "contoh" / "data") is None, "an account may be called so"
    specimen.mark(tmp_path)
    found = specimen.in_folder(tmp_path)
    assert found is not None
    assert str(tmp_path) in found.what
