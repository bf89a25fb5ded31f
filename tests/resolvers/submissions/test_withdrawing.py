"""Taking a submission back: exact, harmless twice, and for one's own only."""

from collections.abc import Callable
from typing import Any, LiteralString

import psycopg
import pytest

from engine.meanings.global_ids import encode
from models import recount
from tests.citizens import Citizen, scored
from tests.digests import digests

NewCitizen = Callable[[str | None], Citizen]
TOTALS: LiteralString = """SELECT organization_id, pool, submissions, mark_sum, satisfied, raters, marks, value,
    (SELECT array_agg(each) FROM unnest(criterion_sums) AS each WHERE each > 0)
    FROM total ORDER BY organization_id, pool"""


@pytest.fixture
def citizen(new_citizen: NewCitizen) -> Citizen:
    return new_citizen("citizen-9")


def totals(citizen: Citizen) -> list[Any]:
    """All totals, which are what the submissions add up to."""
    with psycopg.connect(citizen.url) as connection:
        assert recount.differences(connection) == []
        return connection.execute(TOTALS).fetchall()


def hour_by_hour(citizen: Citizen) -> None:
    """From now on one may submit again at once."""
    with psycopg.connect(citizen.url) as connection:
        connection.execute("INSERT INTO policy VALUES ('REPEAT_INTERVAL_HOURS', now() - interval '1 minute', '0')")


async def submitted(citizen: Citizen, organization: str = "HOSPITAL", **changes: Any) -> str:
    """The id of a new submission."""
    found: str = (await citizen.submit(organization, **changes))["submission"]["id"]
    return found


async def test_the_payload_has_the_submission_that_counts_no_more(citizen: Citizen) -> None:
    id_ = await submitted(citizen)
    found = await citizen.withdraw(id_)
    assert found["__typename"] == "WithdrawSubmissionPayload"
    assert (found["submission"]["id"], found["submission"]["status"]) == (id_, "WITHDRAWN")
    assert found["organization"] == {"code": "HOSPITAL"}


@pytest.mark.parametrize("organization", ["HOSPITAL", "MINISTRY", "SCHOOL", "LONER"])
async def test_every_total_is_what_it_was(citizen: Citizen, organization: str) -> None:
    before = totals(citizen)
    id_ = await submitted(citizen, organization)
    assert totals(citizen) != before
    await citizen.withdraw(id_)
    assert totals(citizen) == before


async def test_a_rater_stays_one_while_another_submission_counts(citizen: Citizen) -> None:
    hour_by_hour(citizen)
    first = await submitted(citizen)
    with_one = totals(citizen)
    await citizen.withdraw(await submitted(citizen))
    assert totals(citizen) == with_one
    second = await submitted(citizen, scores=scored(PLAIN=5, POLITE=4))
    await citizen.withdraw(first)
    assert totals(citizen) == with_one
    await citizen.withdraw(second)
    assert totals(citizen) != with_one


async def test_a_rater_stays_one_of_a_ministry_while_another_body_of_it_counts(citizen: Citizen) -> None:
    await submitted(citizen, "CLINIC")
    before = totals(citizen)
    await citizen.withdraw(await submitted(citizen, "HOSPITAL"))
    assert totals(citizen) == before


async def test_after_withdrawing_one_may_submit_again_at_once(citizen: Citizen) -> None:
    await citizen.withdraw(await submitted(citizen))
    assert (await citizen.submit())["__typename"] == "SubmitQuestionnairePayload"
    totals(citizen)


async def test_withdrawing_twice_changes_nothing_more(citizen: Citizen) -> None:
    id_ = await submitted(citizen)
    first = await citizen.withdraw(id_)
    before = digests(citizen.url)
    assert await citizen.withdraw(id_) == first
    assert digests(citizen.url) == before


async def test_withdrawing_takes_five_statements(citizen: Citizen) -> None:
    """Two locks, the submission, its end and the totals."""
    id_ = await submitted(citizen)
    operation = "mutation($id: ID!) { withdrawSubmission(input: {submission: $id}) { __typename } }"
    answer = await citizen.client.query(operation, {"id": id_}, citizen.client.token_for("citizen-9"))
    assert answer.data == {"withdrawSubmission": {"__typename": "WithdrawSubmissionPayload"}}
    assert len(citizen.client.statements) == 5


@pytest.mark.parametrize(
    ("id_", "kind", "code"),
    [
        (encode("Submission", 1), "UnknownReferenceProblem", "SUBMISSION_UNKNOWN"),
        (encode("Submission", 999), "UnknownReferenceProblem", "SUBMISSION_UNKNOWN"),
        (encode("Organization", 1), "InvalidInputProblem", "ID_INVALID"),
        ("nonsense", "InvalidInputProblem", "ID_INVALID"),
        ("a\0", "InvalidInputProblem", "ID_INVALID"),
        ("", "InvalidInputProblem", "ID_INVALID"),
    ],
    ids=["somebody-elses", "nobodys", "of-another-type", "malformed", "nul", "blank"],
)
async def test_what_is_not_ones_own_submission_is_refused(citizen: Citizen, id_: str, kind: str, code: str) -> None:
    before = digests(citizen.url)
    expected = {"__typename": kind, "code": code, "path": ["input", "submission"]}
    assert await citizen.withdraw(id_) == expected
    assert digests(citizen.url) == before


async def test_a_rejected_submission_cannot_be_taken_back(citizen: Citizen) -> None:
    id_ = await submitted(citizen)
    with psycopg.connect(citizen.url) as connection:
        connection.execute("UPDATE submission SET status = 'REJECTED', status_at = now() WHERE idempotency_key <> ''")
    before = digests(citizen.url)
    found = await citizen.withdraw(id_)
    assert (found["__typename"], found["code"]) == ("InvalidInputProblem", "SUBMISSION_REJECTED")
    assert digests(citizen.url) == before


async def test_nobody_in_particular_has_to_sign_in(new_citizen: NewCitizen) -> None:
    id_ = await submitted(new_citizen("citizen-9"))
    before = digests(new_citizen(None).url)
    operation = "mutation($id: ID!) { withdrawSubmission(input: {submission: $id}) { __typename } }"
    answer = await new_citizen(None).client.query(operation, {"id": id_})
    assert (answer.data, answer.refusal) == (None, ("UNAUTHENTICATED", None))
    assert digests(new_citizen(None).url) == before
