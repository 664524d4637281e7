"""What an installation is made from names only what exists, and the page's own steps work."""

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import time
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import _parser
from bot.database import Database
from models.base import Base
from models.seal import KeyRing
from tests.postgres import _free_port
from tests.test_config import NAMES
from tests.town import MORNING

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
UNIT = (DEPLOY / "telekonsul.service").read_text(encoding="utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
CHECKOUT = "/opt/telekonsul"
STATE = "/var/lib/telekonsul"
BACKUPS = "/var/backups/telekonsul"


def unit(name: str) -> list[str]:
    """Every value of one name in the unit."""
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def instructions(name: str) -> list[str]:
    """The arguments of every such line of the Containerfile."""
    return re.findall(rf"^{name} (.+)$", CONTAINER, re.MULTILINE)


def entries(path: str) -> list[str]:
    """What stands in the compose file at a path like `services.database.image`, one a line.

    Reads the little of YAML that the file uses: two spaces a level, plain scalars, lists below.
    """
    found: list[str] = []
    here: list[str] = []
    for raw in COMPOSE.splitlines():
        line = raw.split(" #")[0].rstrip()
        if not line or line.lstrip().startswith("#"):
            continue
        text, depth = line.strip(), (len(line) - len(line.lstrip())) // 2
        if text.startswith("- "):
            if here == path.split("."):
                found.append(text[2:].strip('"'))
            continue
        key, _, value = text.partition(":")
        here = [*here[:depth], key]
        if ".".join(here) == path and value:
            found.append(value.strip().strip('"'))
        if ".".join(here[:-1]) == path:
            found.append(key)
    return found


def commands() -> set[str]:
    """Every first word that the command line knows."""
    (actions,) = (one for one in _parser()._actions if one.choices)
    return set(actions.choices or ())


# ── what is named exists ────────────────────────────────────────────────────────────────────────


def test_the_unit_starts_a_command_from_the_place_where_the_page_puts_it() -> None:
    (start,) = unit("ExecStart")
    program, command = start.split()
    (script,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert program == f"{CHECKOUT}/.venv/bin/{script}"
    assert command in commands()
    assert f'git clone "$REPOSITORY" {CHECKOUT}\n' in PAGE
    assert f"systemctl enable --now {CHECKOUT}/deploy/telekonsul.service" in PAGE
    (user,) = unit("User")
    assert re.search(rf"useradd .*--home-dir {STATE} .* {user}\n", PAGE)
    assert unit("WorkingDirectory") == [STATE]
    assert unit("ReadWritePaths") == [f"-{BACKUPS}"]
    assert f"{BACKUPS}\n" in PAGE


def test_the_unit_lets_it_stop_by_itself_and_never_gives_up() -> None:
    assert int(unit("TimeoutStopSec")[0]) > 10
    assert unit("Restart") == ["always"]
    assert unit("StartLimitIntervalSec") == ["0"]


def test_the_unit_can_write_nothing_but_its_own() -> None:
    assert unit("NoNewPrivileges") == ["yes"]
    assert unit("ProtectSystem") == ["strict"]
    assert unit("CapabilityBoundingSet") == [""]
    assert unit("LimitCORE") == ["0"], "a core dump would hold patients' words"
    assert unit("UMask") == ["0077"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_finds_the_unit_right_and_safe(tmp_path: Path) -> None:
    here = tmp_path / "telekonsul.service"
    here.write_text(UNIT.replace(f"{CHECKOUT}/.venv/bin/telekonsul", shutil.which("true") or ""))
    verified = subprocess.run(
        ["systemd-analyze", "verify", here], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", here],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout[-200:]


def test_the_image_is_made_from_what_is_here() -> None:
    copied = [line.split()[:-1] for line in instructions("COPY")]
    assert all((ROOT / path).exists() for paths in copied for path in paths)
    locks = [word for line in instructions("RUN") for word in line.split() if ".lock" in word]
    assert locks == ["requirements.lock"]
    assert any("--require-hashes" in line for line in instructions("RUN"))
    (entry,) = instructions("ENTRYPOINT")
    (command,) = instructions("CMD")
    assert json.loads(entry) == ["telekonsul"]
    assert json.loads(command)[0] in commands()
    assert instructions("USER") == ["telekonsul"], "never as root"


@pytest.mark.parametrize("secret", [".env", "deploy/*.env", "data/", ".git"])
def test_no_secret_gets_into_the_image(secret: str) -> None:
    assert secret in (ROOT / ".dockerignore").read_text().splitlines()


def test_the_composition_names_settings_and_files_that_exist() -> None:
    assert entries("services") == ["database", "telekonsul"]
    assert set(entries("services.telekonsul.environment")) <= set(NAMES)
    context = DEPLOY / entries("services.telekonsul.build.context")[0]
    assert (context / entries("services.telekonsul.build.dockerfile")[0]).is_file()
    made = {*entries("services.database.env_file"), *entries("services.telekonsul.env_file")}
    assert all(f"> deploy/{name}\n" in PAGE for name in made)
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert "deploy/*.env" in ignored
    named = {v.split(":")[0] for kind in ("database", "telekonsul")
             for v in entries(f"services.{kind}.volumes") if not v.startswith("/")}  # fmt: skip
    assert named == set(entries("volumes"))


def test_the_composition_asks_whether_it_is_ready_and_sorts_by_bytes() -> None:
    (arguments,) = entries("services.database.environment.POSTGRES_INITDB_ARGS")
    assert arguments.split() == ["--encoding=UTF8", "--locale=C"]
    (test,) = entries("services.telekonsul.healthcheck.test")
    script = re.findall(rf"{CHECKOUT}/([\w./]+)", test)[0]
    assert '"/readyz"' in (ROOT / script).read_text()
    (depends,) = entries("services.telekonsul.depends_on.database.condition")
    assert depends == "service_healthy"
    (port,) = entries("services.telekonsul.ports")
    assert port.startswith("127.0.0.1:"), "/metrics is nobody's outside"


# ── the page ────────────────────────────────────────────────────────────────────────────────────


def test_the_page_names_only_commands_that_exist() -> None:
    said = re.findall(
        r"(?:-iu telekonsul |--rm |`|bin/)telekonsul ([a-z]+)|--rm telekonsul (\w+)", PAGE
    )
    words = {one or other for one, other in said}
    assert {"setup", "check", "move"} <= words
    assert words <= commands()


def test_the_page_names_only_settings_and_files_that_exist() -> None:
    settings = set(re.findall(r"\b([A-Z]+_[A-Z_]+)\b", PAGE))
    assert settings - {"POSTGRES_PASSWORD"} <= set(NAMES)
    files = set(re.findall(r"\bdeploy/[\w.-]+", PAGE)) - {
        "deploy/database.env", "deploy/telekonsul.env",
    }  # fmt: skip
    assert files
    assert all((ROOT / file).is_file() for file in files)


def test_every_step_of_the_page_is_a_sentence_of_the_shell() -> None:
    blocks = re.findall(r"^ *```(?:sh)?\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 6
    for block in blocks:
        if "reverse_proxy" in block or block.startswith("DATABASE_URL="):
            continue
        checked = subprocess.run(
            ["bash", "-n"], input=block, capture_output=True, text=True, check=False
        )
        assert checked.stderr == "", block
        assert all(shlex.split(line) for line in block.splitlines() if line.strip())


def test_the_way_back_puts_the_older_database_in_place_and_loses_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "data").mkdir(parents=True)
    file = state / "data" / "telekonsul.db"
    database = Database(f"sqlite+pysqlite:///{file}", KeyRing.parse(KeyRing.fresh_key()))
    database.migrate()
    database._keep_copy("before-0000")
    people = Base.metadata.tables["person"]
    with database.writer.begin() as connection:
        connection.execute(people.insert().values(id=1, telegram_id=1, since_at=MORNING))
    # As after a kill: what was written last is in the file beside.
    (wal,) = [one.read_bytes() for one in file.parent.glob("*-wal")]
    database.close()
    file.with_name("telekonsul.db-wal").write_bytes(wal)

    (block,) = re.findall(r"^```\n(aside=.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    block = block.replace(STATE, str(state)).replace("REVISION", "0000")
    played = 'sudo() { "$@"; }; systemctl() { :; }\n'
    subprocess.run(["bash", "-euc", played + block], check=True)

    def count(at: Path) -> int:
        with closing(sqlite3.connect(at)) as found:
            return int(found.execute("SELECT count(*) FROM person").fetchone()[0])

    (aside,) = file.parent.glob("aside-*")
    assert {one.name for one in aside.iterdir()} >= {"telekonsul.db", "telekonsul.db-wal"}
    assert count(file) == 0
    assert count(aside / "telekonsul.db") == 1


@pytest.mark.install
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no clone can be made of this folder")
def test_the_steps_of_the_image_end_with_a_ready_service(tmp_path: Path) -> None:
    """A quarter of a minute: the Containerfile's steps on this machine, its folders below ours."""

    def below(path: str) -> str:
        return re.sub(r"/(opt|var/lib)/telekonsul", lambda found: f"{tmp_path}{found[0]}", path)

    here, path = tmp_path, os.environ["PATH"]
    for what, rest in re.findall(r"^(WORKDIR|COPY|RUN|ENV) (.+)$", CONTAINER, re.MULTILINE):
        if what == "WORKDIR":
            here = Path(below(rest))
            here.mkdir(parents=True, exist_ok=True)
        elif rest == ". .":
            clone = f"git -C {ROOT} archive HEAD | tar --extract"
            subprocess.run(["bash", "-c", clone], cwd=here, check=True)
        elif what == "COPY":
            shutil.copy(ROOT / rest.split()[0], here)
        elif what == "ENV":
            path = below(rest.split()[0].removeprefix("PATH=")).replace("$PATH", path)
        elif not rest.startswith("useradd"):
            done = subprocess.run(rest, shell=True, cwd=here, capture_output=True, text=True)  # noqa: S602 - our own file, looked at below
            assert done.returncode == 0, done.stderr[-2000:]
    command = json.loads(instructions("ENTRYPOINT")[0]) + json.loads(instructions("CMD")[0])
    check = json.loads(below(re.findall(r"CMD (\[.+\])$", instructions("HEALTHCHECK")[0])[0]))
    settings = {
        "PATH": path, "HTTP_PORT": str(_free_port()), "TELEGRAM_API_URL": "http://127.0.0.1:9",
        "TELEGRAM_BOT_TOKEN": "123456789:" + "A" * 20,
    }  # fmt: skip
    program = shutil.which(command[0], path=path)
    assert str(program).startswith(str(tmp_path)), "the image's own, not this machine's"
    with subprocess.Popen(
        [program, *command[1:]], cwd=here, env=settings, stderr=subprocess.DEVNULL
    ) as service:
        until = time.monotonic() + 20
        while subprocess.run(check, env=settings, check=False, capture_output=True).returncode:
            assert service.poll() is None, "the service ended"
            assert time.monotonic() < until, "it never got ready"
        service.terminate()
    assert service.returncode == 0
    assert subprocess.run(check, env=settings, check=False, capture_output=True).returncode == 1


@pytest.mark.install
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no clone can be made of this folder")
def test_the_steps_of_the_page_end_with_an_answered_message() -> None:
    """Half a minute: it installs everything anew, from what is committed."""
    done = subprocess.run(
        [DEPLOY / "try-install.sh"], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
    answers = re.findall(r"^  \w.+ → (.+)$", done.stdout, re.MULTILINE)
    assert len(answers) == 3
    assert answers[0].startswith("Halo Warga.")
    assert done.stdout.endswith("rolled back: answered each time.\n")
