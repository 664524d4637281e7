"""A file of any length, sealed to the recovery phrase: written piece by piece, read likewise.

    TKB1 | length, 2 bytes | the file's own key, sealed to the phrase | chunks

Each chunk is AES-256-GCM under the file's own key. Its nonce says where it stands and whether it is
the last (the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015), so that none
can be changed, moved, or left off at the end without notice.
"""

import io
import secrets
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot import phrase

MAGIC = b"TKB1"
CHUNK = 1 << 20
"""Bytes sealed at once: what is in memory, and what a damaged byte costs before it is noticed."""
_TAG = 16
_KEY = 32


class Damaged(Exception):
    """It is no sealed file, was changed since, or ends too early."""


class Sealer(io.RawIOBase):
    """Seals what is written to it; only `close` ends the file, and only an ended one opens."""

    def __init__(self, file: IO[bytes], public: bytes) -> None:
        key = secrets.token_bytes(_KEY)
        sealed = phrase.seal_to(public, key)
        file.write(MAGIC + len(sealed).to_bytes(2) + sealed)
        self._file, self._cipher = file, AESGCM(key)
        self._waiting, self._place = bytearray(), 0

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, piece: object) -> int:
        """Take bytes; they are sealed a chunk at a time."""
        count = len(memoryview(piece).cast("B"))  # type: ignore[arg-type]  # the base class says less than bytes
        self._waiting += memoryview(piece).cast("B")  # type: ignore[arg-type]  # likewise
        while len(self._waiting) > CHUNK:  # one is kept back: it may be the last
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return count

    def close(self) -> None:
        """Seal what is left as the last chunk."""
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
        super().close()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._place, is_last), chunk, MAGIC))
        self._place += 1


class Opener(io.RawIOBase):
    """Gives what was sealed. Raises Damaged where it is not whole, phrase.CannotOpen where it was
    sealed for another phrase."""

    def __init__(self, file: IO[bytes], words: tuple[str, ...]) -> None:
        self._file = file
        self._cipher = AESGCM(_key(file, words))
        self._next: bytes | None = file.read(CHUNK + _TAG)
        self._ready, self._place = bytearray(), 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give so many bytes, fewer only at the end."""
        while self._next is not None and (size < 0 or len(self._ready) < size):
            self._open()
        size = len(self._ready) if size < 0 else size
        piece = bytes(self._ready[:size])
        del self._ready[:size]
        return piece

    def _open(self) -> None:
        sealed, following = self._next, self._file.read(CHUNK + _TAG)
        try:
            nonce = _nonce(self._place, not following)
            self._ready += self._cipher.decrypt(nonce, sealed or b"", MAGIC)
        except InvalidTag:
            raise Damaged(f"chunk {self._place + 1}") from None
        self._place += 1
        self._next = following or None


def check(file: IO[bytes]) -> None:
    """Return where a file begins as a sealed one does; raises Damaged."""
    if file.read(len(MAGIC)) != MAGIC:
        raise Damaged("no sealed file")
    file.seek(0)


def _key(file: IO[bytes], words: tuple[str, ...]) -> bytes:
    check(file)
    file.read(len(MAGIC))
    length = int.from_bytes(file.read(2))
    return phrase.open_with(words, file.read(length))


def _nonce(place: int, is_last: bool) -> bytes:
    return place.to_bytes(11) + bytes([is_last])
