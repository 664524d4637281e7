"""Real processes without the second that each takes to load: forked from one that has it all.

A child has its own folder, environment, streams, terminal and signals, as a process that was
started by itself has; only the modules are there already. A few tests start `python -m bot` itself.
"""

import ctypes
import fcntl
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parent.parent
PR_SET_PDEATHSIG = 1
LIMIT = 60.0
"""Seconds that a command may take."""
End = Path | Connection
"""Where a standard stream leads: a file, a terminal, or a pipe to this process."""


def start(
    target: Callable[..., object],
    *given: object,
    ends: tuple[End, End, End],
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> ForkServerProcess:
    """Run a function in a process of its own, which dies with this one."""
    process = _loaded().Process(
        target=_child, args=(target, given, ends, folder, dict(environment or os.environ))
    )
    with chdir(ROOT):  # the first one loads the modules from here
        process.start()
    return process


def command(
    *words: str, folder: Path, environment: Mapping[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `telekonsul` with these words to its end."""
    with tempfile.TemporaryDirectory() as apart:
        into, out, err = ends = Path(apart, "in"), Path(apart, "out"), Path(apart, "err")
        into.write_text(stdin)
        process = start(telekonsul, words, ends=ends, folder=folder, environment=environment)
        process.join(LIMIT)
        code = process.exitcode
        if code is None:
            process.kill()
            raise subprocess.TimeoutExpired(words, LIMIT, out.read_bytes(), err.read_bytes())
        process.close()
        return subprocess.CompletedProcess(words, code, out.read_text(), err.read_text())


def telekonsul(words: Sequence[str]) -> None:
    """What `python -m bot` does, in a process that `start` made."""
    from bot.__main__ import main

    sys.exit(main(words))


def die_with_parent() -> None:
    """Leave no process behind, however the one that started this one ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _loaded() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.preload"])
    return context


def _child(
    target: Callable[..., object],
    given: Sequence[object],
    ends: tuple[End, End, End],
    folder: Path,
    environment: dict[str, str],
) -> None:
    die_with_parent()
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, end in enumerate(ends):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY
        opened = os.open(end, flags, 0o600) if isinstance(end, Path) else end.fileno()
        os.dup2(opened, number)
        if number == 0 and os.isatty(0):
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # only so does it get Ctrl-C
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, "w" if number else "r", buffering=1, encoding="utf-8")  # noqa: PTH123, SIM115
        for number in range(3)
    )
    target(*given)
