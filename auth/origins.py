"""Whose page asks: a browser's own word, which no page can change, keeps other sites from using a cookie.

Every request that a cookie signs in must come from the portal's own pages (docs/permissions.md).
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

# What browsers send for the portal's own pages, and for an address that was typed in.
OWN_SITES = ("same-origin", "none")


def is_own(headers: Mapping[str, str], own: frozenset[str]) -> bool:
    """Whether the page that asks is of one of the own origins.

    Browsers send Origin with every POST, and with whatever another origin may read; where it is
    missing, Sec-Fetch-Site tells as much. Whoever sends neither is no browser of today.
    """
    origin = headers.get("origin")
    if origin is not None:
        return origin in own
    return headers.get("sec-fetch-site") in OWN_SITES


def origin_of(url: str) -> str:
    """The origin of a URL, as browsers write it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
