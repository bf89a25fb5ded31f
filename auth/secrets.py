"""Random secrets, of which the database holds digests only."""

import hashlib
import secrets

# 256 bits: nobody guesses them, so a plain digest hides them well enough.
BYTES = 32


def new_secret() -> str:
    """A secret in letters that fit into cookies, links and JSON."""
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> bytes:
    """What is kept of a secret: its SHA-256."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
