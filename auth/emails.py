"""E-mail addresses: one way to write each, and only those that can be written to."""

import re
import unicodedata

MOST = 254
# What stands before the @ in letters that every mail server takes; the domain may be in any script.
FORM = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")


def normal(given: str) -> str | None:
    """An address in its normal form, or None for what is none. Case stays, and makes no difference."""
    email = unicodedata.normalize("NFC", given.strip())
    if len(email) > MOST or not FORM.fullmatch(email):
        return None
    try:
        on_the_wire(email)
    except UnicodeError:
        return None
    return email


def on_the_wire(email: str) -> str:
    """The address with its domain as the domain name system has it (IDNA)."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
