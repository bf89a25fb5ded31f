"""Whatever happens to submissions, organizations and policies, in whatever order, every answer is what the scores give."""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from auth.viewers import Viewer
from engine.meanings.global_ids import encode
from models import counting
from models.database import Database
from models.hierarchies import Hierarchy
from models.policies import PolicyName
from models.raters import RaterKind
from models.rulings import RejectionGround
from models.submissions import Channel
from portal.scratch import ScratchServer
from resolvers.policies import setting_policies
from resolvers.problems import Problem
from resolvers.register import closing, merging, relocating
from resolvers.register.places import Apart, Wanted
from resolvers.sets.references import OrganizationReference
from resolvers.submissions import moderating, submitting
from resolvers.submissions.authors import Account
from resolvers.submissions.drafts import Draft, Scored
from tests.clients import client_of
from tests.exactness import hold_answers, hold_totals

CODES = ("MINISTRY", "REGION", "HOSPITAL", "CLINIC", "CLOSED", "WARD", "SCHOOL", "INSPECTORATE", "LONER")
# One account may do everything to the register and the policies, and moderates whatever stands anywhere: since long
# ago, as today may be yesterday again in another time zone.
OFFICIAL = """INSERT INTO role_grant (account_id, role, organization_id, hierarchy, valid_from)
    SELECT account.id, given.role::role, organization.id, 'SUBORDINATION', '2020-01-01'
    FROM account, organization, (VALUES ('OPERATOR'), ('MODERATOR')) AS given (role)
    WHERE account.code = 'citizen-24' AND (given.role = 'MODERATOR' OR organization.code = 'LONER') RETURNING account_id"""
# By one of five people, at any hour of a day of the last months; of a merged organization, for who took it over.
SAY = text("""
    INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, channel, scores, submitted_at, submitted_on)
    SELECT coalesce(merged_into_id, organization.id), account.rater_id, 'PERSON', questionnaire.id, :channel, :scores,
           moment, (moment AT TIME ZONE (policy_value('TIME_ZONE') #>> '{}'))::date
    FROM organization, account, questionnaire, timezone('UTC', now()) AS clock,
         timezone('UTC', clock - make_interval(months => :months, hours => :hours)) AS moment
    WHERE organization.code = :code AND account.code = :rater AND questionnaire.code = 'HEALTH' RETURNING id""")
# What a rater has said of an organization, or of who took it over, and what the interval is.
SAID = text("""
    SELECT submitted_at, (SELECT policy_value('REPEAT_INTERVAL_HOURS')::int) AS hours
    FROM submission JOIN account USING (rater_id)
    JOIN organization ON submission.organization_id = coalesce(merged_into_id, organization.id)
    WHERE account.code = :rater AND organization.code = :code AND status <> 'WITHDRAWN'""")
PERSON = text("""
    SELECT account.id, rater_id, questionnaire.id AS form FROM account, questionnaire
    WHERE account.code = :rater AND questionnaire.code = 'HEALTH'""")
DATED = """
    SELECT submitted_at, submitted_on, (SELECT value #>> '{}' FROM policy
        WHERE name = 'TIME_ZONE' AND valid_from <= submitted_at ORDER BY valid_from DESC LIMIT 1)
    FROM submission WHERE idempotency_key IS NOT NULL"""
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
# At any moment there are two dates among these; an interval reaches back to none, some or all of what was said.
ZONES = ("Pacific/Kiritimati", "Europe/Minsk", "Pacific/Niue")
HOURS = (0, 1, 24, 1000, 8760)
# What refuses a submission whenever it comes.
UNFIT = {"ORGANIZATION_CLOSED", "QUESTIONNAIRE_DOES_NOT_APPLY"}

# Whoever closes today, where the day begins first, closes tomorrow where it begins last.
CLOSING_TOMORROW = [
    ("reopen", "CLOSED"),
    ("decide", PolicyName.TIME_ZONE, ZONES[0]),
    ("close", "CLOSED"),
    ("decide", PolicyName.TIME_ZONE, ZONES[-1]),
]

codes = st.sampled_from(CODES)
scores = st.lists(st.integers(1, 5), min_size=3, max_size=3)
raters = st.sampled_from([f"citizen-{number}" for number in range(1, 6)])
moves = st.tuples(st.just("move"), codes, st.sampled_from(Hierarchy), st.one_of(codes, st.sampled_from(Apart)))
channels = st.sampled_from([None, "ONLINE", "PHONE"])
submissions = st.tuples(st.just("submit"), codes, raters, scores, channels, st.integers(0, 3), st.integers(0, 23))
steps = st.one_of(
    submissions,
    submissions,
    st.tuples(st.just("rate"), codes, raters, scores, channels),
    st.tuples(st.just("withdraw"), st.integers(0, 12)),
    st.tuples(st.just("reject"), st.integers(0, 12)),
    st.tuples(st.just("restore"), st.integers(0, 12)),
    st.tuples(st.just("decide"), st.sampled_from(POLICIES), st.integers(1, 5)),
    st.tuples(st.just("decide"), st.just(PolicyName.REPEAT_INTERVAL_HOURS), st.sampled_from(HOURS)),
    st.tuples(st.just("decide"), st.just(PolicyName.TIME_ZONE), st.sampled_from(ZONES)),
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

    async def submit(
        self, code: str, rater: str, scores: list[int], channel: str | None, months: int, hours: int
    ) -> None:
        """Count what was said some months and hours ago, as an import would."""
        values = {"code": code, "rater": rater, "scores": scores, "channel": channel, "months": months, "hours": hours}
        async with self.database.transaction() as connection:
            await connection.execute(counting.SHARE_TREES)
            await counting.count(connection, (await connection.execute(SAY, values)).scalar_one())

    async def rate(self, code: str, rater: str, scores: list[int], channel: str | None) -> None:
        """Submit by now, which is refused as too soon exactly where the interval since what was said before says so."""
        async with self.database.transaction() as connection:
            person = (await connection.execute(PERSON, {"rater": rater})).one()
            said = (await connection.execute(SAID, {"rater": rater, "code": code})).all()
        is_soon = any(each.submitted_at + timedelta(hours=each.hours) > datetime.now(UTC) for each in said)
        author = Account(Viewer(person.id, person.rater_id, RaterKind.PERSON))
        draft = _draft(code, encode("Questionnaire", person.form), scores, channel)
        refused = None
        try:
            await submitting.submit(self.database, author, draft)
        except Problem as problem:
            refused = problem.code
        assert refused in ({"TOO_SOON"} if is_soon else {None}) | UNFIT

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


def _draft(code: str, form: str, scores: list[int], channel: str | None) -> Draft:
    given = [Scored(criterion, score) for criterion, score in zip(("PLAIN", "POLITE", "CLEAN"), scores, strict=True)]
    said = Draft(None, code, form, None, None, None, given, [], None, False, None, None, secrets.token_hex(8))
    return said if channel is None else replace(said, channel=Channel(channel))


def hold_dates(url: str) -> None:
    """Whatever was submitted has the date of its moment in the time zone of that moment, for good."""
    with psycopg.connect(url) as connection:
        for moment, day, zone in connection.execute(DATED.encode()):
            assert day == moment.astimezone(ZoneInfo(zone)).date()


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
        hold_dates(url)
        async with client_of(url, home) as client:
            await hold_answers(client, url)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(history=st.lists(steps, min_size=10, max_size=25))
@example(history=CLOSING_TOMORROW)
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
