"""Breakdowns, against plain fractions over the raw submissions: every cell of whatever is asked."""

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.clients import Client
from tests.oracle_breakdowns import Breakdowns
from tests.resolvers import breakdown_stage
from tests.resolvers.breakdown_questions import Question, questions, slices
from tests.resolvers.breakdown_stage import Drawn, drawn

ORGANIZATIONS = ["BY-GOV", "BY-GOV-HEALTH", "BY-GOV-FINANCE", "BY-MI-EXEC", "BY-HM-EXEC"]
SPHERES = ["HEALTH", "SCHOOL", "POST", "FINANCE"]
DAYS = [date(2024, 12, 31), *(date(2026, month, day) for month in (1, 2, 3, 9) for day in (1, 6, 28))]
SERVICES = ["HEALTH-POLYCLINIC-CARE", "FINANCE-BANK-LOAN"]
CRITERIA = ["COURTESY", "COMFORT", "ATTENTION"]

drawing = settings(
    max_examples=20,
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


@drawing
@given(question=questions(ORGANIZATIONS, SPHERES, slices(DAYS, SERVICES, CRITERIA)))
async def test_cells_of_the_demo(client: Client, breakdowns: Breakdowns, question: Question) -> None:
    assert await question.answer(client) == question.expected(breakdowns)
    assert len(client.statements) == 1


# Three questions about each country, as making one takes longer than to ask.
asked_of_drawn = st.lists(
    questions(
        breakdown_stage.ORGANIZATIONS,
        ["HEALTH", "SCHOOL"],
        slices(breakdown_stage.DAYS, breakdown_stage.SERVICES, breakdown_stage.CRITERIA),
    ),
    min_size=3,
    max_size=3,
)


@drawing
@given(submissions=drawn(), asked=asked_of_drawn)
async def test_cells_of_drawn_submissions(
    drawn_client: Client, drawn_url: str, submissions: list[Drawn], asked: list[Question]
) -> None:
    await hold(drawn_client, drawn_url, submissions, asked)


@pytest.mark.long
@pytest.mark.timeout(0)
@settings(drawing, max_examples=1000, derandomize=False)
@given(submissions=drawn(), asked=asked_of_drawn)
async def test_cells_of_many_drawn_submissions(
    drawn_client: Client, drawn_url: str, submissions: list[Drawn], asked: list[Question]
) -> None:
    await hold(drawn_client, drawn_url, submissions, asked)


async def hold(client: Client, url: str, submissions: list[Drawn], asked: list[Question]) -> None:
    breakdown_stage.fill(url, submissions)
    breakdowns = Breakdowns(url)
    for question in asked:
        assert await question.answer(client) == question.expected(breakdowns)
