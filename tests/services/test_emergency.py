"""Numbers to call near a facility: entered, checked for being numbers, never made up."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from services import emergency, facility
from tests.services.cast import home

DAY = date(2026, 11, 1)


def test_the_numbers_of_a_facility_are_its_own_and_in_order(each_session: Session) -> None:
    session = each_session
    one = home(session)
    other = facility.add(session, "99990002", "Klinik Contoh", "drg. Contoh", "nomor contoh")
    session.flush()
    emergency.set_number(session, one, "PSC  contoh", "0380 555", checked_on=DAY)
    emergency.set_number(session, one, "IGD contoh", "+62 380-556", checked_on=DAY)
    emergency.set_number(session, other, "PSC contoh", "0380 777", checked_on=DAY)
    assert [(n.label, n.number) for n in emergency.numbers(session, one)] == [
        ("PSC contoh", "0380 555"), ("IGD contoh", "+62 380-556"),
    ]  # fmt: skip


def test_the_same_label_is_changed_not_doubled(session: Session) -> None:
    one = home(session)
    emergency.set_number(session, one, "PSC contoh", "0380 555", checked_on=DAY)
    emergency.set_number(session, one, "PSC contoh", "0380 999", checked_on=date(2026, 12, 1))
    (found,) = emergency.numbers(session, one)
    assert (found.number, found.checked_on) == ("0380 999", date(2026, 12, 1))


def test_a_number_can_be_removed(session: Session) -> None:
    one = home(session)
    emergency.set_number(session, one, "PSC contoh", "0380 555", checked_on=DAY)
    assert emergency.remove(session, one, "PSC contoh", on=DAY)
    assert not emergency.remove(session, one, "PSC contoh", on=DAY)
    assert emergency.lines(session, one) == ""


@pytest.mark.parametrize("number", ["", "12", "nomor contoh", "0380 555 ext", "0" * 16, "++62380"])
def test_what_cannot_be_dialled_is_refused(session: Session, number: str) -> None:
    with pytest.raises(ValueError, match="not a telephone number"):
        emergency.set_number(session, home(session), "PSC contoh", number, checked_on=DAY)


@pytest.mark.parametrize("label", ["", "  ", "x" * 61])
def test_a_label_says_whom_it_reaches(session: Session, label: str) -> None:
    with pytest.raises(ValueError, match="a label has"):
        emergency.set_number(session, home(session), label, "0380 555", checked_on=DAY)


def test_without_a_number_the_card_has_no_line(session: Session) -> None:
    assert emergency.lines(session, home(session)) == ""
    assert emergency.lines(session, None) == ""
    emergency.set_number(session, home(session), "<IGD>", "0380 555", checked_on=DAY)
    assert emergency.lines(session, home(session)) == "\n☎️ &lt;IGD&gt;: <b>0380 555</b>"
