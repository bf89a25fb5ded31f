"""Opaque global ids: a type and a key, in URL-safe base64."""

import base64
import binascii

from engine.errors import ArgumentError


def encode(typename: str, key: int) -> str:
    """The global id of an object."""
    return base64.urlsafe_b64encode(f"{typename}:{key}".encode()).rstrip(b"=").decode()


def decode(value: str, argument: str) -> tuple[str, int]:
    """The type and the key in a global id; refuses anything that `encode` could not have made."""
    try:
        padded = value.encode("ascii") + b"=" * (-len(value) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        typename, _, digits = text.partition(":")
        key = int(digits)
    except (ValueError, binascii.Error):
        raise ArgumentError(argument, "is not an id of this API") from None
    if encode(typename, key) != value or not 0 < key < 2**63:
        raise ArgumentError(argument, "is not an id of this API")
    return typename, key


def key_of(value: str, typename: str, argument: str) -> int:
    """The key in the global id of an object of one type; refuses ids of other types."""
    found, key = decode(value, argument)
    if found != typename:
        raise ArgumentError(argument, f"is the id of another type than {typename}")
    return key
