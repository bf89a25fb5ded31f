"""Rejecting and restoring: exact in every total, on the trail, for moderators of the place alone, and harmless twice."""

from collections.abc import Callable
from typing import Any, LiteralString

import psycopg
import pytest

from engine.meanings.global_ids import encode, key_of
from tests.citizens import Citizen
from tests.digests import digests
from tests.officials import REJECT, RESTORE, Official, appointed, seen
from tests.resolvers.submissions.test_withdrawing import hour_by_hour, submitted, totals

NewCitizen = Callable[[str | None], Citizen]
TRAIL: LiteralString = """SELECT account.code, action::text, organization.code, subject::text, subject_id, details, request_id
    FROM audit_event LEFT JOIN account ON account.id = account_id JOIN organization ON organization.id = organization_id
    ORDER BY audit_event.id"""


@pytest.fixture
def citizen(new_citizen: NewCitizen) -> Citizen:
    return new_citizen("citizen-9")


@pytest.fixture
def moderator(citizen: Citizen) -> Official:
    """Who moderates everything below the ministry."""
    return appointed(citizen, "citizen-20", "MODERATOR", "MINISTRY")


def trail(citizen: Citizen) -> list[Any]:
    """All events of the audit trail."""
    with psycopg.connect(citizen.url) as connection:
        return connection.execute(TRAIL).fetchall()


def problem(found: Any) -> tuple[str, str, list[str]]:
    return found["__typename"], found["code"], found["path"]


async def test_the_payload_has_the_submission_that_counts_no_more(citizen: Citizen, moderator: Official) -> None:
    id_ = await submitted(citizen)
    found = await moderator.reject(id_)
    assert found["__typename"] == "RejectSubmissionPayload"
    assert (found["submission"]["id"], found["submission"]["status"]) == (id_, "REJECTED")
    assert found["organization"] == {"code": "HOSPITAL"}
    found = await moderator.restore(id_)
    assert found["__typename"] == "RestoreSubmissionPayload"
    assert found["submission"]["status"] == "COUNTED"


@pytest.mark.parametrize("organization", ["HOSPITAL", "WARD", "MINISTRY"])
async def test_every_total_is_what_it_was_without_it_and_again_with_it(
    citizen: Citizen, moderator: Official, organization: str
) -> None:
    changes = {"answers": [{"question": "solved", "values": ["true"]}]} if organization == "WARD" else {}
    without = totals(citizen)
    id_ = await submitted(citizen, organization, **changes)
    with_it = totals(citizen)
    await moderator.reject(id_)
    assert totals(citizen) == without
    await moderator.restore(id_)
    assert totals(citizen) == with_it != without


async def test_a_rater_stays_one_while_another_submission_counts(citizen: Citizen, moderator: Official) -> None:
    hour_by_hour(citizen)
    first = await submitted(citizen)
    with_one = totals(citizen)
    second = await submitted(citizen)
    with_two = totals(citizen)
    await moderator.reject(second)
    assert totals(citizen) == with_one
    await moderator.reject(first)
    await moderator.restore(second)
    assert totals(citizen) == with_one
    await moderator.restore(first)
    assert totals(citizen) == with_two


async def test_the_review_stays_as_it_was(citizen: Citizen, moderator: Official) -> None:
    id_ = await submitted(citizen, comment="Nobody came.")
    assert (await moderator.reject(id_))["submission"]["comment"] == "Nobody came."


async def test_each_ruling_is_one_event_of_the_trail_without_its_note(citizen: Citizen, moderator: Official) -> None:
    id_ = await submitted(citizen)
    variables = {"submission": id_, "ground": "COORDINATED", "note": "One of forty within a minute."}
    answer = await moderator.ask(REJECT, input=variables)
    request = answer.response.headers["X-Request-Id"]
    await moderator.restore(id_, "It was a school class.")
    subject = "HOSPITAL", "SUBMISSION", key_of(id_, "Submission", "id")
    rejected, restored = trail(citizen)
    assert rejected == ("citizen-20", "SUBMISSION_REJECTED", *subject, {"ground": "COORDINATED"}, request)
    assert restored[:-2] == ("citizen-20", "SUBMISSION_RESTORED", *subject)
    assert (restored[-2], restored[-1] not in {None, request}) == ({}, True)


@pytest.mark.parametrize("ruling", ["reject", "restore"])
async def test_a_retry_answers_the_same_and_changes_nothing_more(
    citizen: Citizen, moderator: Official, ruling: str
) -> None:
    id_ = await submitted(citizen)
    await moderator.reject(id_, note="Twice.")
    if ruling == "restore":
        await moderator.restore(id_, note="Twice.")
    before = digests(citizen.url)
    found = await (moderator.reject(id_, note="Twice.") if ruling == "reject" else moderator.restore(id_, "Twice."))
    assert found["__typename"].endswith("Payload")
    assert found["submission"]["status"] == ("REJECTED" if ruling == "reject" else "COUNTED")
    assert digests(citizen.url) == before


async def test_what_is_rejected_is_not_rejected_again_on_another_ground_or_by_somebody_else(
    citizen: Citizen, moderator: Official
) -> None:
    other = appointed(citizen, "citizen-21", "MODERATOR", "HOSPITAL")
    id_ = await submitted(citizen)
    await moderator.reject(id_, "AUTOMATED")
    before = digests(citizen.url)
    expected = "InvalidInputProblem", "ALREADY_REJECTED", ["input", "submission"]
    assert problem(await moderator.reject(id_, "NOT_A_VISIT")) == expected
    assert problem(await moderator.reject(id_, "AUTOMATED", "Another note.")) == expected
    assert problem(await other.reject(id_, "AUTOMATED")) == expected
    assert digests(citizen.url) == before


async def test_what_counts_is_not_restored(citizen: Citizen, moderator: Official) -> None:
    never, again = await submitted(citizen), await submitted(citizen, "CLINIC")
    await moderator.reject(again)
    await moderator.restore(again)
    before = digests(citizen.url)
    expected = "InvalidInputProblem", "NOT_REJECTED", ["input", "submission"]
    assert problem(await moderator.restore(never)) == expected
    assert problem(await moderator.restore(again, "Another note.")) == expected
    assert digests(citizen.url) == before


async def test_what_its_rater_took_back_is_neither_rejected_nor_restored(citizen: Citizen, moderator: Official) -> None:
    id_ = await submitted(citizen)
    await citizen.withdraw(id_)
    before = digests(citizen.url)
    expected = "InvalidInputProblem", "SUBMISSION_WITHDRAWN", ["input", "submission"]
    assert problem(await moderator.reject(id_)) == expected
    assert problem(await moderator.restore(id_)) == expected
    assert digests(citizen.url) == before


async def test_a_restored_submission_can_be_withdrawn_and_a_rejected_one_cannot(
    citizen: Citizen, moderator: Official
) -> None:
    before = totals(citizen)
    id_ = await submitted(citizen)
    await moderator.reject(id_)
    assert (await citizen.withdraw(id_))["code"] == "SUBMISSION_REJECTED"
    await moderator.restore(id_)
    assert (await citizen.withdraw(id_))["submission"]["status"] == "WITHDRAWN"
    assert totals(citizen) == before


async def test_rejected_one_may_not_submit_again_at_once(citizen: Citizen, moderator: Official) -> None:
    """Restoring it must never make two within the interval."""
    id_ = await submitted(citizen)
    await moderator.reject(id_)
    before = digests(citizen.url)
    assert (await citizen.submit())["reason"] == "TOO_SOON"
    assert digests(citizen.url) == before
    await moderator.restore(id_)
    await citizen.withdraw(id_)
    assert (await citizen.submit())["__typename"] == "SubmitQuestionnairePayload"


@pytest.mark.parametrize(
    ("id_", "kind", "code"),
    [
        (encode("Submission", 999), "UnknownReferenceProblem", "SUBMISSION_UNKNOWN"),
        (encode("Organization", 1), "InvalidInputProblem", "ID_INVALID"),
        ("nonsense", "InvalidInputProblem", "ID_INVALID"),
    ],
    ids=["nobodys", "of-another-type", "malformed"],
)
async def test_what_is_no_submission_is_refused(
    citizen: Citizen, moderator: Official, id_: str, kind: str, code: str
) -> None:
    before = digests(citizen.url)
    assert problem(await moderator.reject(id_)) == (kind, code, ["input", "submission"])
    assert problem(await moderator.restore(id_)) == (kind, code, ["input", "submission"])
    assert digests(citizen.url) == before


@pytest.mark.parametrize(("note", "code"), [("x" * 2001, "TEXT_TOO_LONG"), ("a\0", "TEXT_INVALID")])
async def test_a_note_that_cannot_be_kept_is_refused(
    citizen: Citizen, moderator: Official, note: str, code: str
) -> None:
    id_ = await submitted(citizen)
    before = digests(citizen.url)
    assert problem(await moderator.reject(id_, note=note)) == ("InvalidInputProblem", code, ["input", "note"])
    assert digests(citizen.url) == before


# Who may rule over a submission for the HOSPITAL, by role, place and tree.
ENTITLED = [
    ("MODERATOR", "HOSPITAL", "SUBORDINATION"),
    ("MODERATOR", "REGION", "SUBORDINATION"),
    ("MODERATOR", "INSPECTORATE", "SUPERVISION"),
]
ELSEWHERE = [
    ("MODERATOR", "WARD", "SUBORDINATION"),
    ("MODERATOR", "CLINIC", "SUBORDINATION"),
    ("MODERATOR", "INSPECTORATE", "SUBORDINATION"),
    ("MODERATOR", "LONER", "SUBORDINATION"),
]
OTHERS = [(role, "MINISTRY", "SUBORDINATION") for role in ("STAFF", "HEAD", "SUPERVISOR", "REGISTRAR", "OPERATOR")]


@pytest.mark.parametrize("office", ENTITLED, ids="-".join)
async def test_moderators_of_the_place_and_above_it_may_rule(citizen: Citizen, office: tuple[str, str, str]) -> None:
    official, id_ = appointed(citizen, "citizen-20", *office), await submitted(citizen)
    assert (await official.reject(id_))["__typename"] == "RejectSubmissionPayload"
    assert (await official.restore(id_))["__typename"] == "RestoreSubmissionPayload"


@pytest.mark.parametrize("office", ELSEWHERE, ids="-".join)
async def test_to_moderators_elsewhere_it_is_not_there(citizen: Citizen, office: tuple[str, str, str]) -> None:
    official, id_ = appointed(citizen, "citizen-20", *office), await submitted(citizen)
    before = digests(citizen.url)
    expected = await official.reject(encode("Submission", 999))
    assert expected["code"] == "SUBMISSION_UNKNOWN"
    assert await official.reject(id_) == await official.restore(id_) == expected
    assert await seen(official, id_) is None
    assert digests(citizen.url) == before


@pytest.mark.parametrize("office", OTHERS, ids="-".join)
async def test_other_officials_are_forbidden_whether_it_is_there_or_not(
    citizen: Citizen, office: tuple[str, str, str]
) -> None:
    await _is_forbidden(appointed(citizen, "citizen-20", *office), await submitted(citizen))


@pytest.mark.parametrize("account", ["citizen-8", "citizen-9"], ids=["citizen", "its-own-rater"])
async def test_citizens_are_forbidden_and_so_is_its_own_rater(citizen: Citizen, account: str) -> None:
    await _is_forbidden(Official(citizen.client, citizen.url, account), await submitted(citizen))


async def _is_forbidden(official: Official, id_: str) -> None:
    before = digests(official.url)
    for submission in (id_, encode("Submission", 999)):
        rejection = await official.ask(REJECT, input={"submission": submission, "ground": "AUTOMATED"})
        assert (rejection.data, rejection.refusal) == (None, ("FORBIDDEN", None))
        assert (await official.ask(RESTORE, input={"submission": submission})).refusal == ("FORBIDDEN", None)
    assert digests(official.url) == before


async def test_nobody_in_particular_has_to_sign_in(citizen: Citizen) -> None:
    id_, nobody = await submitted(citizen), Official(citizen.client, citizen.url, None)
    before = digests(citizen.url)
    rejection = await nobody.ask(REJECT, input={"submission": id_, "ground": "AUTOMATED"})
    assert (rejection.data, rejection.refusal) == (None, ("UNAUTHENTICATED", None))
    assert (await nobody.ask(RESTORE, input={"submission": id_})).refusal == ("UNAUTHENTICATED", None)
    assert digests(citizen.url) == before


async def test_a_role_that_is_revoked_is_gone_at_once(citizen: Citizen, moderator: Official) -> None:
    id_ = await submitted(citizen)
    await moderator.reject(id_)
    with psycopg.connect(citizen.url) as connection:
        connection.execute(
            "UPDATE role_grant SET revoked_at = now(), valid_to = date(now() AT TIME ZONE 'Europe/Minsk')"
            " WHERE role = 'MODERATOR'"
        )
    before = digests(citizen.url)
    assert (await moderator.ask(RESTORE, input={"submission": id_})).refusal == ("FORBIDDEN", None)
    assert await seen(moderator, id_) is None
    assert digests(citizen.url) == before


async def test_a_ruling_takes_eight_statements(citizen: Citizen, moderator: Official) -> None:
    """The role, the submission, two locks, its status, the totals, the trail, the ruling."""
    id_ = await submitted(citizen)
    plain = "mutation($id: ID!) { rejectSubmission(input: {submission: $id, ground: AUTOMATED}) { __typename } }"
    answer = await moderator.ask(plain, id=id_)
    assert answer.data == {"rejectSubmission": {"__typename": "RejectSubmissionPayload"}}
    assert len(moderator.client.statements) == 8
