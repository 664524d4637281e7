"""Diagnoses: what a list brings in, and what words mean."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from models.base import Base
from models.role import Profession
from services import diagnosis, scope
from services.advice import holding
from services.atlas import Holder
from services.content import frequent_diagnoses
from services.diagnosis import Diagnoses
from services.listing import RefusedFile, open_table

LIST = """KODE;nama_id;nama_en
j18.9;Pneumonia , tidak spesifik;Pneumonia, unspecified
A38;Demam berdarah;Scarlet fever
K35.8;;Acute appendicitis, other
M54.59;;Low back pain, site unspecified
bukan kode;Apa saja;
A38;Dua kali;
B99;;
"""


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine, info={"atlas": Holder()}) as opened:
        yield opened


def best(session: Session, text: str) -> str:
    found = diagnosis.find(session, text)
    return found[0].code if found else ""


def test_our_own_are_forty_or_more_each_once_and_each_names_itself(session: Session) -> None:
    ours = frequent_diagnoses()
    codes = [one["code"] for one in ours]
    assert len(codes) == len(set(codes)) >= 40
    assert diagnosis.defects(ours) == []
    small, nameless = {"code": "j06", "name": "x", "also": "y"}, {"code": "I10", "also": "y"}
    spoilt: list[dict[str, str]] = [{}, small, nameless, ours[0], ours[0]]
    assert [line.split(":")[0] for line in diagnosis.defects(spoilt)] == [
        "diagnosis 1", "diagnosis 2", "diagnosis 3", "diagnosis 5",
    ]  # fmt: skip
    for one in ours:
        for name in (one["name"], *one["also"].split(" · ")):
            assert one["code"] in [match.code for match in diagnosis.find(session, name)], name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("batuk pilek", "J06.9"), ("hipertnsi", "I10"), ("DM tipe 2", "E11.9"),
        ("kudisan", "B86"), ("gigi bolong", "K02.9"), ("j069", "J06.9"), ("J06.9 ispa", "J06.9"),
        ("demam berdarah", "A91"), ("konjungtivits", "H10.9"), ("😀", ""), ("", ""),
    ],
)  # fmt: skip
def test_words_of_the_village_and_of_the_clinic_find_the_code(
    session: Session, typed: str, code: str
) -> None:
    assert best(session, typed) == code


def test_a_list_is_entered_line_by_line_and_ours_come_first(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "icd.csv"
    file.write_text(LIST, encoding="utf-8")
    report = diagnosis.enter(session, open_table(file))
    assert (report.added, report.changed, report.unchanged) == (4, 0, 0)
    assert [(one.line, one.code) for one in report.rejected] == [
        (6, "bukan kode"), (7, "A38"), (8, "B99"),
    ]  # fmt: skip
    assert diagnosis.enter(session, open_table(file)).unchanged == 4
    assert best(session, "pneumonia") == "J18.9"
    assert best(session, "apendisitis") == "K35.8"
    assert [one.code for one in diagnosis.find(session, "demam berdarah")][:2] == ["A91", "A38"]
    assert diagnosis.name(session, "A38") == "Demam berdarah / Scarlet fever"
    file.write_text("nomor;tanggal\n1;2\n", encoding="utf-8")
    with pytest.raises(RefusedFile):
        diagnosis.enter(session, open_table(file))


@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered(text: str) -> None:
    code, rest = diagnosis.leading(text)
    assert not code or diagnosis.normal(code) == code
    assert len(rest) <= len(text)


LINES = ("Dx: ISPA", "batuk pilek", "Minum hangat", "", "I10", "Diagnosis = x", "dx:", "dx: y")


class NoRows(Holder):
    """Our own diagnoses alone, read once for all examples."""

    def get(self, session: Session, load: Any) -> Any:
        return OURS


def _ours() -> Diagnoses:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        return Diagnoses(session)


OURS = _ours()
DOCTOR, MIDWIFE = scope.of(Profession.DOCTOR), scope.of(Profession.MIDWIFE)


@pytest.mark.parametrize(
    ("text", "assessment", "code", "advice"),
    [
        ("Dx: ISPA\nMinum hangat", "ISPA", "J06.9", "Minum hangat"),
        ("batuk pilek\nMinum hangat", "batuk pilek", "J06.9", "Minum hangat"),
        ("J06.9\nMinum hangat", "Infeksi saluran napas atas (ISPA)", "J06.9", "Minum hangat"),
        ("Z99.1 sesuatu\nMinum", "", "", "Z99.1 sesuatu\nMinum"),
        ("Dx: Z99.1 sesuatu\nMinum", "sesuatu", "Z99.1", "Minum"),
        ("Minum hangat\nDiagnosis : flu berat", "flu berat", "", "Minum hangat"),
        ("Banyak minum air hangat.\nIstirahat", "", "", "Banyak minum air hangat.\nIstirahat"),
        ("Masalah: batuk\nMinum", "", "", "Masalah: batuk\nMinum"),
        ("Catatan: minum", "", "", "Catatan: minum"),
    ],
)
def test_a_doctors_message_is_told_apart_and_no_advice_is_taken_for_more(
    session: Session, text: str, assessment: str, code: str, advice: str
) -> None:
    said = holding.understood(session, text, DOCTOR)
    assert (said.get("assessment", ""), said.get("code", ""), said["advice"]) == (
        assessment, code, advice,
    )  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=6).map("\n".join) | st.text(max_size=200))
def test_nothing_that_is_written_is_lost(text: str) -> None:
    engine = create_engine("sqlite://")
    with Session(engine, info={"atlas": NoRows()}) as session:
        said = holding.understood(session, text, DOCTOR)
    kept = "\n".join(said.values())
    for line in text.splitlines():
        _, _, behind = line.replace("=", ":").partition(":")
        value = behind if line.lower().startswith(("dx", "diag")) else line
        code, rest = diagnosis.leading(value)
        assert value.strip() in kept or (code in kept and rest in kept)


def test_a_midwife_writes_problem_and_action_and_assesses_nothing(session: Session) -> None:
    said = holding.understood(session, "Tindakan: konseling\nMASALAH: mual\nISPA\nMakan", MIDWIFE)
    assert said == {"action": "konseling", "problem": "mual", "advice": "ISPA\nMakan"}
    assert [MIDWIFE.prescribes, MIDWIFE.refers, MIDWIFE.assesses] == [False] * 3
    assert scope.of(None) == scope.NONE
    assert {*Profession} == {one for one in Profession if scope.of(one).writes}
