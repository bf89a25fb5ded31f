"""Breakdowns, against plain fractions over the raw submissions: every cell of whatever is asked."""

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.clients import Client
from tests.oracle_breakdowns import Breakdowns
from tests.resolvers.breakdown_questions import Question, questions, slices

ORGANIZATIONS = ["BY-GOV", "BY-GOV-HEALTH", "BY-GOV-FINANCE", "BY-MI-EXEC", "BY-HM-EXEC"]
SPHERES = ["HEALTH", "SCHOOL", "POST", "FINANCE"]
DAYS = [date(2024, 12, 31), *(date(2026, month, day) for month in (1, 2, 3, 9) for day in (1, 6, 28))]
CRITERIA = ["COURTESY", "COMFORT", "ATTENTION"]
SERVICES = ["HEALTH-POLYCLINIC-CARE", "FINANCE-BANK-LOAN"]

drawn = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="session")
def breakdowns(seeded_url: str) -> Breakdowns:
    """The demo country's raw rows."""
    return Breakdowns(seeded_url)


@drawn
@given(question=questions(ORGANIZATIONS, SPHERES, slices(DAYS, SERVICES, CRITERIA)))
async def test_every_cell_is_exact(client: Client, breakdowns: Breakdowns, question: Question) -> None:
    assert await question.answer(client) == question.expected(breakdowns)
    assert len(client.statements) == 1
