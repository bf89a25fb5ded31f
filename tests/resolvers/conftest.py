"""What the tests of reads compare the answers with, and the people who write in those of writes."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from portal.scratch import ScratchServer
from tests import suspects
from tests.citizens import Citizen
from tests.clients import Client, client_of
from tests.oracle import Country
from tests.resolvers import breakdown_stage
from tests.stage import id_of


@pytest.fixture(scope="session")
def country(seeded_url: str) -> Country:
    """The demo country's raw rows: the independent source of what is right."""
    return Country(seeded_url)


@pytest.fixture
async def new_citizen(stage_url: str, tmp_path: Path) -> AsyncIterator[Callable[[str | None], Citizen]]:
    """Makes people of a small country of the test's own, by the codes of their accounts."""
    async with client_of(stage_url, tmp_path) as client:
        yield partial(Citizen, client, stage_url)


@pytest.fixture
def form(stage_url: str) -> Callable[..., str]:
    """The global id of a questionnaire of that country, by its code and version."""
    return partial(id_of, stage_url, "Questionnaire")


@pytest.fixture(scope="session")
def suspects_url(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """The small country with the organizations of `tests.suspects`, for reading only."""
    with scratch.temporary(stage_template.replace("stage", f"suspects_{worker_id}"), stage_template) as url:
        suspects.plant(url)
        yield url


@pytest.fixture(scope="session")
def drawn_url(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """The small country of `breakdown_stage`: a test that reads it fills it first."""
    with scratch.temporary(stage_template.replace("stage", f"drawn_{worker_id}"), stage_template) as url:
        breakdown_stage.prepare(url)
        yield url


@pytest.fixture(scope="session")
async def drawn_client(drawn_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """Reads from that country."""
    async with client_of(drawn_url, tmp_path_factory.mktemp("drawn")) as client:
        yield client
