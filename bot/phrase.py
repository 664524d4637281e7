"""The recovery phrase: seventeen plain words on paper, from which alone sealed backups open.

Sixteen words are 16 random bytes, the seventeenth is a check. The bytes give an X25519 key pair
whose public part may lie on the server: it seals, and opens nothing.

    03 | X25519 public key of this one sealing, 32 bytes | AES-256-GCM

Every sealing has a key of its own, so its nonce never repeats.
"""

import difflib
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.content import phrase_words

ENTROPY = 16
"""Bytes, one a word: 128 bits are out of reach of any guessing, so no slow derivation is needed."""
LENGTH = ENTROPY + 1
PUBLIC = 32
_NONCE = bytes(12)


class WrongPhrase(Exception):
    """What was typed is no phrase; `place` counts from 1, `near` is the word that was meant."""

    def __init__(self, place: int = 0, near: str = "") -> None:
        super().__init__(f"word {place}" if place else "the words do not belong together")
        self.place, self.near = place, near


class CannotOpen(Exception):
    """It was sealed for another phrase, or was changed since."""


def fresh() -> tuple[str, ...]:
    """Make a new phrase."""
    return _words(secrets.token_bytes(ENTROPY))


def read(typed: str) -> tuple[str, ...]:
    """Understand a phrase as people type it: any case, numbers and commas between the words.

    Raises WrongPhrase for a word off the list, and for words that do not belong together.
    """
    found = tuple(_letters(typed))
    known = phrase_words()
    for place, word in enumerate(found, start=1):
        if word not in known:
            raise WrongPhrase(place, next(iter(difflib.get_close_matches(word, known, 1)), ""))
    if len(found) != LENGTH or found != _words(_entropy(found)):
        raise WrongPhrase
    return found


def public_of(phrase: tuple[str, ...]) -> bytes:
    """Give the public part of a phrase, 32 bytes."""
    return _private(phrase).public_key().public_bytes_raw()


def seal_to(public: bytes, plain: bytes) -> bytes:
    """Seal bytes so that only the phrase with this public part opens them.

    Raises ValueError for what is no public part.
    """
    own = X25519PrivateKey.generate()
    head = b"\x03" + own.public_key().public_bytes_raw()
    cipher = _cipher(own, public, head + public)
    return head + cipher.encrypt(_NONCE, plain, head)


def open_with(phrase: tuple[str, ...], sealed: bytes) -> bytes:
    """Open what was sealed to this phrase; raises CannotOpen."""
    head, body = sealed[: 1 + PUBLIC], sealed[1 + PUBLIC :]
    private = _private(phrase)
    try:
        if head[:1] != b"\x03":
            raise ValueError("not sealed to a phrase")
        cipher = _cipher(private, head[1:], head + private.public_key().public_bytes_raw())
        return cipher.decrypt(_NONCE, body, head)
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def _cipher(own: X25519PrivateKey, other: bytes, both: bytes) -> AESGCM:
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"telekonsul sealed " + both).derive(shared))


def _private(phrase: tuple[str, ...]) -> X25519PrivateKey:
    derived = HKDF(SHA256(), 32, salt=None, info=b"telekonsul phrase").derive(_entropy(phrase))
    return X25519PrivateKey.from_private_bytes(derived)


def _words(entropy: bytes) -> tuple[str, ...]:
    check = hashlib.sha256(b"telekonsul phrase" + entropy).digest()[:1]
    return tuple(phrase_words()[byte] for byte in entropy + check)


def _entropy(phrase: tuple[str, ...]) -> bytes:
    return bytes(phrase_words().index(word) for word in phrase[:ENTROPY])


def _letters(typed: str) -> list[str]:
    return "".join(one if one.isalpha() else " " for one in typed.lower()).split()
