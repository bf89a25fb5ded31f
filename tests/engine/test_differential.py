"""Assembled answers are those that graphql-core completes from the same rows, whatever is asked."""

import os
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.engine.lists import LISTS, hold_list
from tests.engine.net import Net

LONG_MINUTES = "PORTAL_TEST_MINUTES"
# So many answers are compared in every run, at least, so many of documents with other texts, and so many by borrowed plans for other fields.
LEAST = {"compared": 2_000, "other texts": 50, "other leaves": 50}
ORGANIZATION = 'organization(by: {code: "BY-GOV"})'


@pytest.fixture
def catching(net: Net) -> Iterator[Net]:
    """The net, held to have compared enough when a test ends: a net that nothing swims into catches nothing."""
    before = net.counts.copy()
    yield net
    assert all(net.counts[what] - before[what] >= least for what, least in LEAST.items()), net.counts


@pytest.mark.timeout(400)
@settings(
    max_examples=180,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(size=st.integers(1, 40), seed=st.integers(0, 2**32))
async def test_an_answer_is_the_same_in_both_ways(catching: Net, size: int, seed: int) -> None:
    await catching.hold(Random(seed), size)  # noqa: S311 - it is to be repeated


@pytest.mark.parametrize("way", LISTS)
@pytest.mark.parametrize("number", [0, 3])
async def test_a_list_is_the_same_however_it_is_paged(net: Net, way: str, number: int) -> None:
    await hold_list(net, way, net.pools.callers[number])


@pytest.mark.long
@pytest.mark.timeout(0)
async def test_an_answer_is_the_same_for_a_long_time(net: Net, capsys: pytest.CaptureFixture[str]) -> None:
    net.counts.clear()
    first = time.time_ns()
    ends = time.monotonic() + 60 * float(os.environ.get(LONG_MINUTES, "60"))
    seed = first
    while time.monotonic() < ends:
        await net.hold(Random(seed), 1 + seed % 60)  # noqa: S311 - it is to be repeated
        seed += 1
    with capsys.disabled():
        print(f"\nDocuments from seed {first} on: {seed - first}. {dict(net.counts)}")  # noqa: T201 - the count is the result


# What graphql-core completes, and why; every other read is assembled, or `net` fails.
STEPS_BACK = {
    "an argument that is refused": "{ organizations(first: -1) { totalCount } }",
    "one field of many is refused": f'{{ spheres {{ code }} {ORGANIZATION} {{ services(after: "?") {{ totalCount }} }} }}',
    "an id of nothing": '{ node(id: "?") { id } }',
    "introspection": "{ __schema { queryType { name } } }",
    "the schema for a gateway": "{ _service { sdl } }",
    "a reference that is malformed": '{ _entities(representations: [{__typename: "Sphere"}]) { __typename } }',
    "introspection beside a read": '{ spheres { code } __type(name: "Sphere") { name } }',
    "a variable that cannot be null there": 'query($id: ID = "x") { node(id: $id) { id } }',
}
ASSEMBLED = {
    "nothing but the type's name": "{ __typename }",
    "what is not there": '{ organization(by: {code: "NOWHERE"}) { code } organizationsByCode(codes: ["?"]) { code } }',
    "an empty page": "{ organizations(first: 0) { totalCount nodes { code } pageInfo { endCursor } } }",
    "nothing is left of it": "{ spheres @skip(if: true) { code } }",
    "nodes of all types": "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Submission { mark } } }",
}


def variables_of(query: str, net: Net) -> dict[str, Any]:
    return {"id": None} if "$id:" in query else {"ids": net.pools.all_ids} if "$ids" in query else {}


@pytest.mark.parametrize("query", STEPS_BACK.values(), ids=STEPS_BACK)
async def test_what_graphql_core_completes(net: Net, query: str) -> None:
    answered = await net.answered(net.documents.read(query), None, variables_of(query, net), net.pools.callers[0])
    assert answered.steps_back


@pytest.mark.parametrize("query", ASSEMBLED.values(), ids=ASSEMBLED)
async def test_what_is_assembled_though_it_may_look_irregular(net: Net, query: str) -> None:
    answered = await net.answered(net.documents.read(query), None, variables_of(query, net), net.pools.callers[0])
    assert not answered.steps_back
