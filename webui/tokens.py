"""The tokens that clients must send: how long they must be, and how they are compared."""

from __future__ import annotations

import hashlib
import hmac

LEAST_TOKEN = 16
"""The fewest characters a token may have; a shorter one might be guessed by trying."""


def digest(secret: str) -> bytes:
    """A digest to compare secrets by, of the same length whatever theirs is."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def is_same(sent: str, secret: str) -> bool:
    """Whether two secrets are equal; the time that the comparison takes reveals neither the secret nor its length."""
    return hmac.compare_digest(digest(sent), digest(secret))
