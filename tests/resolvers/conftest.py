"""What the tests of reads compare the answers with."""

import pytest

from tests.oracle import Country


@pytest.fixture(scope="session")
def country(seeded_url: str) -> Country:
    """The demo country's raw rows: the independent source of what is right."""
    return Country(seeded_url)
