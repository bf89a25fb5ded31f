"""The credible value in bigints, against exact fractions, up to numbers that no country will have."""

from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Engine, column, select, true, values

from models import policies
from models.database import engine_for
from models.policies import PolicyName
from models.submissions import MARK_UNITS
from resolvers.rankings import credibility

# As seeded: the policy's first value.
PRIOR = 10
MOST = 10**10


@pytest.fixture(scope="module")
def engine(seeded_url: str) -> Engine:
    return engine_for(seeded_url)


def tallies() -> st.SearchStrategy[list[tuple[int, int, bool]]]:
    """Organizations as their number of submissions, the sum of their marks in units, and whether that is withheld."""
    number = st.integers(0, 20) | st.integers(0, MOST)
    mean = st.integers(MARK_UNITS, 5 * MARK_UNITS)
    tally = st.builds(lambda n, units, withheld: (n, n * units, withheld), number, mean, st.booleans())
    return st.lists(tally, min_size=1, max_size=6)


def expected(n: int, units: int, told: list[tuple[int, int, bool]]) -> int | None:
    """The value in hundredths; none without submissions, or where there is no mean to draw toward."""
    count = sum(each[0] for each in told)
    if not (n and count):
        return None
    set_mean = Fraction(sum(each[1] for each in told), count * MARK_UNITS)
    exact = (PRIOR * set_mean + Fraction(units, MARK_UNITS)) / (PRIOR + n)
    return floor(100 * exact + Fraction(1, 2))


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=tallies())
@example(found=[(MOST, 5 * MARK_UNITS * MOST, False)] * 6)
def test_a_value_is_exact(engine: Engine, found: list[tuple[int, int, bool]]) -> None:
    columns: list[Any] = [column("submissions", BigInteger), column("mark_sum", BigInteger)]
    tally = values(*columns, column("withheld", Boolean), name="tally").data(found)
    prior = credibility.prior_of(tally, policies.whole(PolicyName.CREDIBLE_PRIOR))
    with engine.connect() as connection:
        query = select(tally.c.submissions, tally.c.mark_sum, credibility.value(tally, prior))
        rows = connection.execute(query.select_from(tally.join(prior, true()))).all()
    told = [each for each in found if not each[2]]
    assert sorted((n, units) for n, units, _ in rows) == sorted((n, units) for n, units, _ in found)
    assert [value for _, _, value in rows] == [expected(n, units, told) for n, units, _ in rows]
