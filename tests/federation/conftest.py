"""Both graphs and the gateways before them, started once a worker."""

from collections.abc import Iterator

import pytest

from tests.federation.graphs import Portal, Shop, Supergraph


@pytest.fixture(scope="session")
def portal(seeded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal.serving(seeded_url, tmp_path_factory.mktemp("home")) as portal:
        yield portal


@pytest.fixture(scope="session")
def shop(portal: Portal) -> Iterator[Shop]:
    shop = Shop(portal.issuer)
    shop.start()
    yield shop
    shop.stop()


@pytest.fixture(scope="session", params=["apollo", pytest.param("hive", marks=pytest.mark.long)])
def supergraph(request: pytest.FixtureRequest, portal: Portal, shop: Shop) -> Iterator[Supergraph]:
    """Hive Gateway is half a gigabyte of packages."""
    with Supergraph.behind(request.param, portal, shop) as supergraph:
        yield supergraph
