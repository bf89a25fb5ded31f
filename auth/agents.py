"""What a client calls itself, shortened to what its owner recognises it by."""

import re

# The first that matches: later ones name themselves for compatibility only.
BROWSERS = {
    "Edg": "Edge",
    "YaBrowser": "Yandex Browser",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
UNKNOWN = "unknown"


def family(user_agent: str | None) -> str:
    """The families of browser and system, or an app's own name; no version, nothing that tells one from another."""
    text = user_agent or ""
    browser, system = _first(BROWSERS, text), _first(SYSTEMS, text)
    if browser:
        return f"{browser}, {system}" if system else browser
    named = re.match(r"[A-Za-z][A-Za-z0-9 ._-]{0,38}", text)
    return named.group().strip() if named else UNKNOWN


def _first(names: dict[str, str], text: str) -> str | None:
    return next((name for mark, name in names.items() if mark in text), None)
