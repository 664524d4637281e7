"""The test server itself: what the other tests rely on."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.postgres import Postgres, sources


@pytest.fixture(scope="module", params=list(sources().values()), ids=list(sources()))
def server(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    server = Postgres(request.param)
    server.start()
    yield server
    server.stop()


def ask(url: str, statement: str) -> list[object]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        result = connection.execute(sa.text(statement))
        return list(result.scalars()) if result.returns_rows else []


def home(url: str) -> Path:
    return Path(str(*ask(url, "SHOW data_directory"))).parent


def test_text_is_utf8_and_sorted_by_code_point(server: Postgres) -> None:
    url = server.database()
    assert ask(url, "SHOW server_encoding") == ["UTF8"]
    assert ask(url, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == [
        "C"
    ]
    assert ask(url, "SELECT w FROM (VALUES ('b'), ('é'), ('B')) AS t(w) ORDER BY w") == [
        "B",
        "b",
        "é",
    ]


def test_two_databases_are_separate(server: Postgres) -> None:
    one, other = server.database(), server.database()
    ask(one, "CREATE TABLE note (word text)")
    assert ask(one, "SELECT to_regclass('note') IS NULL") == [False]
    assert ask(other, "SELECT to_regclass('note') IS NULL") == [True]


def test_a_copy_starts_like_its_template_and_goes_its_own_way(server: Postgres) -> None:
    template = server.database()
    ask(template, "CREATE TABLE note AS SELECT 'first' AS word")
    copy = server.database(template=template)
    ask(copy, "INSERT INTO note VALUES ('second')")
    assert ask(copy, "SELECT word FROM note ORDER BY word") == ["first", "second"]
    assert ask(template, "SELECT word FROM note") == ["first"]


def test_a_dropped_database_is_gone(server: Postgres) -> None:
    url = server.database()
    server.drop(url)
    with pytest.raises(sa.exc.OperationalError):
        ask(url, "SELECT 1")


def test_root_does_not_run_it(server: Postgres) -> None:
    assert (home(server.database()) / "data").stat().st_uid != 0


def test_a_restart_keeps_what_was_committed(server: Postgres) -> None:
    url = server.database()
    ask(url, "CREATE TABLE note AS SELECT 'kept' AS word")
    server.restart()
    assert ask(url, "SELECT word FROM note") == ["kept"]


def test_a_halted_server_refuses_until_it_is_started(server: Postgres) -> None:
    url = server.database()
    server.halt()
    try:
        with pytest.raises(sa.exc.OperationalError):
            ask(url, "SELECT 1")
    finally:
        server.start()
    assert ask(url, "SELECT 1") == [1]


def test_a_killed_backend_fails_and_the_next_one_works(server: Postgres) -> None:
    url = server.database()
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        assert server.kill_backends() == 1
        with pytest.raises(sa.exc.OperationalError):
            connection.execute(sa.text("SELECT 1"))
    assert ask(url, "SELECT 1") == [1]


def test_binaries_in_a_private_home_work(tmp_path: Path) -> None:
    """As root the server's user cannot look into a home of mode 700; pytest's folder is one."""
    binaries = list(sources().values())[-1]
    package = binaries.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, tmp_path / folder.name, symlinks=True)
    tmp_path.chmod(0o700)
    server = Postgres(tmp_path / package.name / binaries.parent.name / binaries.name)
    server.start()
    try:
        assert ask(server.database(), "SELECT 1") == [1]
    finally:
        server.stop()


def test_stopping_leaves_nothing_behind() -> None:
    server = Postgres()
    server.start()
    url = server.database()
    folder = home(url)
    server.stop()
    server.stop()
    assert not folder.exists()
    with pytest.raises(sa.exc.OperationalError):
        ask(url, "SELECT 1")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_goes_when_its_owner_is_killed(end: signal.Signals) -> None:
    script = (
        "import time; from tests.postgres import Postgres\n"
        "server = Postgres(); server.start(); print(server.database(), flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as owner:
        assert owner.stdout is not None
        url = owner.stdout.readline().strip()
        folder = home(url)
        owner.send_signal(end)
    until = time.monotonic() + 10
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.exists()
    with pytest.raises(sa.exc.OperationalError):
        ask(url, "SELECT 1")


def test_nobody_runs_it_where_there_is_no_postgres_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_nobody(name: str, find: Callable[[str], pwd.struct_passwd] = pwd.getpwnam) -> object:
        if name == "postgres":
            raise KeyError(name)
        return find(name)

    monkeypatch.setattr(pwd, "getpwnam", only_nobody)
    server = Postgres()
    server.start()
    try:
        owner = (home(server.database()) / "data").stat().st_uid
    finally:
        server.stop()
    assert owner == (os.geteuid() or pwd.getpwnam("nobody").pw_uid)
