"""Officials of `tests.stage`: citizens who are appointed to a role, over the real application."""

from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from tests.citizens import DONE, PROBLEM, Citizen, result
from tests.clients import Answer

SEEN = """query($id: ID!) {
    node(id: $id) { ... on Submission { status events { kind at on ground note moderator } } }
}"""
APPOINT: LiteralString = """INSERT INTO role_grant (account_id, role, organization_id, hierarchy, valid_from)
    SELECT account.id, %s::role, organization.id, %s::hierarchy, '2015-01-01' FROM account, organization
    WHERE account.code = %s AND organization.code = %s"""
REJECT = f"""mutation($input: RejectSubmissionInput!) {{
    rejectSubmission(input: $input) {{ __typename {PROBLEM} ... on RejectSubmissionPayload {{ {DONE} }} }} }}"""
RESTORE = f"""mutation($input: RestoreSubmissionInput!) {{
    restoreSubmission(input: $input) {{ __typename {PROBLEM} ... on RestoreSubmissionPayload {{ {DONE} }} }} }}"""


@dataclass(frozen=True)
class Official(Citizen):
    """Somebody who may hold a role; without one, this is a citizen who tries what officials do."""

    async def ask(self, operation: str, **variables: Any) -> Answer:
        """The whole answer to an operation."""
        return await self._ask(operation, variables)

    async def reject(self, submission: str, ground: str = "AUTOMATED", note: str | None = None) -> Any:
        """The result of rejecting a submission: a payload or a problem."""
        return result(await self.ask(REJECT, input={"submission": submission, "ground": ground, "note": note}))

    async def restore(self, submission: str, note: str | None = None) -> Any:
        """The result of restoring a submission: a payload or a problem."""
        return result(await self.ask(RESTORE, input={"submission": submission, "note": note}))


def appointed(
    citizen: Citizen, account: str | None, role: str, organization: str, hierarchy: str = "SUBORDINATION"
) -> Official:
    """The holder of an account, from now on (and for long) with a role, in the country of another citizen."""
    with psycopg.connect(citizen.url) as connection:
        assert connection.execute(APPOINT, [role, hierarchy, account, organization]).rowcount == 1
    return Official(citizen.client, citizen.url, account)


async def seen(viewer: Official, submission: str) -> Any:
    """A submission and its life as somebody sees them; None for not at all."""
    return (await viewer.ask(SEEN, id=submission)).data["node"]
