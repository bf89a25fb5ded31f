"""What a session's owner recognises it by."""

import pytest

from auth.agents import family

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (CHROME, "Chrome, Windows"),
        (f"{CHROME} Edg/142.0", "Edge, Windows"),
        (f"{CHROME} OPR/120.0", "Opera, Windows"),
        (CHROME.replace("Safari", "YaBrowser/25.1 Safari"), "Yandex Browser, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/18 Safari/605", "Safari, macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/142 Safari/604", "Chrome, iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("PortalApp/1.2 (build 7)", "PortalApp"),
        ("x" * 500, "x" * 39),
        ("<script>", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_families(agent: str | None, told: str) -> None:
    assert family(agent) == told
