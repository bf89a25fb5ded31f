"""GraphiQL in a real browser, in front of the real server."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers import serving

EXAMPLES = Path(__file__).parent.parent / "graphiql" / "examples"
ERROR_MARK = "CodeMirror-lint-mark-error"

# Without the flags on the network the browser calls its maker at every start.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
    "--dump-dom",
]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser; root installs it where it is not there yet."""
    if not shutil.which("chromium"):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            pytest.skip("Chromium is not installed.")
        subprocess.run(["apt-get", "update"], check=True, capture_output=True)
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
        subprocess.run(install, check=True, capture_output=True)
    return "chromium"


@pytest.fixture(scope="module")
def address(seeded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the portal answers, on the small demo country."""
    with serving(seeded_url, tmp_path_factory.mktemp("home")) as server:
        yield server.address


@pytest.fixture(scope="module")
def page(chromium: str, address: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as the browser has built it, after the schema has come."""
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    shown = subprocess.run(
        [chromium, *FLAGS, profile, f"{address}/graphql"], capture_output=True, text=True, timeout=100, check=True
    )
    return shown.stdout


def test_every_example_is_a_tab(page: str) -> None:
    for name in ("FindOrganizations", "Ranking", "SummaryAndViewer"):
        assert f">{name}</button>" in page


def test_the_editor_finds_no_error_in_the_first_example(page: str) -> None:
    """So it has fetched the schema, and the example fits it."""
    assert "CodeMirror-line" in page
    assert ERROR_MARK not in page


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.graphql")), ids=lambda path: path.stem)
def test_every_example_is_answered(address: str, example: Path) -> None:
    query = {"query": example.read_text()}
    result = httpx.post(f"{address}/graphql", json=query, headers={"Accept-Language": "en"}, timeout=30).json()
    assert "errors" not in result
    assert all(value != [] for value in result["data"].values())
