"""The net catches what it is there for: the engine is broken in many ways, and each is seen."""

from random import Random

import pytest

from tests.engine.faults import ASSEMBLER, PLANNER, Fault
from tests.engine.lists import LISTS, hold_list
from tests.engine.net import Net

FAULTS = {**ASSEMBLER, **PLANNER}
LARGE, SMALL = 150, 100


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_fault_is_caught(net: Net, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong = fault
    monkeypatch.setattr(owner, name, wrong(getattr(owner, name)))
    broken = Net(net.database, net.pools, net.schema)  # with no plan that was made before
    with pytest.raises(AssertionError):
        await hold_much(broken)


async def test_nothing_is_caught_where_there_is_no_fault(net: Net) -> None:
    """Or the test above would say nothing."""
    await hold_much(Net(net.database, net.pools, net.schema), 15, 15)


async def hold_much(net: Net, large: int = LARGE, small: int = SMALL) -> None:
    for way in LISTS:
        await hold_list(net, way, net.pools.callers[0])
    for seed in range(large + small):
        # Large documents have more in them, small ones come upon each other's plans.
        await net.hold(Random(seed), 1 + seed % (40 if seed < large else 6))  # noqa: S311 - it is to be repeated
