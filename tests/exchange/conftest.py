"""A country of a few rows, made of the files that the tests change."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from exchange.importing import import_file
from portal.scratch import ScratchServer
from tests.exchange.files import SMALL_COUNTRY, sheet


def _load_small_country(url: str) -> None:
    with TemporaryDirectory() as directory:
        for kind, rows in SMALL_COUNTRY.items():
            report = import_file(url, kind, sheet(Path(directory) / f"{kind}.csv", kind, *rows))
            assert report.inserted == len(rows), (kind, report)


@pytest.fixture(scope="session")
def small_template(scratch: ScratchServer, empty_template: str) -> str:
    """The name of a template that holds the small country."""
    return scratch.prepare(empty_template.replace("empty", "small"), empty_template, _load_small_country)


@pytest.fixture
def small_url(scratch: ScratchServer, small_template: str) -> Iterator[str]:
    """The small country, to write to."""
    with scratch.temporary(_unique(), small_template) as url:
        yield url


@pytest.fixture(scope="session")
def untouched_url(scratch: ScratchServer, small_template: str) -> Iterator[str]:
    """The small country, shared by tests that show, by its digest, that nothing changes."""
    with scratch.temporary(_unique(), small_template) as url:
        yield url


def _unique() -> str:
    return f"portal_small_{secrets.token_hex(4)}_{os.environ['PORTAL_TEST_RUN']}"
