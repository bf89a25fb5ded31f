"""A role that is granted works at once, and one that is revoked ends at once, but not without leaving its mark."""

from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from models.audit import Actor
from models.database import Database
from models.grants import Role
from models.hierarchies import Hierarchy
from resolvers.officials import granting
from resolvers.officials.granting import Office
from resolvers.problems import InvalidInput
from resolvers.sets.references import OrganizationReference
from tests.citizens import Citizen
from tests.officials import Official
from tests.resolvers.submissions.test_withdrawing import submitted
from tests.resolvers.submissions.test_writers_at_once import together

NewCitizen = Callable[[str | None], Citizen]
OFFICE = Office("citizen-20", Role.MODERATOR, OrganizationReference(None, "HOSPITAL"), Hierarchy.SUBORDINATION)
LATER = "UPDATE role_grant SET valid_from = current_date + 9, valid_to = NULL WHERE account_id = (SELECT id FROM account WHERE code = 'citizen-20')"


@pytest.fixture
async def database(stage_url: str) -> AsyncIterator[Database]:
    database = Database(stage_url)
    await database.open()
    yield database
    await database.close()


async def grant(database: Database, office: Office = OFFICE) -> int:
    async with database.transaction() as connection:
        return await granting.grant(connection, Actor(), office, None, None)


async def revoke(database: Database, office: Office = OFFICE) -> None:
    async with database.transaction() as connection:
        await granting.revoke(connection, Actor(), office)


async def test_what_is_granted_may_be_done_until_it_is_revoked(database: Database, new_citizen: NewCitizen) -> None:
    citizen = new_citizen("citizen-9")
    first, second = (
        await submitted(citizen),
        await submitted(citizen, "WARD", answers=[{"question": "solved", "values": ["true"]}]),
    )
    official = Official(citizen.client, citizen.url, "citizen-20")
    await grant(database)
    assert (await official.reject(first))["__typename"] == "RejectSubmissionPayload"
    await revoke(database)
    operation = "mutation($id: ID!) { rejectSubmission(input: {submission: $id, ground: AUTOMATED}) { __typename } }"
    assert (await official.ask(operation, id=second)).refusal == ("FORBIDDEN", None)


async def test_who_held_a_role_cannot_rate_there(database: Database, new_citizen: NewCitizen) -> None:
    official = new_citizen("citizen-20")
    await grant(database)
    await revoke(database)
    for body in ("HOSPITAL", "WARD", "MINISTRY"):
        assert (await official.submit(body, answers=None))["code"] in {"CONFLICT_OF_INTEREST", "ANSWER_MISSING"}
    assert (await official.submit("SCHOOL"))["__typename"] == "SubmitQuestionnairePayload"


async def test_a_role_that_was_revoked_before_it_began_was_never_held(
    database: Database, new_citizen: NewCitizen
) -> None:
    await grant(database)
    with psycopg.connect(new_citizen(None).url) as connection:
        connection.execute(LATER)
    await revoke(database)
    with psycopg.connect(new_citizen(None).url) as connection:
        # Some days later.
        connection.execute(
            "UPDATE role_grant SET valid_from = valid_from - 10, valid_to = valid_to - 10, revoked_at = revoked_at - interval '10 days' WHERE revoked_at IS NOT NULL"
        )
    assert (await new_citizen("citizen-20").submit("HOSPITAL"))["__typename"] == "SubmitQuestionnairePayload"


async def test_granting_a_role_often_at_once_grants_it_once(database: Database) -> None:
    async def granted() -> str:
        try:
            await grant(database)
        except InvalidInput as problem:
            return problem.code
        return "GRANTED"

    results = await together(granted() for _ in range(6))
    assert sorted(results) == ["ALREADY_GRANTED"] * 5 + ["GRANTED"]
