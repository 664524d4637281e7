"""From nothing to the first answered complaint: the recorded setup, a real service, real people."""

import asyncio
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from dotenv import dotenv_values

from bot import phrase, recovery
from bot.installation import STEPS
from bot.settings_file import EXAMPLE
from models.seal import KeyRing
from simulator.person import Person
from simulator.telegram import BotAccount
from tests import forked
from tests.engine.conftest import Street
from tests.engine.terminal import PATIENCE, Terminal
from tests.forked import ROOT

DATA = ROOT / "tests" / "data"
APART, TOGETHER = "\033[?1049h", "\033[2J\033[?1049l"
"""How a terminal is told to show its second screen, and to empty it and go back (xterm)."""
LINK = re.compile(r"https://t\.me/telekonsul_uji_bot\?start=([\w-]{32})")


@pytest.fixture
def bot(street: Street) -> BotAccount:
    return street.telegram.add_bot("telekonsul_uji_bot")


@pytest.fixture
def terminal(street: Street, bot: BotAccount, tmp_path: Path) -> Iterator[Terminal]:
    """Somebody's terminal in an empty folder, beside an empty disk for backups."""
    (tmp_path / "cadangan").mkdir()
    values = {
        "token": bot.token,
        "folder": str(tmp_path.resolve()),
        "apart": APART,
        "together": TOGETHER,
    }
    opened = Terminal(tmp_path, surroundings(street), values)
    yield opened
    opened.close()


def surroundings(street: Street) -> dict[str, str]:
    """An environment in which nothing of this machine's own settings is left."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(street.folder),
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_API_URL": street.url,
        "HTTP_PORT": "0",
    }


async def test_the_recorded_setup_ends_in_a_service_that_answers(
    street: Street, bot: BotAccount, terminal: Terminal, tmp_path: Path
) -> None:
    await asyncio.to_thread(terminal.play, DATA / "setup.txt")
    admin_token, worker_token = LINK.findall(terminal.shown)

    file = tmp_path / ".env"
    assert file.stat().st_mode & 0o777 == 0o600
    assert dotenv_values(file)["TELEGRAM_BOT_TOKEN"] == bot.token
    comments = [line for line in EXAMPLE.read_text().splitlines() if line.startswith("#")]
    assert [line for line in file.read_text().splitlines() if line.startswith("#")] == comments
    left_behind(tmp_path, terminal)

    with service(terminal):
        await serves(street, bot, admin_token, worker_token)

    await recovers(street, terminal, tmp_path)


def left_behind(folder: Path, terminal: Terminal) -> None:
    """Neither the phrase nor the data key lies open where it must not."""
    words = list(terminal.phrase.values())
    key = (folder / "data" / "data.key").read_bytes().strip()
    for file in (one for one in folder.rglob("*") if one.is_file()):
        content = file.read_bytes()
        assert " ".join(words).encode() not in content
        assert file.name == "data.key" or key not in content


@contextmanager
def service(terminal: Terminal) -> Iterator[None]:
    """The service as `make run` starts it."""
    log = terminal.folder / "service.log"
    process = forked.start(
        forked.telekonsul, ["run"], ends=(Path(os.devnull), log, log),
        folder=terminal.folder, environment=terminal.environment,
    )  # fmt: skip
    try:
        yield
        process.terminate()
        process.join(PATIENCE)
        assert process.exitcode == 0
    finally:
        process.kill()
        process.join()


async def serves(street: Street, bot: BotAccount, admin_token: str, worker_token: str) -> None:
    """The admin opens the link, the worker is let in, a complaint is answered."""
    wayan, ayu, sari = (street.telegram.add_person(n, bot=bot) for n in ("Wayan", "Ayu", "Sari"))

    await hears(wayan, "admin Puskesmas Rekaman", lambda: wayan.starts(admin_token))
    await hears(wayan, "PSC Rekaman: 0380 998", lambda: wayan.says("/admin"))
    assert "dr. Uji Rekaman" in wayan.heard[-1]
    assert "Loket uji, lantai 2" in wayan.heard[-1]
    await hears(sari, "undangan itu sudah dipakai", lambda: sari.starts(admin_token))

    await hears(ayu, "profesi", lambda: ayu.starts(worker_token))
    await hears(ayu, "2/5", lambda: ayu.taps("Bidan"))
    for answer, then in (
        ("Ayu Rekaman", "3/5"), ("UJI-STR-12345", "4/5"), ("503/UJI-SIP/2026", "5/5"),
        ("31 Desember 2031", "Sudah benar?"),
    ):  # fmt: skip
        await hears(ayu, then, lambda answer=answer: ayu.says(answer))  # type: ignore[misc]
    await hears(wayan, "Calon tenaga kesehatan", lambda: ayu.taps("kirim ke admin"))
    await hears(ayu, "Selamat, Bidan Ayu Rekaman", lambda: wayan.taps("Terima"))
    await hears(ayu, "Anda siap", lambda: ayu.says("/siap"))

    await hears(sari, "dr. Uji Rekaman", lambda: sari.says("Anak saya 3 tahun batuk"))
    await hears(sari, "Adakah satu saja", lambda: sari.taps("Setuju"))
    await hears(ayu, "Nomor 1", lambda: sari.taps("Tidak ada"))
    await hears(sari, "Bidan Ayu Rekaman", lambda: ayu.taps("Terima"))
    await hears(sari, "Sudah minum apa?", lambda: ayu.says("Sudah minum apa?"))


async def hears(person: Person, words: str, act: Callable[[], object]) -> None:
    """Do something, and return when the service has said these words to that person."""
    news, before = asyncio.Event(), len(person.heard)
    person.telegram.watchers.append(lambda _: news.set())
    act()
    async with asyncio.timeout(PATIENCE):
        while not any(words in one for one in person.heard[before:]):
            news.clear()
            await news.wait()


async def recovers(street: Street, terminal: Terminal, tmp_path: Path) -> None:
    """The server burns; the folder of backups and the paper bring the data key back."""
    new = tmp_path / "komputer-baru"
    new.mkdir()
    other = phrase.fresh()
    values = {"file": str(tmp_path / "cadangan" / "telekonsul-kunci.txt"), "folder": str(new),
              "other": " ".join(other)}  # fmt: skip
    again = Terminal(new, surroundings(street), values, phrase=terminal.phrase)
    try:
        await asyncio.to_thread(again.play, DATA / "recover.txt")
        key = new / "data" / "data.key"
        assert key.read_bytes() == (tmp_path / "data" / "data.key").read_bytes()
        assert key.stat().st_mode & 0o777 == 0o600
    finally:
        again.close()


# ── answers from a file ─────────────────────────────────────────────────────────────────────────

ANSWERS = """
token = "{token}"
code = "9999X001"
name = "Puskesmas Rekaman"
responsible = "dr. Uji Rekaman"
contact = "Loket uji"
numbers = ["IGD RS Rekaman: 0380 999", "PSC Rekaman: 0380 998"]
hours = "Senin-Jumat 07.30-14.00 WITA"
workers = 2
backup_dir = "cadangan"
"""


async def set_up(terminal: Terminal, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return await telekonsul(terminal, "setup", *words, **more)


async def telekonsul(
    terminal: Terminal, *words: str, **more: str
) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        forked.command, *words,
        folder=terminal.folder, environment=dict(terminal.environment) | more,
    )  # fmt: skip


def days_checked(url: str, change: str = "") -> list[str]:
    """The days on which the emergency numbers were tried, after a change."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        if change:
            connection.exec_driver_sql(change)
        rows = connection.exec_driver_sql("SELECT checked_on FROM emergency_number").scalars()
        found = list(map(str, rows))
    engine.dispose()
    return found


@pytest.mark.engine
async def test_a_file_answers_the_same_questions_once(
    bot: BotAccount, terminal: Terminal, engine_url: str
) -> None:
    own = {"DATABASE_URL": engine_url, "DATA_KEY": KeyRing.fresh_key()}
    (terminal.folder / "jawaban.toml").write_text(ANSWERS.format(token=bot.token))
    first = await set_up(terminal, "--from", "jawaban.toml", **own)
    assert first.returncode == 0, first.stdout + first.stderr
    assert len(LINK.findall(first.stdout)) == 3, "one admin, two workers"
    assert "✅ Fasilitas: 1 dengan penanggung jawab" in first.stdout
    words = " ".join(word for _, word in re.findall(r"\b(\d+)\. ([a-z]{4,8})\b", first.stdout))
    sealed = (terminal.folder / "cadangan" / recovery.NAME).read_text()
    days_checked(engine_url, "UPDATE emergency_number SET checked_on = '2026-01-02'")
    again = await set_up(terminal, "--from", "jawaban.toml", **own)
    assert again.returncode == 0, again.stdout + again.stderr
    assert days_checked(engine_url) == ["2026-01-02"] * 2, "nobody tried the numbers again"
    assert LINK.findall(again.stdout) == [], "a link in a log lets somebody in"
    assert "Ini frasa" not in again.stdout
    ring = recovery._opened(recovery._sealed(terminal.folder / "cadangan" / recovery.NAME), words)
    assert ring == own["DATA_KEY"]
    present = (terminal.folder / "cadangan" / recovery.NAME).read_text()
    assert present != sealed, "sealed anew"
    await telekonsul(terminal, "admin", "grant", "990000001", **own)  # the first sealed record
    wrong_key = own | {"DATA_KEY": KeyRing.fresh_key()}
    refused = await set_up(terminal, "--from", "jawaban.toml", **wrong_key)
    assert refused.returncode == 1
    assert "bukan kunci database ini" in refused.stdout
    assert (terminal.folder / "cadangan" / recovery.NAME).read_text() == present


async def test_another_facility_is_asked_for_everything_of_its_own(
    street: Street, bot: BotAccount, terminal: Terminal
) -> None:
    """What the first facility has entered must not stand in the name of the second."""
    answers = ANSWERS.format(token=bot.token)
    (terminal.folder / "jawaban.toml").write_text(answers)
    assert (await set_up(terminal, "--from", "jawaban.toml")).returncode == 0
    (terminal.folder / "jawaban.toml").write_text(
        answers.replace("9999X001", "9999X002").replace("Rekaman", "Sebelah")
    )
    second = await set_up(terminal, "--from", "jawaban.toml")
    assert second.returncode == 0, second.stdout + second.stderr
    assert len(LINK.findall(second.stdout)) == 2, "its workers; there is an admin already"
    assert "tenaga kesehatan Puskesmas Sebelah" in second.stdout
    with service(terminal):
        sari = street.telegram.add_person("Sari", bot=bot)
        await hears(sari, "dr. Uji Sebelah", lambda: sari.says("Anak batuk 4 hari"))


async def test_everything_wrong_in_a_file_is_listed_and_nothing_kept(
    bot: BotAccount, terminal: Terminal
) -> None:
    wrong = ANSWERS.format(token="100000099:tidakadabotdengantokenini")
    wrong = wrong.replace("dr. Uji", "dr. Contoh").replace("0380 998", "nol").replace("WITA", "")
    wrong = wrong.replace('"Loket uji"', '["Loket", "uji"]').replace(
        "workers = 2", "workers = true"
    )
    wrong += 'warna = "biru"\n'
    (terminal.folder / "jawaban.toml").write_text(wrong)
    refused = await set_up(terminal, "--from", "jawaban.toml")
    assert refused.returncode == 1
    named = [line.split(":")[0] for line in refused.stdout.splitlines()[1:]]
    assert sorted(named) == [
        "contact", "hours", "numbers", "responsible", "token", "warna", "workers",
    ]  # fmt: skip
    assert not (terminal.folder / ".env").exists()
    assert not LINK.search(refused.stdout)


async def test_the_example_asks_what_the_terminal_asks_and_answers_nothing(
    bot: BotAccount, terminal: Terminal
) -> None:
    shown = await set_up(terminal, "--example")
    assert shown.returncode == 0
    answers = tomllib.loads(shown.stdout)
    assert list(answers) == [name for names in STEPS.values() for name in names]
    assert not any(answers.values())
    (terminal.folder / "jawaban.toml").write_text(shown.stdout)
    refused = await set_up(terminal, "--from", "jawaban.toml")
    assert refused.returncode == 1
    assert "token: " in refused.stdout


@pytest.mark.parametrize("text", ["token = ", "\xff", None])
async def test_a_file_that_cannot_be_read_is_one_sentence(
    bot: BotAccount, terminal: Terminal, text: str | None
) -> None:
    if text is not None:
        (terminal.folder / "jawaban.toml").write_text(text, encoding="latin-1")
    refused = await set_up(terminal, "--from", "jawaban.toml")
    assert refused.returncode == 1
    assert refused.stderr == ""
    assert len(refused.stdout.splitlines()) == 1


async def test_where_nobody_types_it_stops_and_says_how_to_go_on(
    bot: BotAccount, terminal: Terminal
) -> None:
    stopped = await set_up(terminal)
    assert stopped.returncode == 1
    assert stopped.stderr == ""
    assert stopped.stdout.endswith("telekonsul setup\n")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
async def test_a_stray_byte_is_a_wrong_answer(
    bot: BotAccount, terminal: Terminal, encoding: str
) -> None:
    asked = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "setup"],
        cwd=terminal.folder, env=dict(terminal.environment) | {"PYTHONIOENCODING": encoding},
        input=b"\xff\xfe\n", capture_output=True, timeout=60,
    )  # fmt: skip
    assert asked.returncode == 1
    assert asked.stderr == b""
    assert b"belum seperti token" in asked.stdout


async def test_what_the_environment_says_cannot_be_set_in_the_file(
    bot: BotAccount, terminal: Terminal
) -> None:
    other = "100000098:tokendarilingkungansaja"
    (terminal.folder / "jawaban.toml").write_text(ANSWERS.format(token=bot.token))
    refused = await set_up(terminal, "--from", "jawaban.toml", TELEGRAM_BOT_TOKEN=other)
    assert refused.returncode == 1
    assert "TELEGRAM_BOT_TOKEN is set in the environment" in refused.stdout
    assert other not in refused.stdout


async def test_a_folder_of_made_up_data_is_refused_before_any_question(
    bot: BotAccount, terminal: Terminal
) -> None:
    (terminal.folder / "data").mkdir()
    (terminal.folder / "data" / "CONTOH").touch()
    refused = await set_up(terminal)
    assert refused.returncode == 1
    assert "bertanda contoh" in refused.stderr
    assert refused.stdout == ""


async def test_telegram_away_is_no_wrong_token(street: Street, terminal: Terminal) -> None:
    (terminal.folder / "jawaban.toml").write_text(ANSWERS.format(token="100000001:" + "a" * 30))
    refused = await set_up(
        terminal, "--from", "jawaban.toml", TELEGRAM_API_URL="http://127.0.0.1:9"
    )
    assert refused.returncode == 1
    assert "Telegram belum bisa dihubungi" in refused.stdout
