"""Points of a minute: whose they are, what is told of them, and what whoever has spent them is answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import structlog

from auth.machines import Machine
from auth.viewers import Viewer
from models.raters import RaterKind
from resolvers.accounts.budgets import Charge
from tests.clients import Client, client_of
from tests.redis import serving_redis
from tests.servers import free_port, serving
from transport.budgets import Budgets, BudgetSpent, HereAlone, Shared
from transport.shares import Shares

SPHERES = "{ spheres { code } }"  # 5 points
VIEWER = Viewer(7, 8, RaterKind.PERSON)
MACHINE = Machine(9, "SHOP", frozenset())
TEN = Shares(10, 10, 10)


@dataclass
class Clock:
    """A time that tests set."""

    now: float = 600.0

    def __call__(self) -> float:
        return self.now


async def test_points_are_taken_until_there_are_none_and_come_back_with_the_minute() -> None:
    clock = Clock(610.5)
    budgets = Budgets(TEN, clock=clock)
    assert await budgets.charge(None, "a", 6) == Charge(cost=6, limit=10, remaining=4, seconds=50)
    with pytest.raises(BudgetSpent) as refused:
        await budgets.charge(None, "a", 5)
    assert refused.value.charge == Charge(cost=5, limit=10, remaining=4, seconds=50)
    # What was refused has taken nothing.
    assert (await budgets.charge(None, "a", 4)).remaining == 0
    clock.now = 660.0
    assert (await budgets.charge(None, "a", 10)).remaining == 0


async def test_each_has_a_budget_of_its_own() -> None:
    budgets = Budgets(Shares(10, 20, 30))
    for asks, address, limit in ((None, "a", 10), (None, "b", 10), (VIEWER, "a", 20), (MACHINE, "a", 30)):
        charge = await budgets.charge(asks, address, 10)
        assert (charge.limit, charge.remaining) == (limit, limit - 10)


async def test_no_limit_counts_nothing() -> None:
    counting = HereAlone()
    charge = await Budgets(Shares(0, 0, 0), counting).charge(None, "a", 10**9)
    assert (charge.limit, charge.remaining, counting) == (None, None, HereAlone())


async def test_what_a_client_is_told(seeded_url: str, tmp_path: Path) -> None:
    async with client_of(seeded_url, tmp_path, points=12) as client:
        answer = await client.query(SPHERES)
        assert answer.response.headers["ratelimit-policy"] == '"points";q=12;w=60'
        assert answer.response.headers["ratelimit"].startswith('"points";r=7;t=')
        told = (await client.query("{ rateLimit { cost limit remaining seconds } }")).data["rateLimit"]
        assert told | {"seconds": 0} == {"cost": 1, "limit": 12, "remaining": 6, "seconds": 0}
        assert 1 <= told["seconds"] <= 60


async def test_whoever_has_spent_them_waits(seeded_url: str, tmp_path: Path) -> None:
    async with client_of(seeded_url, tmp_path, points=9) as client:
        await client.data(SPHERES)
        answer = await client.query(SPHERES)
        assert (answer.response.status_code, answer.refusal) == (429, ("RATE_LIMIT", None))
        assert 1 <= int(answer.response.headers["retry-after"]) <= 60
        assert answer.response.headers["ratelimit"].startswith('"points";r=4;t=')
        assert not client.statements
        # Cheaper things still go, and others have their own.
        assert not (await client.query("{ __typename }")).errors
        assert not (await client.query(SPHERES, token=client.token_for("user-000100"))).errors


async def test_a_refused_change_changes_nothing(clone_url: str, tmp_path: Path) -> None:
    text = "mutation { createAppointmentCode { __typename } }"
    async with client_of(clone_url, tmp_path, points_accounts=19) as client:
        answer = await client.query(text, token=client.token_for("user-000100"))
        assert answer.refusal == ("RATE_LIMIT", None)
        assert not client.statements


async def test_without_a_limit_only_the_cost_is_told(client: Client) -> None:
    answer = await client.query("{ rateLimit { cost limit remaining seconds } spheres { code } }")
    assert answer.data["rateLimit"] == {"cost": 6, "limit": None, "remaining": None, "seconds": None}
    assert "ratelimit" not in answer.response.headers


@pytest.mark.parametrize(("most", "errors"), [(5, []), (4, ["COST_LIMIT"])])
async def test_one_operation_may_cost_so_much(seeded_url: str, tmp_path: Path, most: int, errors: list[str]) -> None:
    async with client_of(seeded_url, tmp_path, cost=most) as client:
        answer = await client.query(SPHERES)
        assert [each["extensions"]["code"] for each in answer.errors] == errors
        assert len(client.statements) == (not errors)


# --- in a flood ---


async def left(budgets: Budgets, address: str) -> int:
    remaining = (await budgets.charge(None, address, 0)).remaining
    assert remaining is not None
    return remaining


async def test_a_flood_of_addresses_takes_no_more_memory_and_frees_nobody() -> None:
    counting = HereAlone()
    budgets = Budgets(Shares(100, 100, 100), counting, Clock())
    assert (await budgets.charge(None, "spender", 99)).remaining == 1
    for number in range(5 * counting.most):
        await budgets.charge(None, f"flood-{number}", 1)
        assert len(counting) <= counting.most
    with pytest.raises(BudgetSpent):
        await budgets.charge(None, "spender", 2)
    # Whoever comes then is charged for hardly anything of others.
    assert await left(budgets, "newcomer") >= 100 - 2 * 5


async def test_who_was_forgotten_gets_nothing_back() -> None:
    counting = HereAlone(most=4)
    budgets = Budgets(TEN, counting, Clock())
    for number in range(4):
        await budgets.charge(None, f"{number}", 5 + number)
    await budgets.charge(None, "flood", 10)
    assert await left(budgets, "0") <= 10 - 5
    with pytest.raises(BudgetSpent):
        await budgets.charge(None, "3", 3)
    # A refusal takes nothing, even of who was forgotten.
    assert (await budgets.charge(None, "3", 2)).remaining == 0


# --- behind proxies ---


def spent(address: str, forwarded: str) -> str:
    """What is left of the budget of whom a header names."""
    answer = httpx.post(f"{address}/graphql", json={"query": SPHERES}, headers={"X-Forwarded-For": forwarded})
    return answer.headers["ratelimit"].partition(";t=")[0]


@pytest.mark.parametrize(("proxies", "left"), [("", "90"), ("127.0.0.1", "95")])
def test_only_configured_proxies_say_who_asks(seeded_url: str, tmp_path: Path, proxies: str, left: str) -> None:
    with serving(seeded_url, tmp_path, PORTAL_PROXIES=proxies, PORTAL_POINTS="100") as server:
        address = f"http://127.0.0.1:{server.port}"
        assert spent(address, "192.0.2.1") == '"points";r=95'
        assert spent(address, "192.0.2.2") == f'"points";r={left}'


# --- several processes ---


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


async def test_processes_count_together_in_redis(redis_url: str) -> None:
    first, second = Shared(redis_url), Shared(redis_url)
    clock = Clock()
    one, other = (Budgets(TEN, each, clock) for each in (first, second))
    try:
        assert (await one.charge(None, "a", 6)).remaining == 4
        with pytest.raises(BudgetSpent):
            await other.charge(None, "a", 5)
        assert (await other.charge(None, "a", 4)).remaining == 0
        clock.now += 60
        assert (await other.charge(None, "a", 1)).remaining == 9
    finally:
        await first.close()
        await second.close()


async def test_without_redis_each_counts_alone() -> None:
    shared = Shared(f"redis://127.0.0.1:{free_port()}")
    budgets = Budgets(TEN, shared, Clock())
    try:
        with structlog.testing.capture_logs() as logs:
            assert (await budgets.charge(None, "a", 6)).remaining == 4
            with pytest.raises(BudgetSpent):
                await budgets.charge(None, "a", 6)
    finally:
        await shared.close()
    # Once a minute is often enough to say so.
    assert [each["event"] for each in logs] == ["budgets are counted by each process alone"]
