"""The people of a loop: an author, and the head and staff of the hospital that was rated."""

from collections.abc import Callable

import pytest

from tests.citizens import Citizen
from tests.voices import Voice, official, voice


@pytest.fixture
def author(new_citizen: Callable[[str | None], Citizen]) -> Voice:
    return voice(new_citizen("citizen-9"), "citizen-9")


@pytest.fixture
def head(author: Voice) -> Voice:
    """Who runs the hospital."""
    return voice(author, "head")


@pytest.fixture
def staff(author: Voice) -> Voice:
    """Who works there."""
    return official(author, "citizen-20", "STAFF", "HOSPITAL")


@pytest.fixture
def moderator(author: Voice) -> Voice:
    """Who moderates everything below the ministry."""
    return official(author, "citizen-21", "MODERATOR", "MINISTRY")
