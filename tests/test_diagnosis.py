"""`telekonsul icd10` and `telekonsul export`: entered, searched and taken out at the keyboard."""

import csv
import io
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.visit import _safe

LIST = "code,title_id,title_en\nJ18.9,Pneumonia,\nX,Bukan kode,\n"


def test_a_list_is_entered_and_searched_and_a_day_is_taken_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    Path("list.csv").write_text(LIST)
    assert main(["icd10", "import", "list.csv"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "list.csv: 1 added, 0 changed, 0 unchanged, 1 rejected"
    assert shown[1].startswith("  line 3: X: no code")
    assert main(["icd10", "import", "--json", "list.csv"]) == 1
    assert json.loads(capsys.readouterr().out)["unchanged"] == 1
    assert main(["icd10", "import", "none.csv"]) == 1
    assert "Nothing was imported" in capsys.readouterr().err

    assert main(["icd10", "search", "darah", "tinggi"]) == 0
    assert capsys.readouterr().out.split()[0] == "I10"
    monkeypatch.setattr("sys.stdin", io.StringIO("pnemonia\n\n"))
    assert main(["icd10", "search", "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer[0]["code"] if answer else None for answer in answers] == ["J18.9", None]

    day = ["export", "--facility", "99990001", "--day", "2026-11-24"]
    assert main(day) == 1
    assert "none of our facilities" in capsys.readouterr().err
    added = ["facility", "add", "99990001", "Puskesmas Contoh", "--responsible", "dr. Contoh"]
    assert main([*added, "--contact", "nomor contoh"]) == 0
    capsys.readouterr()
    assert main(day) == 1
    said = capsys.readouterr()
    assert next(csv.reader(io.StringIO(said.out)))[:3] == ["number", "day", "outcome"]
    assert "0 consultations" in said.err
    assert main([*day, "--json"]) == 1
    assert capsys.readouterr().out == "[]\n"


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "@SUM", "-2+3", "+1", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert _safe(cell) == f"'{cell}"
    assert _safe(f"x{cell}") == f"x{cell}"
