"""`telekonsul region`: lists are entered, and words answered, at the keyboard."""

import io
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from services.content import CONTENT

SAMPLE = str(CONTENT / "sample" / "regions.csv")


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


def test_a_list_is_entered_and_searched(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["region", "import", SAMPLE]) == 0
    assert capsys.readouterr().out == f"{SAMPLE}: 109 added, 0 changed, 0 unchanged, 0 rejected\n"
    assert main(["region", "import", "--json", SAMPLE]) == 0
    assert json.loads(capsys.readouterr().out)[SAMPLE]["unchanged"] == 109

    assert main(["region", "search", "klwut", "bulakamba", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert first.keys() == {"code", "name", "score"}
    assert first["code"] == "33.29.14.2012"
    assert first["name"] == "Desa Kluwut, Kec. Bulakamba, Kab. Brebes"
    assert 80 < first["score"] <= 100
    assert main(["region", "search", "kab brebes"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "33.29          100.0  Kab. Brebes"
    assert main(["region", "search", "?!"]) == 1
    assert capsys.readouterr().out == ""

    monkeypatch.setattr("sys.stdin", io.StringIO("tj redeb\n\nkota kupang\n"))
    assert main(["region", "search", "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer[0]["code"] if answer else None for answer in answers] == [
        "64.03.05", None, "53.71"
    ]  # fmt: skip


def test_refused_lines_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["code,name", "33,Jawa Tengah", *(f"33.29.{at:02},Kecamatan" for at in range(30))]
    (tmp_path / "list.csv").write_text("\n".join(lines))
    assert main(["region", "import", "list.csv"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "list.csv: 1 added, 0 changed, 0 unchanged, 30 rejected"
    assert shown[1] == "  line 3: 33.29.00: there is no 33.29"
    assert shown[-1] == "  … and 10 more: --json names them all"


@pytest.mark.parametrize("content", [None, "a,b\n", "code,name" + "x" * 200_000])
def test_a_file_that_is_no_list_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    if content:
        (tmp_path / "list.csv").write_text(content)
    assert main(["region", "import", SAMPLE, "list.csv"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("telekonsul: list.csv: ")
    assert told.err.endswith("Nothing was imported\n")
    assert told.out == ""
    assert main(["region", "search", "brebes"]) == 1
