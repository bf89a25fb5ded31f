"""Lists in lists multiply; what could bring too many rows is refused before any statement runs."""

from pathlib import Path

import pytest

from portal.settings import Settings
from tests.clients import Client, client_of

pytestmark = pytest.mark.anyio

THREE_LEVELS = """query ($outer: Int, $inner: Int) { organizations(first: $outer) { nodes {
  subordinates(first: $inner) { nodes { children(first: 50) { nodes { code } } } } } } }"""


@pytest.mark.parametrize(("outer", "inner"), [(100, 11), (21, 50)])
async def test_too_many_rows_are_refused(client: Client, outer: int, inner: int) -> None:
    answer = await client.query(THREE_LEVELS, {"outer": outer, "inner": inner})
    assert [error["extensions"]["code"] for error in answer.errors] == ["ROW_LIMIT"]
    assert f"up to {outer * inner * 50} objects" in answer.errors[0]["message"]
    assert not client.statements


async def test_far_too_many_rows_cost_too_much(seeded_url: str, tmp_path: Path) -> None:
    async with client_of(seeded_url, tmp_path, cost=Settings.model_fields["cost"].default) as client:
        answer = await client.query(THREE_LEVELS, {"outer": 100, "inner": 100})
        assert [error["extensions"]["code"] for error in answer.errors] == ["COST_LIMIT"]
        assert not client.statements


@pytest.mark.parametrize(("outer", "inner"), [(100, 10), (20, 50), (0, 100)])
async def test_as_many_as_allowed_are_answered(client: Client, outer: int, inner: int) -> None:
    assert await client.data(THREE_LEVELS, outer=outer, inner=inner)
    assert len(client.statements) == 1
