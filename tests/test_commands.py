"""The command line, as people at a keyboard use it: processes and files of its own."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.ownership import FileLock
from models.seal import KeyRing
from tests import forked

OF_X = ("--responsible", "dr. Contoh", "--contact", "Loket contoh")


@pytest.fixture
def at_home(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing of this machine's own settings is left."""
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": str(forked.ROOT),
        "TELEGRAM_API_URL": "http://127.0.0.1:9",  # nobody listens there
    }


def telekonsul(
    home: dict[str, str], *words: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return forked.command(*words, folder=forked.ROOT, environment=home, stdin=stdin)


def test_the_command_is_what_the_module_is(at_home: dict[str, str]) -> None:
    """The other tests fork it; this one starts it as people do, and by both its names."""
    for name in ([sys.executable, "-m", "bot"], [Path(sys.executable).with_name("telekonsul")]):
        started = subprocess.run(
            [*name, "try", "Anak saya kejang", "--json"],
            check=True, env=at_home, capture_output=True, text=True, timeout=60, cwd=forked.ROOT,
        )  # fmt: skip
        assert json.loads(started.stdout)["danger"]
        refused = subprocess.run(
            [*name, "run"], check=False, env=at_home, capture_output=True, text=True, timeout=60
        )
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.count("\n") == 1


def test_the_demo_plays_its_story_within_ten_seconds(at_home: dict[str, str]) -> None:
    began = time.monotonic()
    played = telekonsul(at_home, "demo", "--play")
    assert played.returncode == 0, played.stderr
    assert "Nasihat dari Perawat Budi" in played.stdout
    assert "sudah diambil Perawat Budi" in played.stdout
    assert "→ Citra: Terima kasih. Nomor 1 sudah lebih dulu diambil Perawat Budi" in played.stdout
    assert "→ Budi: [photo] 🔵 No. 1 · Sari" in played.stdout
    assert "→ Budi: [voice] 🔵 No. 1 · Sari" in played.stdout
    assert time.monotonic() - began < 10


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    found = []

    def helped(*command: str) -> None:
        with pytest.raises(SystemExit, match="0"):
            main([*command, "--help"])
        text = capsys.readouterr().out
        assert text.startswith(f"usage: {' '.join(['telekonsul', *command])} ")
        found.append(" ".join(command))
        for below in re.findall(r"^    ([a-z]+)\b", text, re.MULTILINE):
            helped(*command, below)

    helped()
    top = {
        "demo", "setup", "recover", "run", "migrate", "move", "rekey", "check", "try", "inbox list",
        "inbox replay", "admin grant", "facility add", "facility near", "facility search",
        "facility coverage", "facility holiday", "region import", "region search",
        "credential list", "credential verify", "credential reject",
    }  # fmt: skip
    assert top <= set(found)


HUGE = "9" * 30


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["admin", "grant", HUGE], "telegram_id: must be a person's number"),
        (["admin", "grant", "-100123"], "telegram_id: must be a person's number"),
        (["credential", "reject", HUGE], "telegram_id: must be a person's number"),
        (["inbox", "replay", "1", HUGE], "seq: must be a number that `inbox list` shows"),
        (["facility", "add", "123", "X", *OF_X], "code: must be BPJS's eight"),
        (["facility", "add", "99990001", " ", *OF_X], "name: must not be empty"),
        (["facility", "holiday", "2026-02-30", "X"], "day: must be a day like"),
        (["facility", "near", "1", "2", "--limit", "0"], "--limit: must be a number from 1"),
        (["try", "batuk \udcff"], "what was typed is not UTF-8"),
    ],
)
def test_what_was_typed_wrongly_is_said_and_ends_with_2(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    try:
        code = main(words)
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2
    assert says in capsys.readouterr().err


def test_a_spoilt_line_does_not_end_the_lines_after_it(at_home: dict[str, str]) -> None:
    tried = subprocess.run(
        [sys.executable, "-m", "bot", "try", "-"], input=b"batuk \xff\nAnak saya kejang\n",
        check=False, env=at_home | {"PYTHONUTF8": "1"}, capture_output=True, timeout=60,
        cwd=forked.ROOT,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stderr
    assert [json.loads(line)["danger"] for line in tried.stdout.splitlines()] == [False, True]


def test_who_reads_only_the_first_line_gets_no_traceback(at_home: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "try", "-"], env=at_home, cwd=forked.ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    process.stdout.close()
    _, complaint = process.communicate(b"batuk\n" * 2000, timeout=60)
    assert (process.returncode, complaint) == (1, b"")


def test_a_wrong_setting_is_one_clear_line(at_home: dict[str, str]) -> None:
    wrong = telekonsul(at_home | {"HTTP_PORT": "acht"}, "migrate")
    assert wrong.returncode == 2
    assert wrong.stderr == "telekonsul: HTTP_PORT must be a number from 0 to 65535\n"


def test_run_without_a_token_says_where_to_get_one(at_home: dict[str, str]) -> None:
    refused = telekonsul(at_home, "run")
    assert refused.returncode == 2
    assert "@BotFather" in refused.stderr


TOKEN = {"TELEGRAM_BOT_TOKEN": "123456789:AA-contoh-AAAAAAAAAA", "HTTP_PORT": "0"}


def test_run_refuses_made_up_data_and_names_what_and_how_to_mend_it(
    at_home: dict[str, str],
) -> None:
    telekonsul(
        at_home, "facility", "add", "99990001", "Puskesmas Contoh",
        "--responsible", "dr. Ayu", "--contact", "Loket 1",
    )  # fmt: skip
    refused = telekonsul(at_home | TOKEN, "run")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith("telekonsul: fasilitas 99990001 «Puskesmas Contoh»")
    assert "bertanda contoh" in line
    assert line.endswith("telekonsul facility add 99990001 …")
    findings = {
        one["what"]: one for one in json.loads(telekonsul(at_home, "check", "--json").stdout)
    }
    assert not findings["specimen"]["ok"]


def test_run_refuses_a_folder_of_made_up_data(at_home: dict[str, str]) -> None:
    folder = Path(at_home["DATA_DIR"])
    folder.mkdir()
    (folder / "CONTOH").touch()
    refused = telekonsul(at_home | TOKEN, "run")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert f"folder {folder} bertanda contoh" in line
    assert "DATA_DIR" in line


def test_what_stands_in_the_way_of_a_start_is_one_clear_line(
    at_home: dict[str, str], tmp_path: Path
) -> None:
    at_home["TELEGRAM_BOT_TOKEN"] = "123456789:contoh-bukan-token-sungguhan"
    at_home["DATA_KEY"] = KeyRing.fresh_key()
    (tmp_path / "letter.txt").write_text("bukan basis data " * 500)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for wrong, says in (
            ({"HTTP_PORT": port}, "HTTP_HOST, HTTP_PORT: "),
            ({"DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/x.db"}, "DATABASE_URL: "),
            ({"DATA_DIR": f"{tmp_path}/letter.txt"}, "DATA_DIR cannot be made: "),
            ({"DATABASE_URL": f"sqlite:///{tmp_path}/letter.txt"}, "the database cannot be used "),
            ({"DATABASE_URL": "postgresql://a@127.0.0.1:9/b"}, "the database cannot be used "),
        ):
            stopped = telekonsul(at_home | {"HTTP_PORT": "0"} | wrong, "run")
            assert stopped.returncode == (2 if "DATA_DIR" in wrong else 1)
            assert stopped.stderr.startswith(f"telekonsul: {says}")
            assert stopped.stderr.count("\n") == 1


def test_a_facility_and_its_worker_are_entered(at_home: dict[str, str]) -> None:
    facility = telekonsul(
        at_home, "facility", "add", "99990001", "Puskesmas Contoh",
        "--responsible", "dr. Contoh", "--contact", "nomor contoh",
    )  # fmt: skip
    assert facility.returncode == 0, facility.stderr
    worker = telekonsul(
        at_home, "credential", "verify", "5000000001", "--facility", "99990001", "--name", "Budi",
        "--profession", "perawat", "--str", "STR-CONTOH", "--sip", "SIP-CONTOH",
        "--sip-ends", "2031-01-31",
    )  # fmt: skip
    assert worker.returncode == 0, worker.stderr
    listed = json.loads(telekonsul(at_home, "credential", "list", "--json").stdout)
    assert listed == [
        {
            "telegram_id": 5000000001,
            "name": "Perawat Budi",
            "facility": "99990001",
            "sip_ends_on": "2031-01-31",
            "on_duty": False,
        }
    ]
    assert telekonsul(at_home, "credential", "reject", "5000000001").returncode == 0
    assert telekonsul(at_home, "credential", "reject", "5000000001").returncode == 1


def test_an_unknown_facility_and_a_wrong_day_are_refused(at_home: dict[str, str]) -> None:
    words = (
        "credential", "verify", "5000000001", "--facility", "00000000", "--name", "Budi",
        "--profession", "perawat", "--str", "S", "--sip", "S",
    )  # fmt: skip
    assert telekonsul(at_home, *words, "--sip-ends", "2031-02-31").returncode == 2
    assert telekonsul(at_home, *words, "--sip-ends", "2031-02-28").returncode == 1
    ended = telekonsul(at_home, *words, "--sip-ends", "2020-02-29")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "the SIP ended on 2020-02-29: nothing was entered" in ended.stderr


def test_a_worker_marked_as_made_up_is_refused_by_a_real_facility(at_home: dict[str, str]) -> None:
    facility = ("facility", "add", "99990001", "Puskesmas Uji", "--responsible", "dr. Uji")
    assert telekonsul(at_home, *facility, "--contact", "Loket uji").returncode == 0
    refused = telekonsul(
        at_home, "credential", "verify", "5000000001", "--facility", "99990001", "--name", "Budi",
        "--profession", "perawat", "--str", "STR-CONTOH", "--sip", "S", "--sip-ends", "2031-01-31",
    )  # fmt: skip
    assert refused.returncode == 1
    assert refused.stderr == "telekonsul: name or licence is marked contoh, made up\n"
    assert json.loads(telekonsul(at_home, "credential", "list", "--json").stdout) == []


def test_check_says_what_is_wrong_and_how_to_mend_it(at_home: dict[str, str]) -> None:
    checked = telekonsul(at_home, "check", "--json")
    assert checked.returncode == 1
    assert not Path(at_home["DATA_DIR"]).exists()
    findings = {one["what"]: one for one in json.loads(checked.stdout)}
    assert findings["database"]["ok"]
    assert not findings["token"]["ok"]
    assert not findings["facility"]["ok"]
    assert "telekonsul setup" in findings["facility"]["mend"]
    assert "Telegram tidak menjawab" in findings["clock"]["says"]


def test_try_answers_one_json_line_for_each_sentence(at_home: dict[str, str]) -> None:
    tried = telekonsul(at_home, "try", "-", stdin="Anak saya kejang\nBatuk tidak kejang\n")
    answers = [json.loads(line) for line in tried.stdout.splitlines()]
    assert [one["danger"] for one in answers] == [True, False]
    assert "kesadaran" in answers[0]["groups"]
    assert answers[0]["why"]
    assert set(answers[0]) == {"danger", "ask", "why", "groups", "intake", "article", "score"}


def test_a_move_is_proven_table_by_table(at_home: dict[str, str]) -> None:
    new = f"sqlite:///{at_home['DATA_DIR']}/new.db"
    nothing = telekonsul(at_home, "move", new)
    assert nothing.returncode == 1
    assert "nothing is there to move" in nothing.stderr
    telekonsul(at_home, "admin", "grant", "5000000001")
    moved = telekonsul(at_home, "move", new, "--json")
    assert moved.returncode == 0, moved.stderr
    rows = {one["table"]: one["rows"] for one in json.loads(moved.stdout)}
    assert rows["person"] == rows["role"] == 1
    again = telekonsul(at_home, "move", new)
    assert again.returncode == 1
    assert again.stderr.endswith("not empty: it has rows in person. Nothing was moved.\n")
    assert telekonsul(at_home, "move", "mysql://x/y").returncode == 2


def test_nothing_set_aside_is_nothing_to_replay(at_home: dict[str, str]) -> None:
    assert json.loads(telekonsul(at_home, "inbox", "list", "--json").stdout) == []
    assert telekonsul(at_home, "inbox", "replay", "7").returncode == 1


def test_the_key_is_made_once_for_its_owner_only(at_home: dict[str, str]) -> None:
    telekonsul(at_home, "migrate")
    key = Path(at_home["DATA_DIR"]) / "data.key"
    assert key.stat().st_mode & 0o777 == 0o600
    first = key.read_text()
    telekonsul(at_home, "migrate")
    assert key.read_text() == first
    key.unlink()
    lost = telekonsul(at_home, "migrate")
    assert lost.returncode == 2
    assert "data.key is missing" in lost.stderr


def test_nobody_else_on_the_machine_can_look_into_the_data(at_home: dict[str, str]) -> None:
    assert telekonsul(at_home, "migrate").returncode == 0
    folder = Path(at_home["DATA_DIR"])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o077 for one in folder.iterdir()} == {0}


def test_no_command_changes_the_schema_under_a_service_at_work(at_home: dict[str, str]) -> None:
    assert telekonsul(at_home, "migrate").returncode == 0
    file = Path(at_home["DATA_DIR"]) / "telekonsul.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    with FileLock(file):
        for command in (["migrate"], ["inbox", "list"]):
            refused = telekonsul(at_home, *command)
            assert refused.returncode == 1
            assert refused.stderr == "telekonsul: another process is using telekonsul.db\n"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
