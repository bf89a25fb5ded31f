"""Whether a viewer may submit for an organization, and if not why and from when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.clients import Client

POLYCLINIC = "BY-HO-06-HEALTH-POLYCLINIC-1"
ELIGIBILITY = "query($code: String!) { organization(by: {code: $code}) { eligibility { allowed reason nextAt } } }"
ALLOWED = {"allowed": True, "reason": None, "nextAt": None}
# Submits what the viewer has never: the scores of somebody else, at a given time.
SUBMIT = """
INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, scores, submitted_at, submitted_on,
                        status, status_at)
SELECT organization_id, account.rater_id, rater_kind, questionnaire_id, scores, %(at)s, %(at)s,
       %(status)s, now()
FROM submission, account
WHERE account.code = %(account)s
  AND organization_id = (SELECT id FROM organization WHERE code = %(organization)s) LIMIT 1"""
GRANT = """
INSERT INTO role_grant (account_id, role, organization_id, hierarchy, valid_from, valid_to)
SELECT account.id, 'STAFF', organization.id, 'SUBORDINATION', CURRENT_DATE - 1000, %(until)s
FROM account, organization WHERE account.code = %(account)s AND organization.code = %(organization)s"""


@pytest.fixture
def citizen(clone_url: str) -> str:
    """The code of an account that holds no role."""
    with psycopg.connect(clone_url) as connection:
        row: Any = connection.execute(
            "SELECT code FROM account WHERE id NOT IN (SELECT account_id FROM role_grant) ORDER BY code LIMIT 1"
        ).fetchone()
    code: str = row[0]
    return code


async def eligibility(client: Client, account: str | None, code: str = POLYCLINIC) -> Any:
    token = None if account is None else client.token_for(account)
    answer = await client.query(ELIGIBILITY, {"code": code}, token=token)
    return answer.data["organization"]["eligibility"]


def submit(url: str, account: str, ago: timedelta, status: str = "COUNTED") -> datetime:
    at = datetime.now(UTC) - ago
    values = {"at": at, "account": account, "organization": POLYCLINIC, "status": status}
    with psycopg.connect(url) as connection:
        assert connection.execute(SUBMIT, values).rowcount == 1
    return at


def grant(url: str, account: str, organization: str, days_ago: int | None) -> None:
    until = None if days_ago is None else datetime.now(UTC).date() - timedelta(days=days_ago)
    with psycopg.connect(url) as connection:
        values = {"account": account, "organization": organization, "until": until}
        assert connection.execute(GRANT, values).rowcount == 1


async def test_a_citizen_may_submit(writing_client: Client, citizen: str) -> None:
    assert await eligibility(writing_client, citizen) == ALLOWED


async def test_nobody_in_particular_has_to_sign_in(client: Client) -> None:
    assert await eligibility(client, None) == {"allowed": False, "reason": "SIGN_IN_REQUIRED", "nextAt": None}


async def test_a_closed_organization_takes_no_submissions(client: Client, seeded_url: str) -> None:
    with psycopg.connect(seeded_url) as connection:
        ((code,),) = connection.execute("SELECT code FROM organization WHERE closed_on IS NOT NULL LIMIT 1").fetchall()
    closed = {"allowed": False, "reason": "ORGANIZATION_CLOSED", "nextAt": None}
    assert await eligibility(client, None, code) == closed
    assert await eligibility(client, "user-000001", code) == closed


async def test_who_has_just_submitted_waits_a_day(writing_client: Client, clone_url: str, citizen: str) -> None:
    at = submit(clone_url, citizen, timedelta(hours=23))
    found = await eligibility(writing_client, citizen)
    assert (found["allowed"], found["reason"]) == (False, "TOO_SOON")
    assert datetime.fromisoformat(found["nextAt"]) == at + timedelta(days=1)
    assert await eligibility(writing_client, citizen, "BY-GOV") == ALLOWED


async def test_after_a_day_one_may_submit_again(writing_client: Client, clone_url: str, citizen: str) -> None:
    submit(clone_url, citizen, timedelta(hours=24, seconds=1))
    assert await eligibility(writing_client, citizen) == ALLOWED


async def test_a_withdrawn_submission_does_not_count(writing_client: Client, clone_url: str, citizen: str) -> None:
    submit(clone_url, citizen, timedelta(hours=1), "WITHDRAWN")
    assert await eligibility(writing_client, citizen) == ALLOWED


@pytest.mark.parametrize("organization", [POLYCLINIC, "BY-GOV", "BY-HO-06-EXEC"])
@pytest.mark.parametrize("days_ago", [None, 0, 300])
async def test_who_holds_or_lately_held_a_role_here_or_above_is_in_conflict(
    writing_client: Client, clone_url: str, citizen: str, organization: str, days_ago: int | None
) -> None:
    grant(clone_url, citizen, organization, days_ago)
    found = await eligibility(writing_client, citizen)
    assert (found["allowed"], found["reason"]) == (False, "CONFLICT_OF_INTEREST")


async def test_a_role_below_is_a_conflict_as_well(writing_client: Client, clone_url: str, citizen: str) -> None:
    grant(clone_url, citizen, POLYCLINIC, None)
    assert (await eligibility(writing_client, citizen, "BY-GOV"))["reason"] == "CONFLICT_OF_INTEREST"


@pytest.mark.parametrize(("organization", "days_ago"), [(POLYCLINIC, 400), ("BY-GOV-LABOUR", None)])
async def test_a_role_long_ago_or_elsewhere_is_no_conflict(
    writing_client: Client, clone_url: str, citizen: str, organization: str, days_ago: int | None
) -> None:
    grant(clone_url, citizen, organization, days_ago)
    assert await eligibility(writing_client, citizen) == ALLOWED
