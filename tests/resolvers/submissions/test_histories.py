"""Whatever happens to submissions, organizations and policies, in whatever order, every answer is what the scores give."""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from auth.viewers import Viewer
from engine.global_ids import encode
from models import counting
from models.database import Database
from models.hierarchies import Hierarchy
from models.policies import PolicyName
from models.raters import RaterKind
from models.rulings import RejectionGround
from portal.scratch import ScratchServer
from resolvers.policies import setting_policies
from resolvers.problems import Problem
from resolvers.register import closing, merging, relocating
from resolvers.register.places import Apart, Wanted
from resolvers.sets.references import OrganizationReference
from resolvers.submissions import moderating
from tests.clients import client_of
from tests.exactness import hold_answers, hold_totals

CODES = ("MINISTRY", "REGION", "HOSPITAL", "CLINIC", "CLOSED", "WARD", "SCHOOL", "INSPECTORATE", "LONER")
# One account may do everything to the register and the policies, and moderates whatever stands anywhere.
OFFICIAL = """INSERT INTO role_grant (account_id, role, organization_id, hierarchy)
    SELECT account.id, given.role::role, organization.id, 'SUBORDINATION'
    FROM account, organization, (VALUES ('OPERATOR'), ('MODERATOR')) AS given (role)
    WHERE account.code = 'citizen-24' AND (given.role = 'MODERATOR' OR organization.code = 'LONER') RETURNING account_id"""
# By one of five people, in any of the last months; of a merged organization, for who took it over.
SAY = text("""
    INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, channel, scores, submitted_at, submitted_on)
    SELECT coalesce(merged_into_id, organization.id), account.rater_id, 'PERSON', questionnaire.id, :channel, :scores,
           now() - make_interval(months => :months), (now() - make_interval(months => :months))::date
    FROM organization, account, questionnaire
    WHERE organization.code = :code AND account.code = :rater AND questionnaire.code = 'HEALTH' RETURNING id""")
WITHDRAW = text("""
    UPDATE submission SET status = 'WITHDRAWN', status_at = now()
    WHERE status = 'COUNTED' AND id = (SELECT id FROM submission ORDER BY id OFFSET :place LIMIT 1) RETURNING id""")
AT_PLACE = text("SELECT id FROM submission ORDER BY id OFFSET :place LIMIT 1")
# What changes answers about what was said before, or what is said from then on.
POLICIES = [
    PolicyName.MIN_RATERS,
    PolicyName.CREDIBLE_PRIOR,
    PolicyName.SMALL_GROUP_RATERS,
    PolicyName.SATISFACTION_MARK,
]

codes = st.sampled_from(CODES)
scores = st.lists(st.integers(1, 5), min_size=3, max_size=3)
raters = st.sampled_from([f"citizen-{number}" for number in range(1, 6)])
moves = st.tuples(st.just("move"), codes, st.sampled_from(Hierarchy), st.one_of(codes, st.sampled_from(Apart)))
channels = st.sampled_from([None, "ONLINE", "PHONE"])
submissions = st.tuples(st.just("submit"), codes, raters, scores, channels, st.integers(0, 3))
steps = st.one_of(
    submissions,
    submissions,
    st.tuples(st.just("withdraw"), st.integers(0, 12)),
    st.tuples(st.just("reject"), st.integers(0, 12)),
    st.tuples(st.just("restore"), st.integers(0, 12)),
    st.tuples(st.just("decide"), st.sampled_from(POLICIES), st.integers(1, 5)),
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
    """A country, and an official who may do everything to it."""

    database: Database
    official: Viewer

    async def submit(self, code: str, rater: str, scores: list[int], channel: str | None, months: int) -> None:
        values = {"code": code, "rater": rater, "scores": scores, "channel": channel, "months": months}
        async with self.database.transaction() as connection:
            await connection.execute(counting.SHARE_TREES)
            await counting.count(connection, (await connection.execute(SAY, values)).scalar_one())

    async def withdraw(self, place: int) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(counting.SHARE_TREES)
            found = (await connection.execute(WITHDRAW, {"place": place})).scalar_one_or_none()
            if found is not None:
                await counting.uncount(connection, found)

    async def reject(self, place: int) -> None:
        await moderating.reject(
            self.database, self.official, await self._submission(place), RejectionGround.AUTOMATED, None
        )

    async def restore(self, place: int) -> None:
        await moderating.restore(self.database, self.official, await self._submission(place), None)

    async def _submission(self, place: int) -> str:
        async with self.database.transaction() as connection:
            key = (await connection.execute(AT_PLACE, {"place": place})).scalar_one_or_none()
        return encode("Submission", key or 0)

    async def decide(self, policy: PolicyName, value: int) -> None:
        await setting_policies.set_policy(self.database, self.official, policy, str(value), None)

    async def move(self, code: str, hierarchy: Hierarchy, target: str | Apart) -> None:
        wanted = Wanted(apart=target) if isinstance(target, Apart) else Wanted(by_code(target))
        await relocating.move(self.database, self.official, by_code(code), hierarchy, wanted)

    async def merge(self, code: str, into: str) -> None:
        await merging.merge(self.database, self.official, by_code(code), by_code(into))

    async def close(self, code: str) -> None:
        await closing.close(self.database, self.official, by_code(code), None)

    async def reopen(self, code: str) -> None:
        await closing.reopen(self.database, self.official, by_code(code))


@asynccontextmanager
async def world(url: str) -> AsyncIterator[World]:
    with psycopg.connect(url) as connection:
        account = connection.execute(OFFICIAL.encode()).fetchall()[0][0]
    database = Database(url)
    await database.open()
    try:
        yield World(database, Viewer(account, 0, RaterKind.PERSON))
    finally:
        await database.close()


async def hold(scratch: ScratchServer, template: str, home: Path, history: list[tuple[Any, ...]]) -> None:
    """What is refused changes nothing, which needs no other proof than that all is exact in the end."""
    name = f"portal_history_{secrets.token_hex(4)}_{os.environ['PORTAL_TEST_RUN']}"
    with scratch.temporary(name, template) as url:
        async with world(url) as country:
            for what, *arguments in history:
                with suppress(Problem):
                    await getattr(country, what)(*arguments)
        hold_totals(url)
        async with client_of(url, home) as client:
            await hold_answers(client, url)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(history=st.lists(steps, min_size=10, max_size=25))
async def test_every_history_ends_in_exact_answers(
    scratch: ScratchServer, stage_template: str, tmp_path: Path, history: list[tuple[Any, ...]]
) -> None:
    await hold(scratch, stage_template, tmp_path, history)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_long_histories_too(scratch: ScratchServer, stage_template: str, tmp_path: Path) -> None:
    ends = time.monotonic() + 60 * float(os.environ.get("PORTAL_TEST_MINUTES", "60"))

    @settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(history=st.lists(steps, min_size=10, max_size=60))
    def some(history: list[tuple[Any, ...]]) -> None:
        asyncio.run(hold(scratch, stage_template, tmp_path, history))

    while time.monotonic() < ends:
        some()
