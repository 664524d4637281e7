"""The recovery file and the settings file: written whole, read back exactly, never over another."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import config, phrase, recovery, settings_file
from bot.config import Settings, WrongSetting
from models.seal import KeyRing
from services.content import plain
from tests import forked

KEY, OTHER_KEY = KeyRing.fresh_key(), KeyRing.fresh_key()
PHRASE = phrase.fresh()
PUBLIC = phrase.public_of(PHRASE)


def recover(folder: Path, typed: str, **environment: str) -> subprocess.CompletedProcess[str]:
    recovery.write(folder, PUBLIC, KEY)
    return forked.command(
        "recover", recovery.NAME, folder=folder, environment=environment, stdin=f"{typed}\n"
    )


def test_another_key_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "data" / "data.key"
    config.write_key(file, OTHER_KEY)
    refused = recover(tmp_path, " ".join(PHRASE))
    assert refused.returncode == 1
    assert "sudah ada kunci lain" in refused.stdout
    assert file.read_text().strip() == OTHER_KEY
    with pytest.raises(FileExistsError):
        config.write_key(file, KEY)


def test_beside_another_database_the_key_goes_into_the_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://localhost/x\nDATA_KEY=\n")
    done = recover(tmp_path, " ".join(PHRASE))
    assert done.returncode == 0, done.stdout + done.stderr
    assert dotenv_values(tmp_path / ".env")["DATA_KEY"] == KEY
    assert not (tmp_path / "data").exists()
    assert recover(tmp_path, " ".join(PHRASE)).returncode == 0
    refused = recover(tmp_path, " ".join(PHRASE), DATA_KEY=OTHER_KEY)
    assert refused.returncode == 1
    assert dotenv_values(tmp_path / ".env")["DATA_KEY"] == KEY


def test_after_a_fire_no_new_key_is_made_beside_the_recovery_file(tmp_path: Path) -> None:
    """Key and database are gone: with another key the old backups would open for nobody."""
    file = recovery.write(tmp_path, PUBLIC, KEY)
    home = {"BACKUP_DIR": str(tmp_path), "TELEGRAM_BOT_TOKEN": "123456789:AA-bukan-AAAAAAAAAA"}
    for words in (["run"], ["check"], ["migrate"], ["setup"]):
        stopped = forked.command(*words, folder=tmp_path, environment=home)
        assert (stopped.returncode, stopped.stdout) == (2, "")
        told = f"telekonsul: DATA_KEY: data/data.key is missing: telekonsul recover {file}\n"
        assert stopped.stderr == told
    assert not (tmp_path / "data").exists()
    typed = " ".join(PHRASE) + "\n"
    done = forked.command(
        "recover", str(file), folder=tmp_path, environment=home, stdin=typed
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "data" / "data.key").read_text().strip() == KEY
    assert forked.command("migrate", folder=tmp_path, environment=home).returncode == 0


def test_the_file_keeps_a_whole_ring_and_shows_none_of_it(tmp_path: Path) -> None:
    both = f"{KEY},{OTHER_KEY}"
    file = recovery.write(tmp_path, PUBLIC, both)
    assert file.stat().st_mode & 0o777 == 0o600
    assert KEY not in file.read_text()
    assert recovery._opened(recovery._sealed(file), " ".join(PHRASE)) == both
    assert [one.name for one in tmp_path.iterdir()] == [recovery.NAME]


def test_the_file_of_a_lost_installation_is_never_overwritten(tmp_path: Path) -> None:
    """Somebody sets the new computer up before recovering the old one's key."""
    lost = recovery.write(tmp_path, PUBLIC, KEY).read_bytes()
    recovery.write(tmp_path, phrase.public_of(phrase.fresh()), OTHER_KEY)
    (kept,) = (one for one in tmp_path.iterdir() if one.name != recovery.NAME)
    assert kept.read_bytes() == lost
    assert recovery._opened(recovery._sealed(kept), " ".join(PHRASE)) == KEY


def test_its_own_older_file_is_replaced(tmp_path: Path) -> None:
    recovery.write(tmp_path, PUBLIC, KEY)
    recovery.write(tmp_path, phrase.public_of(phrase.fresh()), KEY)
    recovery.write(tmp_path, PUBLIC, f"{OTHER_KEY},{KEY}")
    assert [one.name for one in tmp_path.iterdir()] == [recovery.NAME]


# ── check ───────────────────────────────────────────────────────────────────────────────────────


def known(folder: Path) -> Settings:
    given_ = {"DATA_DIR": str(folder / "data"), "DATA_KEY": KEY, "BACKUP_DIR": str(folder)}
    return replace(config.read(given_, need_token=False), backup_key=PUBLIC)


def test_check_sees_whatever_stands_between_the_data_and_its_recovery(tmp_path: Path) -> None:
    well = known(tmp_path)
    assert "tidak ada di sana" in recovery.problem(well)
    recovery.write(tmp_path, PUBLIC, KEY)
    assert recovery.problem(well) == ""
    assert recovery.problem(replace(well, backup_dir=None)) == plain("recovery.no_folder")
    assert recovery.problem(replace(well, backup_key=b"")) == plain("recovery.no_phrase")
    assert "tidak bisa ditulisi" in recovery.problem(replace(well, backup_dir=tmp_path / "gone"))
    another = phrase.public_of(phrase.fresh())
    assert "kunci atau frasa lain" in recovery.problem(replace(well, backup_key=another))
    renewed = KeyRing.parse(f"{OTHER_KEY},{KEY}")
    assert "kunci atau frasa lain" in recovery.problem(replace(well, data_key=renewed))


# ── .env ────────────────────────────────────────────────────────────────────────────────────────

LINES = "# Ours.\nLOG_LEVEL=INFO\n\nUNKNOWN='kept as it is'  # with its remark\nBACKUP_DIR=\n"
pieces = st.sampled_from(
    ["${HOME}", "$", "{", "'", '"', "\\", "#", " #", " ", "=", "\n", "\t", "ü"]
)
texts = st.lists(pieces | st.text(max_size=5), max_size=8).map("".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=texts.map(str.strip).filter(bool))
def test_a_value_is_kept_exactly_or_refused_and_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".env"
    file.write_text(LINES)
    file.chmod(0o644)
    try:
        settings_file.save("BACKUP_DIR", value)
    except WrongSetting:
        assert "${" in value or not value.isprintable()
        assert file.read_text() == LINES
        return
    assert dotenv_values(file)["BACKUP_DIR"] == value
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().splitlines()[:-1] == LINES.splitlines()[:-1]
    assert [one.name for one in tmp_path.iterdir()] == [".env"]


def test_the_first_setting_begins_with_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings_file.save("LOG_LEVEL", "DEBUG")
    example = settings_file.EXAMPLE.read_text().replace("LOG_LEVEL=INFO", "LOG_LEVEL=DEBUG")
    assert (tmp_path / ".env").read_text() == example


def test_a_file_that_cannot_be_written_is_a_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").mkdir()
    with pytest.raises(WrongSetting, match=r"^\.env cannot be written"):
        settings_file.save("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    with pytest.raises(WrongSetting, match="set in the environment"):
        settings_file.save("LOG_LEVEL", "DEBUG")
