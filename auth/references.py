"""References of other systems, hashed with a key of the portal's own.

A client says whom and which case it means by references of its own: an opaque number, perhaps a person's. They are not
kept. What is kept is a keyed hash for each client, so that the same reference means the same rater or case again, and
another client's equal reference means somebody else. Without the key, which is in no database, nobody can try out
which reference it was; the key is never to change, as nobody would be known again.
"""

import hmac
import uuid

# What the portal's secret key is used for here, so that no hash is one of another use.
PURPOSE = b"references of other systems"


class References:
    """The hashes under a secret key."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, PURPOSE, "sha256")

    def pseudonym(self, *parts: str) -> uuid.UUID:
        """The pseudonym of a rater: the same for the same parts, and random to whoever has no key."""
        return uuid.UUID(bytes=self.digest("rater", *parts)[:16], version=4)

    def digest(self, *parts: str) -> bytes:
        """A hash of 32 bytes. No two lists of parts run into one another, as each tells its length."""
        texts = [part.encode("utf-8", "surrogatepass") for part in parts]
        return hmac.digest(self._key, b"".join(len(text).to_bytes(8, "big") + text for text in texts), "sha256")
