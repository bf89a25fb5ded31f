"""Whatever happens to submissions and organizations, in whatever order, every total is what the scores give."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from auth.viewers import Viewer
from models import counting
from models.database import Database
from models.hierarchies import Hierarchy
from models.raters import RaterKind
from portal.scratch import ScratchServer
from resolvers import closing, merging, relocating
from resolvers.places import Apart, Wanted
from resolvers.problems import Problem
from resolvers.references import OrganizationReference
from tests.exactness import hold_totals

CODES = ("MINISTRY", "REGION", "HOSPITAL", "CLINIC", "CLOSED", "WARD", "SCHOOL", "INSPECTORATE", "LONER")
OPERATOR = """INSERT INTO role_grant (account_id, role, organization_id, hierarchy)
    SELECT account.id, 'OPERATOR', organization.id, 'SUBORDINATION' FROM account, organization
    WHERE account.code = 'citizen-24' AND organization.code = 'LONER' RETURNING account_id"""
# By one of five people, in any of the last months; of a merged organization, for who took it over.
SAY = text("""
    INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, scores, submitted_at, submitted_on)
    SELECT coalesce(merged_into_id, organization.id), account.rater_id, 'PERSON', questionnaire.id, :scores,
           now() - make_interval(months => :months), (now() - make_interval(months => :months))::date
    FROM organization, account, questionnaire
    WHERE organization.code = :code AND account.code = :rater AND questionnaire.code = 'HEALTH' RETURNING id""")
WITHDRAW = text("""
    UPDATE submission SET status = 'WITHDRAWN', status_at = now()
    WHERE status = 'COUNTED' AND id = (SELECT id FROM submission ORDER BY id OFFSET :place LIMIT 1) RETURNING id""")

codes = st.sampled_from(CODES)
scores = st.lists(st.integers(1, 5), min_size=3, max_size=3)
raters = st.sampled_from([f"citizen-{number}" for number in range(1, 6)])
moves = st.tuples(st.just("move"), codes, st.sampled_from(Hierarchy), st.one_of(codes, st.sampled_from(Apart)))
steps = st.one_of(
    st.tuples(st.just("submit"), codes, raters, scores, st.integers(0, 3)),
    st.tuples(st.just("withdraw"), st.integers(0, 12)),
    moves,
    moves,
    st.tuples(st.just("merge"), codes, codes),
    st.tuples(st.just("close"), codes),
    st.tuples(st.just("reopen"), codes),
)


def by_code(code: str) -> OrganizationReference:
    return OrganizationReference(None, code)


@dataclass(frozen=True)
class World:
    """A country, and an operator who may do everything to it."""

    database: Database
    operator: Viewer

    async def submit(self, code: str, rater: str, scores: list[int], months: int) -> None:
        values = {"code": code, "rater": rater, "scores": scores, "months": months}
        async with self.database.transaction() as connection:
            await connection.execute(counting.SHARE_TREES)
            await counting.count(connection, (await connection.execute(SAY, values)).scalar_one())

    async def withdraw(self, place: int) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(counting.SHARE_TREES)
            found = (await connection.execute(WITHDRAW, {"place": place})).scalar_one_or_none()
            if found is not None:
                await counting.uncount(connection, found)

    async def move(self, code: str, hierarchy: Hierarchy, target: str | Apart) -> None:
        wanted = Wanted(apart=target) if isinstance(target, Apart) else Wanted(by_code(target))
        await relocating.move(self.database, self.operator, by_code(code), hierarchy, wanted)

    async def merge(self, code: str, into: str) -> None:
        await merging.merge(self.database, self.operator, by_code(code), by_code(into))

    async def close(self, code: str) -> None:
        await closing.close(self.database, self.operator, by_code(code), None)

    async def reopen(self, code: str) -> None:
        await closing.reopen(self.database, self.operator, by_code(code))


@asynccontextmanager
async def world(url: str) -> AsyncIterator[World]:
    with psycopg.connect(url) as connection:
        ((account,),) = connection.execute(OPERATOR.encode()).fetchall()
    database = Database(url)
    await database.open()
    try:
        yield World(database, Viewer(account, 0, RaterKind.PERSON))
    finally:
        await database.close()


async def hold(scratch: ScratchServer, template: str, history: list[tuple[Any, ...]]) -> None:
    """What is refused changes nothing, which needs no other proof than that all is exact in the end."""
    name = f"portal_history_{secrets.token_hex(4)}_{os.environ['PORTAL_TEST_RUN']}"
    with scratch.temporary(name, template) as url:
        async with world(url) as country:
            for what, *arguments in history:
                with suppress(Problem):
                    await getattr(country, what)(*arguments)
        hold_totals(url)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(history=st.lists(steps, min_size=10, max_size=25))
async def test_every_history_ends_in_exact_totals(
    scratch: ScratchServer, stage_template: str, history: list[tuple[Any, ...]]
) -> None:
    await hold(scratch, stage_template, history)


@pytest.mark.long
@pytest.mark.timeout(0)
@settings(max_examples=1_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(steps, min_size=10, max_size=60))
async def test_long_histories_too(scratch: ScratchServer, stage_template: str, history: list[tuple[Any, ...]]) -> None:
    await hold(scratch, stage_template, history)
