"""A machine that can lose its power: knows of every fsync of a process, and what was safe by then.

The kernel itself tells: a seccomp filter hands each fsync and fdatasync of the threads that are
started after `watch` to this one, which notes it, copies what the file holds at that moment, and
lets it go on. What was never synced is, for a power cut, not there.
"""

import ctypes
import os
import platform
import shutil
import struct
import threading
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path

# asm/unistd.h, linux/seccomp.h, linux/filter.h
CALLS = {"x86_64": (317, (74, 75)), "aarch64": (277, (82, 83))}
SET_MODE_FILTER, NEW_LISTENER = 1, 8
USER_NOTIF, ALLOW = 0x7FC00000, 0x7FFF0000
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
NOTIF_RECV, NOTIF_SEND, CONTINUE = 0xC0502100, 0xC0182101, 1
NO_NEW_PRIVS = 38
NOTIFICATION, RESPONSE = 80, "QqiI"


class Unsupported(Exception):
    """This kernel, or the container around us, lets nobody watch system calls."""


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    )  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


@dataclass
class Power:
    """What was synced, file by file, since the watch began."""

    syncs: int = 0
    _safe: dict[str, bytes] = field(default_factory=dict)

    def cut(self, to: Path) -> None:
        """Leave in another folder what the disk would hold if the power failed now."""
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir()
        for name, content in self._safe.items():
            (to / Path(name).name).write_bytes(content)

    def _note(self, descriptor: int) -> None:
        self.syncs += 1
        name = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if Path(name).is_dir():  # only now is certain what was removed from it
            self._safe = {file: what for file, what in self._safe.items() if Path(file).exists()}
        else:
            # By the same descriptor: to close another one would drop the locks that SQLite holds.
            self._safe[name] = os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def watch() -> Power:
    """Watch every thread that this one starts from now on; raises Unsupported."""
    libc = ctypes.CDLL(None, use_errno=True)
    if platform.machine() not in CALLS:
        raise Unsupported(platform.machine())
    seccomp, (fsync, fdatasync) = CALLS[platform.machine()]
    power, listener, ready = Power(), list[int](), threading.Event()
    threading.Thread(target=_listen, args=(power, listener, ready), daemon=True).start()
    steps = (_Step * 5)(
        _Step(LOAD, 0, 0, 0), _Step(JUMP_EQUAL, 1, 0, fsync), _Step(JUMP_EQUAL, 0, 1, fdatasync),
        _Step(RETURN, 0, 0, USER_NOTIF), _Step(RETURN, 0, 0, ALLOW),
    )  # fmt: skip
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    program = _Program(5, steps)
    found = libc.syscall(seccomp, SET_MODE_FILTER, NEW_LISTENER, ctypes.byref(program))
    if found < 0:
        raise Unsupported(os.strerror(ctypes.get_errno()))
    listener.append(found)
    ready.set()
    return power


def _listen(power: Power, listener: list[int], ready: threading.Event) -> None:
    """Runs in a thread from before the filter, so its own calls are not watched."""
    ready.wait()
    while True:
        told = bytearray(NOTIFICATION)
        ioctl(listener[0], NOTIF_RECV, told)
        (number,) = struct.unpack_from("Q", told, 0)
        (descriptor,) = struct.unpack_from("Q", told, 32)
        power._note(descriptor)
        ioctl(listener[0], NOTIF_SEND, bytearray(struct.pack(RESPONSE, number, 0, 0, CONTINUE)))
