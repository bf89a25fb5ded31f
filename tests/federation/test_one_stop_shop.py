"""The example of another team's graph, by itself."""

from typing import Any

import pytest

from federation.one_stop_shop.cases import CASES, COUNTERS, ORGANIZATIONS, minutes_to_wait
from federation.one_stop_shop.schema import schema

ENTITIES = """query($them: [_Any!]!) { _entities(representations: $them) {
    ... on Organization { code waitingMinutes counters { number } } ... on Case { number counter } } }"""


async def entity(**representation: Any) -> Any:
    result = await schema.execute(ENTITIES, {"them": [representation]})
    assert not result.errors
    assert result.data
    return result.data["_entities"][0]


async def test_each_case_is_at_a_counter_of_its_organization() -> None:
    for case in CASES:
        assert case.counter in [each.number for each in COUNTERS[case.organization]]


async def test_nobody_waits_where_it_is_closed_or_has_no_counters() -> None:
    code = ORGANIZATIONS[0]
    assert minutes_to_wait(code)
    for representation, minutes in (
        ({"code": code, "closedOn": None}, minutes_to_wait(code)),
        ({"code": code, "closedOn": "2026-01-31"}, None),
        ({"code": "ELSEWHERE", "closedOn": None}, None),
    ):
        assert (await entity(__typename="Organization", **representation))["waitingMinutes"] == minutes


@pytest.mark.parametrize(("number", "found"), [("2026-0007", {"number": "2026-0007", "counter": 1}), ("?", None)])
async def test_a_case_is_found_by_its_number(number: str, found: Any) -> None:
    assert await entity(__typename="Case", number=number) == found
