"""Gateways are told the truth about which scopes a client needs: those of @requiresScopes, and no others."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLField

from models.clients import ClientScope
from schema.schema import executable
from tests.clients import Client
from tests.least import directed, operation
from tests.systems import EVERYTHING, System, registered

SCHEMA = executable()
# What a system's own token may be limited to that no operation of GraphQL is for.
NOTHING_HERE = ClientScope.TOKENS_INTROSPECT.value
# Of people it demands none, so a gateway that demanded one would refuse whom the portal answers.
OF_SYSTEMS_ALONE = {"Mutation.submitQuestionnaire": "submissions:write"}


def roots() -> Iterator[tuple[str, str, str, GraphQLField]]:
    """All root fields: the kind of their operations, `Type.field`, the field's name and its definition."""
    for kind in ("query", "mutation", "subscription"):
        type_ = getattr(SCHEMA, f"{kind}_type")
        yield from ((kind, f"{type_.name}.{name}", name, field) for name, field in type_.fields.items())


def told() -> dict[str, Any]:
    """The scopes that fields say they require, by type and field: each a list of lists, one of which is enough."""
    return {
        where: [[scope.value for scope in together.values] for together in value.values]
        for where, value in directed("requiresScopes").items()
    }


@pytest.fixture
async def system(writing_client: Client, clone_url: str) -> System:
    return await registered(writing_client, clone_url)


async def missed(system: System, token: str) -> dict[str, str]:
    """The fields that refuse a client for a scope which its token lacks, and that scope."""
    found = {}
    for kind, where, name, field in roots():
        ask = system.client.told if kind == "subscription" else system.client.query
        answer = await ask(*operation(kind, name, field), token)
        for error in answer.errors:
            if scope := re.search(r"scope ([a-z]+:[a-z]+)", error["message"]):
                assert error["extensions"]["code"] == "FORBIDDEN", where
                found[where] = scope[1]
    return found


async def test_who_lacks_a_scope_is_refused_where_the_schema_says_so_and_nowhere_else(system: System) -> None:
    demanded = await missed(system, await system.token(scope=NOTHING_HERE))
    assert told() == {where: [[scope]] for where, scope in demanded.items() if where not in OF_SYSTEMS_ALONE}
    assert OF_SYSTEMS_ALONE.items() <= demanded.items()


async def test_each_scope_alone_is_enough_where_it_is_demanded(system: System) -> None:
    every = await missed(system, await system.token(scope=NOTHING_HERE))
    for scope in EVERYTHING:
        still = await missed(system, await system.token(scope=scope))
        assert still == {where: needed for where, needed in every.items() if needed != scope}
    assert await missed(system, await system.token()) == {}
