"""What is asked directly and through gateways is valid, and is answered."""

import pytest
from graphql import build_schema, parse, validate

from benchmarks import gateways
from federation.gateway import FEDERATION
from federation.one_stop_shop.schema import schema as one_stop_shop
from tests.clients import Client


@pytest.mark.parametrize("query", [gateways.PAGE, gateways.JOINED])
def test_the_supergraph_takes_what_gateways_are_asked(query: str) -> None:
    supergraph = build_schema((FEDERATION / "supergraph.graphql").read_text(), assume_valid_sdl=True)
    assert validate(supergraph, parse(query)) == []


async def test_the_portal_itself_answers_its_part(client: Client) -> None:
    assert await client.data(gateways.PAGE)
    found = (await client.data(gateways.REFERENCES, them=gateways.REPRESENTATIONS))["_entities"]
    assert len(found) == len(gateways.REPRESENTATIONS)
    assert sum(each is None for each in found) == 2  # the organization and the service that are not registered


async def test_the_one_stop_shop_itself_answers_its_part() -> None:
    result = await one_stop_shop.execute(gateways.CASES_ALONE)
    assert not result.errors
    assert result.data
    assert len(result.data["cases"]) == gateways.NUMBER
