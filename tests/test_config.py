"""Settings: a wrong value is one clear line, a secret is shown nowhere, the key is made once."""

import base64
import contextlib
import dataclasses
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import Settings, WrongSetting, read

EXAMPLE = Path(__file__).parent.parent / ".env.example"
TOKEN = "123456789:AAcontohcontohcontohcontohcontoh123"
KEY = base64.b64encode(b"k" * 32).decode()
POSTGRES = "postgresql://telekonsul:rahasia@localhost/telekonsul"
NAMES = [field.name.upper() for field in dataclasses.fields(Settings)]


def given_with(tmp_path: Path, **changed: str) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "DATA_DIR": str(tmp_path), "DATA_KEY": KEY} | changed


def complaint(tmp_path: Path, **changed: str) -> str:
    with pytest.raises(WrongSetting) as wrong:
        read(given_with(tmp_path, **changed))
    return str(wrong.value)


WRONG = [
    ("TELEGRAM_BOT_TOKEN", ["", " , ", "123", "abc:def", f"{TOKEN} {TOKEN}", "１２３:AAcontoh"]),
    ("TELEGRAM_BOT_TOKEN", [f"{TOKEN},123456789:BBcontohcontohcontoh", f"{TOKEN},rusak"]),
    ("TELEGRAM_API_URL", ["api.telegram.org", "ftp://x", "https://", "http://[", "http://:80"]),
    ("TELEGRAM_API_URL", ["http://host:port", "http://host:99999"]),
    ("TELEGRAM_API_URL", ["http://a b", "http://host/?key=1", "https://host#part"]),
    ("DATABASE_URL", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "data.db", "://", "x:y:z"]),
    ("DATABASE_URL", ["postgresql://u:p@host:port/db", "postgresql+asyncpg://host/db"]),
    ("DATA_KEY", ["pendek", "AAAA", "é", "====", f"{KEY},AAAA", f"{KEY};{KEY}"]),
    ("BACKUP_KEY", ["pendek", "AAAA", "é", "====", f"{KEY}AAAA", f"{KEY},{KEY}"]),
    ("PUBLIC_URL", ["contoh.id", "https://", "ws://contoh.id", "https://[::1"]),
    ("WEBHOOK_SECRET", ["pendek", "x" * 257, "dengan spasi di dalamnya", "titik.titik.titik"]),
    ("HTTP_PORT", ["http", "-1", "65536", "80.5", "²", "8" * 5000, "8 0"]),
    ("ADMIN_TELEGRAM_IDS", ["saya", "1;2", "-5", "@admin", "１２３", "9" * 30]),
    ("LOG_LEVEL", ["LOUD", "20", "info,debug"]),
    ("LOG_FORMAT", ["xml", "text json"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG for value in values]
)
def test_a_wrong_value_is_one_line_that_names_the_setting(
    tmp_path: Path, name: str, value: str
) -> None:
    extra = {"PUBLIC_URL": "https://contoh.id"} if name == "WEBHOOK_SECRET" else {}
    line = complaint(tmp_path, **extra, **{name: value})
    assert line.startswith(name)
    assert "\n" not in line
    assert 20 < len(line) < 160


def test_a_complaint_repeats_no_secret(tmp_path: Path) -> None:
    wrong = {
        "TELEGRAM_BOT_TOKEN": f"{TOKEN},999:rahasia rahasia",
        "DATABASE_URL": "mysql://telekonsul:rahasia@localhost/telekonsul",
        "DATA_KEY": "cmFoYXNpYQ==",
        "WEBHOOK_SECRET": "rahasia",
    }
    for name, value in wrong.items():
        line = complaint(tmp_path, **{name: value})
        assert "rahasia" not in line
        assert TOKEN not in line
        assert value not in line


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_no_value_at_all_ends_in_a_traceback(tmp_path: Path, name: str, value: str) -> None:
    inside = str(tmp_path / value.strip("/.")[:50]) if name == "DATA_DIR" else value
    with contextlib.suppress(WrongSetting):
        read(given_with(tmp_path, **{name: inside}))


def test_two_that_belong_together_are_missed_together(tmp_path: Path) -> None:
    assert "PUBLIC_URL" in complaint(tmp_path, WEBHOOK_SECRET="x" * 16)
    assert complaint(tmp_path, DATABASE_URL=POSTGRES, DATA_KEY="").startswith("DATA_KEY")


def test_telegram_itself_calls_https_only(tmp_path: Path) -> None:
    plain = {"PUBLIC_URL": "http://contoh.id", "WEBHOOK_SECRET": "x" * 16}
    assert complaint(tmp_path, **plain).startswith("PUBLIC_URL must begin with https://")
    shouted = {"TELEGRAM_API_URL": "HTTPS://API.Telegram.org/"}
    assert complaint(tmp_path, **plain, **shouted).startswith("PUBLIC_URL must begin with https://")
    local = read(given_with(tmp_path, **plain, TELEGRAM_API_URL="http://127.0.0.1:8081"))
    assert local.public_url == "http://contoh.id"
    assert read(given_with(tmp_path, PUBLIC_URL="http://contoh.id")).webhook_secret == ""


def test_commands_that_need_no_telegram_need_no_token(tmp_path: Path) -> None:
    given_ = given_with(tmp_path, TELEGRAM_BOT_TOKEN="")
    assert read(given_, need_token=False).telegram_bot_token == ()


def test_a_full_set_is_read_as_meant(tmp_path: Path) -> None:
    found = read(
        given_with(
            tmp_path,
            TELEGRAM_BOT_TOKEN=f" {TOKEN} , 987654321:BBcontohcontohcontoh ,",
            TELEGRAM_API_URL="http://127.0.0.1:8081/",
            DATABASE_URL=POSTGRES,
            PUBLIC_URL="https://contoh.id/",
            WEBHOOK_SECRET="x" * 16,
            ADMIN_TELEGRAM_IDS="1, 2",
            LOG_LEVEL="debug",
            LOG_FORMAT="JSON",
        )
    )
    assert found.telegram_bot_token == (TOKEN, "987654321:BBcontohcontohcontoh")
    assert (found.telegram_api_url, found.public_url) == (
        "http://127.0.0.1:8081", "https://contoh.id",
    )  # fmt: skip
    assert found.database_url.startswith("postgresql+psycopg://telekonsul:rahasia@")
    assert (found.admin_telegram_ids, found.log_level, found.log_format) == (
        (1, 2), "DEBUG", "json",
    )  # fmt: skip


def test_no_secret_is_shown(tmp_path: Path) -> None:
    found = read(
        given_with(
            tmp_path, DATABASE_URL=POSTGRES, PUBLIC_URL="https://contoh.id", WEBHOOK_SECRET="s" * 20
        )
    )
    for text in (repr(found), str(found), f"{found}"):
        for secret in (TOKEN, "AAcontoh", KEY, "rahasia", "s" * 20, "KeyRing"):
            assert secret not in text


# ── the key file ────────────────────────────────────────────────────────────────────────────────


def embedded(folder: Path) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "DATA_DIR": str(folder)}


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    first = read(embedded(folder))
    file = folder / "data.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    made = file.read_text()
    again = read(embedded(folder))
    assert file.read_text() == made
    assert again.data_key.open(first.data_key.seal(b"Sari", "p"), "p") == b"Sari"
    assert len([*folder.iterdir()]) == 1


def test_beside_data_a_missing_key_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "telekonsul.db").touch()
    with pytest.raises(WrongSetting, match=r"^DATA_KEY: .*data\.key is missing"):
        read(embedded(tmp_path))
    assert not (tmp_path / "data.key").exists()


def test_a_key_that_is_given_is_not_written_down(tmp_path: Path) -> None:
    read(given_with(tmp_path))
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"rusak\n"])
def test_a_spoilt_key_file_is_a_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data.key").write_bytes(content)
    with pytest.raises(WrongSetting, match=r"^DATA_KEY"):
        read(embedded(tmp_path))


def test_a_file_of_settings_in_other_letters_is_a_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_bytes("# fasilitas «Sehat»\nHTTP_PORT=0\n".encode("latin-1"))
    with pytest.raises(WrongSetting, match=r"^\.env is not UTF-8"):
        read(need_token=False)


def test_a_folder_that_cannot_be_is_a_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(WrongSetting, match=r"^DATA_DIR"):
            read(embedded(folder))


# ── .env.example ────────────────────────────────────────────────────────────────────────────────

LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()


def test_the_example_lists_every_setting_in_order_each_with_one_comment() -> None:
    assert len(LINES) == 2 * len(NAMES)
    for comment, line, name in zip(LINES[::2], LINES[1::2], NAMES, strict=True):
        assert re.fullmatch(r"# [A-Z].+\.?", comment), comment
        assert len(comment) <= 100
        assert re.fullmatch(rf"{name}=\S*", line), line


def test_the_example_as_it_stands_is_safe(tmp_path: Path) -> None:
    """Nothing secret, nothing listening outward, and equal to having no file at all."""
    values: dict[str, Any] = dict(dotenv_values(EXAMPLE))
    own = {"DATA_DIR": str(tmp_path)}
    example = read(values | own, need_token=False)
    nothing = read(own, need_token=False)
    for name in NAMES:
        if name not in ("DATA_DIR", "DATA_KEY"):
            assert getattr(example, name.lower()) == getattr(nothing, name.lower()), name
    assert values["DATA_DIR"] == "data"
    assert example.http_host == "127.0.0.1"
    assert not any(
        values[name]
        for name in ("TELEGRAM_BOT_TOKEN", "DATA_KEY", "WEBHOOK_SECRET", "DATABASE_URL")
    )
