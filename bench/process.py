"""Processes under measurement: pinned to a CPU, watched from outside, never left behind (Linux)."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60.0  # seconds until a start that does not finish counts as failed

# A folder on a real disk, so that waiting for the disk is real: /tmp may be memory, /var/tmp may
# not (Filesystem Hierarchy Standard 5.15).
DISK = "/var/tmp"  # noqa: S108

SERVERS, CONTENDERS = 0, 1  # who shares which CPU: load and fakes on one, the measured on the other


class Process:
    """One `python -m module …` on one CPU; leaving the `with` block ends it."""

    def __init__(
        self, *command: str, cpu: int, env: Mapping[str, str] | None = None, port: int = 0
    ) -> None:
        self.name = " ".join(command)
        self.port = port
        with ExitStack() as files:
            self._printed = files.enter_context(tempfile.TemporaryFile())
            self._errors = files.enter_context(tempfile.TemporaryFile())
            self._files = files.pop_all()
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdout=self._printed,
            stderr=self._errors,
            # Compiled once and kept, as on any machine that is not told otherwise.
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(env or {})},
        )
        cpus = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(self._process.pid, {cpus[cpu % len(cpus)]})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._files.close()

    def check(self) -> None:
        """Raise with the process's last words if it has ended."""
        if self._process.poll() is not None:
            self._errors.seek(0)
            raise RuntimeError(f"{self.name} ended:\n{self._errors.read().decode()[-3000:]}")

    def get(self, path: str) -> str | None:
        """Read a page of the process, or None while it does not answer; raise if it has ended."""
        self.check()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.read().decode() if answer.status == http.HTTPStatus.OK else None
        except OSError:
            return None
        finally:
            connection.close()

    def wait_for(self, path: str) -> str:
        """Wait until that page answers, and return it."""
        until = time.monotonic() + PATIENCE
        while (page := self.get(path)) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.name} does not answer {path}")
            time.sleep(0.02)
        return page

    def output(self) -> str:
        """Wait for its end and return what it printed."""
        if self._process.wait():
            self.check()
        self._printed.seek(0)
        return self._printed.read().decode()

    def cpu_seconds(self) -> float:
        """Tell the processor time of all its threads since it started."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """Tell the most memory that it has held at once."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"{self.name} shows no memory")


def free_port() -> int:
    """Find a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
