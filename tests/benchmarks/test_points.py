"""Points are held against the work that they stand for."""

import pytest

from benchmarks.points.__main__ import POINT, Priced, measured, rank_correlation, table
from benchmarks.points.questions import operations


async def test_all_operations_are_measured(seeded_url: str) -> None:
    found = await measured(seeded_url, rounds=1)
    assert found.keys() == operations().keys()
    assert all(each.points > 0 and each.milliseconds > 0 for each in found.values())
    assert table(found).row_count == len(found)


def test_a_ratio_of_one_is_what_points_stand_for() -> None:
    assert Priced(100, 100 * POINT).ratio == 1
    assert Priced(100, 300 * POINT).ratio == pytest.approx(3)
    # Less than a round trip is no difference.
    assert Priced(1, 0.01).ratio == 1


def test_the_order_is_compared_by_places() -> None:
    prices = {name: Priced(points, ms) for name, points, ms in (("a", 1, 1), ("b", 2, 50), ("c", 3, 51))}
    assert rank_correlation(prices) == pytest.approx(1)
    assert rank_correlation({**prices, "d": Priced(0, 99)}) < 0.5
