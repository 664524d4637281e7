"""`telekonsul facility import`, as an operator meets it."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.__main__ import main
from bot.database import Database
from models.facility import Facility
from models.seal import KeyRing
from tests.services.listing_town import HEAD, settle, written

KEY = "b29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb28="
LINES = (
    "1,Puskesmas Contoh Satu,Puskesmas,,,Kab. Tegal,,-6.99,109.13,,",
    "2,Puskesmas Contoh Dua,Puskesmas,,,Kab. Tegal,,109.13,-6.99,,",
    '3,"=HYPERLINK(""x"",""y"")",Puskesmas,,,Kota Kupang,,-6.99,109.13,abc,',
    "4,-,Puskesmas,,,,,,,,",
)


@pytest.fixture
def database(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An installation with regions, at whose keyboard nobody sits."""
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("DATABASE_URL", sqlite_url),
        ("DATA_DIR", str(tmp_path)),
        ("DATA_KEY", KEY),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    opened = Database(sqlite_url, KeyRing([b"o" * 32]))
    opened.migrate()
    with opened.session() as session, session.begin():
        settle(session)
    return opened


def count(database: Database) -> int:
    with Session(database.reader) as session:
        return session.scalar(select(func.count()).select_from(Facility)) or 0


def test_a_list_is_imported_and_every_line_reported(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, HEAD, *LINES, name="Daftar Contoh.csv")
    assert main(["facility", "import", str(file), "--yes", "--report", "laporan.csv"]) == 0
    said = capsys.readouterr()
    assert "added            3" in said.out
    assert "rejected         1" in said.out
    assert "latitude and longitude swapped" in said.out
    assert "list «daftar_contoh»" in said.err
    assert "bujur                                    → longitude" in said.err
    assert "3/3" not in said.err
    assert "[##############################] 4/4" in said.err
    assert count(database) == 3
    with Path("laporan.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["line"], row["outcome"], row["what"]) for row in rows] == [
        ("2", "added", ""),
        ("3", "added", "latitude and longitude swapped"),
        ("4", "added", "phone"),
        ("4", "added", "point in another regency"),
        ("5", "rejected", "no name"),
    ]
    assert rows[1]["after"] == "'-6.990000,109.130000"
    assert rows[2]["name"] == '\'=HYPERLINK("x","y")'
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_dry_run_writes_nothing_and_a_second_import_changes_nothing(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["facility", "import", str(written(tmp_path, HEAD, *LINES)), "--json"]
    assert main([*words, "--dry-run"]) == 0
    rehearsed = json.loads(capsys.readouterr().out)
    assert count(database) == 0
    assert main([*words, "--yes"]) == 0
    entered = json.loads(capsys.readouterr().out)
    assert rehearsed == entered
    assert entered["counts"] == {
        "added": 3, "changed": 0, "joined": 0, "unchanged": 0, "rejected": 1, "ended": 0,
    }  # fmt: skip
    assert {"what": "phone", "mended": 0, "left": 1} in entered["defects"]
    assert entered["lines"][0] == {
        "file": "daftar.csv", "line": 3, "source": "daftar", "code": "2",
        "name": "Puskesmas Contoh Dua", "outcome": "added",
        "what": "latitude and longitude swapped", "mended": True, "before": "109.13,-6.99",
        "after": "-6.990000,109.130000", "reason": "only this meaning fits what else is stated",
    }  # fmt: skip
    assert main([*words, "--yes"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["unchanged"] == 3


@pytest.mark.parametrize(("answer", "entered"), [("ya\n", 3), ("y\n", 3), ("\n", 0), ("n\n", 0)])
def test_a_person_confirms_the_columns(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, entered: int
) -> None:
    terminal = io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    code = main(["facility", "import", str(written(tmp_path, HEAD, *LINES))])
    assert (code, count(database)) == (0 if entered else 1, entered)


def test_where_nobody_can_answer_nothing_is_guessed(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facility", "import", str(written(tmp_path, HEAD, *LINES))]) == 1
    assert "add --yes or --mapping FILE" in capsys.readouterr().err
    assert count(database) == 0


def test_a_mapping_tells_what_cannot_be_guessed(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strange = written(tmp_path, "A,B,C", "1,Contoh,Toko Obat")
    assert main(["facility", "import", str(strange), "--yes"]) == 1
    said = capsys.readouterr().err
    assert "no column is found for: name. The list has: A, B, C." in said
    assert 'name = "NAMA FASKES"' in said
    mapping = tmp_path / "peta.toml"
    mapping.write_text(
        'source = "dinkes"\nas_of = 2026-05-01\n[columns]\ncode = "A"\nname = "B"\nkind = "C"\n'
        '[kinds]\n"Toko Obat" = "apotek"\n'
    )
    assert main(["facility", "import", str(strange), "--mapping", str(mapping)]) == 0
    with Session(database.reader) as session:
        (one,) = session.scalars(select(Facility))
        assert (one.code, one.kind, str(one.checked_on)) == ("dinkes:1", "apotek", "2026-05-01")
    mapping.write_text('[columns]\nname = "X"')
    assert main(["facility", "import", str(strange), "--mapping", str(mapping)]) == 1
    assert "no column «X»" in capsys.readouterr().err


def test_one_refused_file_does_not_stop_the_others(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = written(tmp_path, HEAD, *LINES), tmp_path / "rusak.xlsx"
    bad.write_bytes(b"PK\x03\x04 broken")
    assert main(["facility", "import", str(bad), str(good), "--yes"]) == 1
    assert "rusak.xlsx: not imported: it is a damaged" in capsys.readouterr().err
    assert count(database) == 3


def test_a_complete_list_ends_what_it_lacks_but_not_half_of_all(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{n},Contoh {n},Puskesmas,,,Kab. Tegal,,,,," for n in range(10)]
    words = ["facility", "import", "daftar.csv", "--complete"]
    written(tmp_path, HEAD, *rows)
    assert main([*words, "--yes"]) == 0
    written(tmp_path, HEAD, *rows[:4])
    mapping = tmp_path / "peta.toml"
    mapping.write_text('[columns]\ncode = "kode"\nname = "nama"\n')
    capsys.readouterr()
    assert main([*words, "--mapping", str(mapping)]) == 1
    assert "6 lines of «daftar» are missing, more than a fifth" in capsys.readouterr().err
    assert main([*words, "--yes", "--dry-run"]) == 0
    assert "6 lines of «daftar» are missing and would end" in capsys.readouterr().err
    assert main([*words, "--yes"]) == 0
    assert "ended            6" in capsys.readouterr().out
    with Session(database.reader) as session:
        ended = session.scalars(select(Facility.code).where(Facility.ended_on.is_not(None))).all()
    assert sorted(ended) == [f"daftar:{n}" for n in range(4, 10)]


def test_without_regions_it_says_so(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("DATABASE_URL", f"sqlite+pysqlite:///{tmp_path / 'other.db'}")
    assert main(["facility", "import", str(written(tmp_path, HEAD, *LINES)), "--yes"]) == 0
    assert "No regions are imported" in capsys.readouterr().err


def test_without_a_place_for_its_report_nothing_is_imported(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(written(tmp_path, HEAD, *LINES))
    assert main(["facility", "import", file, "--yes", "--report", "nowhere/report.csv"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("telekonsul: --report nowhere/report.csv: No such file")
    assert told.endswith("Nothing was imported\n")
    assert count(database) == 0


def test_a_wrong_day_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["facility", "import", "x.csv", "--as-of", "kemarin"])
    assert "must be a day like 2026-05-01" in capsys.readouterr().err


SAMPLE = Path(__file__).parent.parent / "content" / "sample" / "facilities.csv"


def test_the_sample_is_small_marked_and_imports_without_a_complaint(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Without regions, because those of these tests are made up."""
    with SAMPLE.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert 40 <= len(rows) <= 60
    assert all("contoh" in row["nama"].lower() for row in rows)
    assert not any("telp" in name or "phone" in name for name in rows[0])
    monkeypatch.setenv("DATABASE_URL", f"sqlite+pysqlite:///{tmp_path / 'other.db'}")
    assert main(["facility", "import", str(SAMPLE), "--yes", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["counts"]["added"], report["defects"]) == (len(rows), [])
