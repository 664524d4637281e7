"""The directory from the terminal: near, coverage, holidays."""

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.__main__ import main
from bot.commands import transaction
from models.facility import Accuracy, Facility, Has, Holiday, Kind
from models.pool import Agreement
from models.region import Region
from services.facility import add as add_facility
from tests.services.places import BAJO, KUPANG, place

NEAR = ("facility", "near", str(BAJO[0]), str(BAJO[1]))
FIELDS = ["code", "name", "kind", "distance_km", "latitude", "longitude"]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation whose directory has four facilities and two villages."""
    folder = tmp_path_factory.mktemp("directory")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(folder))
        patch.chdir(folder)
        with transaction() as session:
            place(session, "Puskesmas Contoh", region_code="53.15.01", checked_on=date(2026, 5, 12))
            place(
                session, "RS Contoh", BAJO[0] + 0.01, kind=Kind.HOSPITAL, phone="+62000",
                has=(Has.IGD, Has.ALL_DAY), region_code="53.15.01.1001", accuracy=Accuracy.VILLAGE,
            )  # fmt: skip
            place(session, "Klinik Jauh", *KUPANG, kind=Kind.CLINIC, hours="Senin 08.00–09.00")
            place(session, "Klinik Lama", kind=Kind.CLINIC, ended_on=date(2026, 1, 1))
            for code, level, name, *middle in (
                ("53.15", 2, "Kabupaten Contoh", None, None),
                ("53.15.01.1001", 4, "Dekat", *BAJO),
                ("53.15.01.2002", 4, "Pulau", BAJO[0] - 0.1, BAJO[1]),
                ("53.15.01.2003", 4, "Entah", None, None),
                ("53.15.01.2004", 4, "Kembar", None, None),
                ("53.15.02.2001", 4, "Kembar", None, None),
            ):
                session.add(
                    Region(
                        code=code, level=level, name=name, latitude=middle[0], longitude=middle[1]
                    )
                )
        yield folder


@pytest.fixture(autouse=True)
def _at_home(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(directory))
    monkeypatch.chdir(directory)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> object:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_nearest_are_listed_with_the_fields_of_the_contract(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = answer(capsys, *NEAR)
    assert isinstance(found, list)
    assert [list(one) for one in found] == [FIELDS] * 3
    assert [one["name"] for one in found] == ["Puskesmas Contoh", "RS Contoh", "Klinik Jauh"]
    assert [one["kind"] for one in found] == ["puskesmas", "rumah_sakit", "klinik_pratama"]
    assert found[1]["distance_km"] == 1.112
    assert main([*NEAR]) == 0
    assert "1.112 km N " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "names"),
    [
        (["--limit", "1"], ["Puskesmas Contoh"]),
        (["--kind", "rumah_sakit", "--kind", "klinik_pratama"], ["RS Contoh", "Klinik Jauh"]),
        (["--need", "igd", "--open"], ["RS Contoh"]),
    ],
)
def test_kinds_needs_and_open_now_choose(
    capsys: pytest.CaptureFixture[str], more: list[str], names: list[str]
) -> None:
    found = answer(capsys, *NEAR, *more)
    assert isinstance(found, list)
    assert [one["name"] for one in found] == names


def test_nothing_found_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*NEAR, "--kind", "apotek", "--json"]) == 1
    told = capsys.readouterr()
    assert (json.loads(told.out), told.err.count("\n")) == ([], 1)


@pytest.mark.parametrize(
    "wrong", [["0", "0"], ["91", "100"], ["-8.49"], ["di", "mana"], ["nan", "1"], ["1", "2", "3"]]
)
def test_what_is_no_point_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    assert main(["facility", "near", *wrong]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("telekonsul: ")
    assert told.err.count("\n") == 1


def test_each_line_of_standard_input_has_its_line_of_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("-8.49 119.88\n0 0\n-10.178, 123.607\n"))
    assert main(["facility", "near", "-", "--limit", "1"]) == 0
    first, wrong, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert [one["name"] for one in (*first, *last)] == ["Puskesmas Contoh", "Klinik Jauh"]
    assert "no place" in wrong["error"]


def test_search_lists_code_name_and_score(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = answer(capsys, "facility", "search", "rs", "cntoh")
    assert isinstance(found, list)
    assert list(found[0]) == ["code", "name", "score"]
    assert found[0]["name"] == "RS Contoh"
    assert main(["facility", "search", "rs", "contoh"]) == 0
    assert capsys.readouterr().out.startswith("100.0  9999")
    assert main(["facility", "search", "xyzzy"]) == 1
    assert capsys.readouterr().out == ""
    monkeypatch.setattr("sys.stdin", io.StringIO("klinik jauh\nxyzzy\n"))
    assert main(["facility", "search", "-"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first[0]["name"], second) == ("Klinik Jauh", [])


def test_coverage_tells_what_a_region_has_and_what_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = answer(capsys, "facility", "coverage", "53.15")
    assert isinstance(found, dict)
    assert found["region"] == {"code": "53.15", "name": "Kab. Contoh"}
    assert found["kinds"] == {"puskesmas": 1, "rumah_sakit": 1}
    assert (found["villages"], found["villages_without_middle"]) == (5, 3)
    assert found["villages_with_none_within_km"] == {"5": 1, "10": 1, "25": 0}
    assert [(one["name"], one["distance_km"]) for one in found["farthest"]] == [
        ("Pulau", 11.12), ("Dekat", 0.0)
    ]  # fmt: skip
    assert found["known"] == {
        "hours": 0, "igd": 1, "no_igd": 0, "phone": 1, "point_approximate": 1, "point_missing": 0,
        "checked_first": "2026-05-12", "checked_last": "2026-05-12", "never_checked": 1,
    }  # fmt: skip
    assert found["facilities_without_region"] == 1
    assert main(["facility", "coverage", "kabupaten", "contoh", "--kind", "rumah_sakit"]) == 0
    told = capsys.readouterr().out
    assert "1  have none within 10 km" in told
    assert "1.1 km  Dekat" in told
    assert "1  of no known day, which is all of them\n" in told
    assert main(["facility", "coverage", "53.15", "--kind", "puskesmas"]) == 0
    assert "0  of no known day; the others of 2026-05-12\n" in capsys.readouterr().out
    assert main(["facility", "coverage", "53.15", "--kind", "apotek"]) == 0
    assert "0  of no known day\n" in capsys.readouterr().out
    assert main(["facility", "coverage", "zzz"]) == 1
    assert capsys.readouterr().err.startswith("telekonsul: no such region")
    assert main(["facility", "coverage", "kembar"]) == 1
    assert "53.15.01.2004 Kembar; 53.15.02.2001 Kembar" in capsys.readouterr().err


def test_a_holiday_is_entered_renamed_and_taken_back() -> None:
    day = "2027-03-10"

    def entered() -> list[str]:
        with transaction() as session:
            return list(
                session.scalars(select(Holiday.name).where(Holiday.on == date(2027, 3, 10)))
            )

    assert main(["facility", "holiday", day, "Hari Contoh"]) == 0
    assert main(["facility", "holiday", day, "Hari Contoh Raya"]) == 0
    assert entered() == ["Hari Contoh Raya"]
    with transaction() as session:
        code = session.scalars(select(Facility.code)).first()
    assert main(["facility", "holiday", day, "Banjir", "--facility", str(code)]) == 0
    assert sorted(entered()) == ["Banjir", "Hari Contoh Raya"]
    assert main(["facility", "holiday", day]) == 0
    assert entered() == ["Banjir"]
    assert main(["facility", "holiday", day]) == 1
    assert main(["facility", "holiday", day, "Banjir", "--facility", "tidak-ada"]) == 1


def test_two_of_our_facilities_form_a_pool_until_it_ends() -> None:
    codes = ["KPA00001", "KPA00002"]
    with transaction() as session:
        for code in codes:
            add_facility(session, code, f"Puskesmas {code}")

    def held() -> list[tuple[str, date | None]]:
        with transaction() as session:
            return [(one.document, one.ended_on) for one in session.scalars(select(Agreement))]

    paper = ["--document", "CONTOH/7", "--on", "2026-11-01"]
    assert main(["facility", "pool", *codes, *paper]) == 0
    assert held() == [("CONTOH/7", None)]
    assert main(["facility", "pool", *reversed(codes), "--on", "2026-11-20"]) == 0
    assert held() == [("CONTOH/7", date(2026, 11, 20))]
    assert main(["facility", "pool", *codes]) == 1
    assert main(["facility", "pool", codes[0], codes[0], *paper]) == 1
    assert main(["facility", "pool", codes[0], "tidak-ada", *paper]) == 1
