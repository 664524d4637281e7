"""The PIN itself: hashed slowly, because it has few values."""

import hashlib
import hmac
import secrets
from itertools import pairwise

LENGTHS = range(4, 7)


def is_easy(pin: str) -> bool:
    """Tell whether a PIN is among those that anybody tries first."""
    steps = {int(later) - int(earlier) for earlier, later in pairwise(pin)}
    return steps in ({0}, {1}, {-1})


def hashed(pin: str) -> dict[str, str]:
    """Give a PIN as it is kept: a salt, and the hash."""
    salt = secrets.token_hex(16)
    return {"salt": salt, "hash": _slow(pin, salt)}


def fits(pin: str, kept: dict[str, str]) -> bool:
    """Tell whether a PIN is the one that is kept."""
    return hmac.compare_digest(_slow(pin, kept["salt"]), kept["hash"])


def _slow(pin: str, salt: str) -> str:
    """A short PIN has few values: each try costs 16 MB and some 40 ms, beside the sealing."""
    return hashlib.scrypt(pin.encode(), salt=salt.encode(), n=2**14, r=8, p=1).hex()
