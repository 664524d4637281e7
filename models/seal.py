"""The sealed document: what a record says, readable only with a key of the ring.

Outside the document stand only the columns that are queried. A value is bound twice: to its table
and column by the associated data, and to its row by the row's own id inside the document, so that
neither a dump nor a swapped value tells or changes anything.

    01 | key id, 4 bytes | nonce, 12 bytes | AES-256-GCM      sealed by the ring
    02 |                   nonce, 12 bytes | AES-256-GCM      sealed by one patient's key

Losing a patient's key is the erasure of the patient: backups age out with it.
"""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, Session, mapped_column

_as_json = json.JSONEncoder(separators=(",", ":")).encode

NONCE = 12
KEY_ID = 4
INDEX = 16  # bytes of a blind index: no collisions among 280 million participants


class Unreadable(Exception):
    """The key is gone or the value was changed: show the field as unreadable and go on."""


class Lock(Protocol):
    """Whatever seals and opens: the ring, or one patient's key."""

    def seal(self, plain: bytes, place: str) -> bytes:
        """Seal `plain` for one column of one table."""

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open what was sealed for this place, or raise Unreadable."""


class PatientKey:
    """One patient's own key."""

    def __init__(self, raw: bytes) -> None:
        self._cipher = AESGCM(raw)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Seal `plain` for one column of one table."""
        nonce = secrets.token_bytes(NONCE)
        return b"\x02" + nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open what was sealed for this place, or raise Unreadable."""
        if sealed[:1] != b"\x02":
            raise Unreadable("not sealed with a patient's key")
        return _decrypt(self._cipher, sealed[1:], place)


def seal_file(key: str, content: bytes, place: str) -> bytes:
    """Seal a whole file with a key of its own, as `KeyRing.fresh_key` makes one."""
    return PatientKey(base64.b64decode(key)).seal(content, place)


def open_file(key: str, sealed: bytes, place: str) -> bytes:
    """Open a file that was sealed for this place, or raise Unreadable."""
    return PatientKey(base64.b64decode(key)).open(sealed, place)


class KeyRing:
    """The installation's keys: the first seals, every one opens, so that keys can be changed."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take 32-byte keys, the current one first; raises ValueError for anything else."""
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError("a key ring needs at least one key, each of 32 bytes")
        derived = [(_derive(key, "id")[:KEY_ID], AESGCM(_derive(key, "seal"))) for key in keys]
        self._current, self._cipher = derived[0]
        self._ciphers = dict(derived)
        self._index_keys = [_derive(key, "index") for key in keys]
        self._sign_keys = [_derive(key, "sign") for key in keys]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Read comma-separated base64 keys as DATA_KEY holds them; raises ValueError."""
        try:
            return cls([base64.b64decode(part, validate=True) for part in text.split(",")])
        except binascii.Error as error:
            raise ValueError("a key is not base64") from error

    @staticmethod
    def fresh_key() -> str:
        """Make a new key in the form that `parse` reads."""
        return base64.b64encode(secrets.token_bytes(32)).decode()

    def seal(self, plain: bytes, place: str) -> bytes:
        """Seal `plain` for one column of one table with the current key."""
        nonce = secrets.token_bytes(NONCE)
        return b"\x01" + self._current + nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open what any key of the ring sealed for this place, or raise Unreadable."""
        cipher = self._ciphers.get(sealed[1 : 1 + KEY_ID])
        if sealed[:1] != b"\x01" or cipher is None:
            raise Unreadable("no key of the ring fits")
        return _decrypt(cipher, sealed[1 + KEY_ID :], place)

    def is_current(self, sealed: bytes) -> bool:
        """Tell whether the current key sealed this; `rekey` looks for what it did not."""
        return sealed[: 1 + KEY_ID] == b"\x01" + self._current

    def former(self) -> list[bytes]:
        """Give what begins every value that an earlier key of the ring sealed."""
        return [b"\x01" + key for key in self._ciphers if key != self._current]

    def index(self, column: str, value: str) -> bytes:
        """Give the blind index of a normalised value: equal values can be found, none be read."""
        return self.indexes(column, value)[0]

    def indexes(self, column: str, value: str) -> list[bytes]:
        """Give the index under every key, the current first: what to look for during a rekey."""
        text = f"{column}:{value}".encode()
        return [hmac.digest(key, text, "sha256")[:INDEX] for key in self._index_keys]

    def wrap(self, place: str) -> bytes:
        """Make a new patient's key and give it wrapped."""
        return self.seal(secrets.token_bytes(32), place)

    def unwrap(self, wrapped: bytes, place: str) -> PatientKey:
        """Open a wrapped patient's key, or raise Unreadable."""
        return PatientKey(self.open(wrapped, place))

    def sign(self, text: bytes) -> bytes:
        """Sign for chains that nobody without the ring can forge."""
        return self._signatures(text)[0]

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Tell whether a key of the ring, the current or an earlier one, signed this."""
        return any(hmac.compare_digest(signature, one) for one in self._signatures(text))

    def _signatures(self, text: bytes) -> list[bytes]:
        return [hmac.digest(key, b"chain:" + text, "sha256") for key in self._sign_keys]


def ring_of(session: Session | KeyRing) -> KeyRing:
    """Give the ring that this session was opened with."""
    if isinstance(session, KeyRing):
        return session
    ring: KeyRing = session.info["ring"]
    return ring


class Sealed:
    """Gives a record one sealed document; `_own_id` is what ties the document to its row."""

    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    def _own_id(self) -> str:
        return str(self.id)  # type: ignore[attr-defined]  # every record but mail has an id

    def _lock(self, session: Session | KeyRing) -> Lock:
        return ring_of(session)

    @property
    def _place(self) -> str:
        return f"{self.__tablename__}.sealed"  # type: ignore[attr-defined]  # a mapped class

    def write(self, session: Session | KeyRing, **content: Any) -> None:
        """Seal this content in place of what the document said before."""
        # ASCII escapes carry what no encoding would: NUL and lone surrogates from a phone.
        plain = _as_json({"id": self._own_id(), **content}).encode()
        self.sealed = self._lock(session).seal(plain, self._place)

    def read(self, session: Session | KeyRing) -> dict[str, Any]:
        """Open the document (empty when nothing was written), or raise Unreadable."""
        if self.sealed is None:
            return {}
        content: dict[str, Any] = json.loads(self._lock(session).open(self.sealed, self._place))
        if content.pop("id", None) != self._own_id():
            raise Unreadable("the document belongs to another row")
        return content

    def reseal(self, ring: KeyRing) -> None:
        """Seal the same document with the ring's current key; raises Unreadable.

        What a patient's key sealed stays: there the key itself is wrapped anew.
        """
        if self.sealed is not None and self.sealed[: 1 + KEY_ID] in ring.former():
            self.sealed = ring.seal(ring.open(self.sealed, self._place), self._place)


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"telekonsul {purpose}".encode()).derive(key)


def _decrypt(cipher: AESGCM, body: bytes, place: str) -> bytes:
    try:
        return cipher.decrypt(body[:NONCE], body[NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("the value was changed or belongs elsewhere") from error
