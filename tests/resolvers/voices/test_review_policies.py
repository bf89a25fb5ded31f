"""Before or after publication: by the sphere of the service, or those of the organization, from a moment on."""

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import pytest

from engine.meanings.global_ids import key_of
from tests.citizens import result
from tests.voices import Voice, contents, official, reviewed, voice

SET = """mutation($input: SetReviewPolicyInput!) { setReviewPolicy(input: $input) {
    __typename ... on Problem { code path } ... on SetReviewPolicyPayload { sphere moderation validFrom } } }"""
LISTED = "{ reviewPolicies { sphere { code } moderation } }"
BEFORE, AFTER = "BEFORE_PUBLICATION", "AFTER_PUBLICATION"
SPHERES: LiteralString = """INSERT INTO organization_sphere SELECT o.id, sphere.id FROM organization AS o, sphere
    WHERE o.code = 'CLINIC' AND sphere.code = 'SCHOOL'"""
STATE: LiteralString = "SELECT state::text FROM review WHERE submission_id = %s"


@pytest.fixture
def operator(author: Voice) -> Voice:
    return official(author, "citizen-22", "OPERATOR", "MINISTRY")


async def set_policy(viewer: Voice, **given: Any) -> Any:
    return result(await viewer.ask(SET, input=given))


async def state(author: Voice, organization: str, **given: Any) -> str:
    found = await author.submit(organization, comment="Text.", **given)
    with psycopg.connect(author.url) as connection:
        key = key_of(found["submission"]["id"], "Submission", "id")
        return str(connection.execute(STATE, [key]).fetchall()[0][0])


@pytest.mark.parametrize(
    ("policies", "organization", "service", "expected"),
    [
        ([], "HOSPITAL", None, "PUBLISHED"),
        ([(None, BEFORE)], "HOSPITAL", None, "PENDING"),
        ([(None, BEFORE)], "INSPECTORATE", None, "PENDING"),
        ([("HEALTH", BEFORE)], "HOSPITAL", None, "PENDING"),
        ([("HEALTH", BEFORE)], "INSPECTORATE", None, "PUBLISHED"),
        ([("SCHOOL", BEFORE)], "HOSPITAL", None, "PUBLISHED"),
        ([("HEALTH", BEFORE), ("HEALTH", AFTER)], "HOSPITAL", None, "PUBLISHED"),
        ([(None, BEFORE), ("HEALTH", AFTER)], "HOSPITAL", None, "PUBLISHED"),
        # The clinic is of both spheres: any of them decides, unless the service tells which.
        ([("SCHOOL", BEFORE)], "CLINIC", None, "PENDING"),
        ([("SCHOOL", BEFORE)], "CLINIC", "VISIT", "PUBLISHED"),
        ([("HEALTH", BEFORE)], "CLINIC", "VISIT", "PENDING"),
    ],
)
async def test_the_sphere_decides(
    author: Voice,
    operator: Voice,
    policies: list[tuple[str | None, str]],
    organization: str,
    service: str | None,
    expected: str,
) -> None:
    with psycopg.connect(author.url) as connection:
        connection.execute(SPHERES)
    for sphere, moderation in policies:
        found = await set_policy(operator, sphere=sphere, moderation=moderation)
        assert (found["sphere"], found["moderation"]) == (sphere, moderation)
    assert await state(author, organization, service=service) == expected


async def test_a_plan_decides_nothing_yet_and_may_be_replaced(author: Voice, operator: Voice) -> None:
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    await set_policy(operator, moderation=BEFORE, validFrom=later)
    await set_policy(operator, moderation=AFTER, sphere="HEALTH", validFrom=later)
    await set_policy(operator, moderation=BEFORE, sphere="HEALTH", validFrom=later)
    assert await state(author, "HOSPITAL") == "PUBLISHED"
    listed = (await voice(author, None).ask(LISTED)).data["reviewPolicies"]
    assert [(each["sphere"] and each["sphere"]["code"], each["moderation"]) for each in listed] == [
        (None, AFTER),
        (None, BEFORE),
        ("HEALTH", BEFORE),
    ]


async def test_what_is_so_already_changes_nothing(author: Voice, operator: Voice) -> None:
    await set_policy(operator, moderation=BEFORE)
    before = contents(author.url)
    await set_policy(operator, moderation=BEFORE)
    assert contents(author.url) == before


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"sphere": "NOWHERE"}, "SPHERE_UNKNOWN", ["input", "sphere"]),
        ({"sphere": "\0"}, "TEXT_INVALID", ["input", "sphere"]),
        ({"validFrom": "2020-01-01T00:00:00Z"}, "VALID_FROM_PAST", ["input", "validFrom"]),
        ({"validFrom": "2100-01-01T00:00:00Z"}, "VALID_FROM_TOO_FAR", ["input", "validFrom"]),
    ],
)
async def test_what_makes_no_sense_is_refused(
    author: Voice, operator: Voice, given: dict[str, Any], code: str, path: list[str]
) -> None:
    found = await set_policy(operator, moderation=BEFORE, **given)
    assert (found["code"], found["path"]) == (code, path)
    assert await state(author, "HOSPITAL") == "PUBLISHED"


async def test_reviews_that_are_there_stay_as_they_are(author: Voice, operator: Voice) -> None:
    id_ = await reviewed(author)
    await set_policy(operator, moderation=BEFORE)
    assert (await voice(author, None).review(id_)) is not None


WITHDRAW = """mutation($input: WithdrawReviewPolicyInput!) { withdrawReviewPolicy(input: $input) {
    __typename ... on Problem { code path } ... on WithdrawReviewPolicyPayload { sphere moderation validFrom } } }"""
PLANS: LiteralString = "SELECT review_policy::text FROM review_policy ORDER BY 1"
WITHDRAWN: LiteralString = "SELECT details FROM audit_event WHERE action = 'POLICY_WITHDRAWN'"


@pytest.mark.parametrize("sphere", [None, "HEALTH"])
async def test_a_plan_is_taken_back_on_the_trail(author: Voice, operator: Voice, sphere: str | None) -> None:
    begins = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    with psycopg.connect(author.url) as connection:
        before = connection.execute(PLANS).fetchall()
    planned = await set_policy(operator, sphere=sphere, moderation=BEFORE, validFrom=begins)
    plan = {"sphere": sphere, "validFrom": planned["validFrom"]}
    taken_back = result(await operator.ask(WITHDRAW, input=plan))
    assert taken_back == {"__typename": "WithdrawReviewPolicyPayload", **plan, "moderation": BEFORE}
    again = result(await operator.ask(WITHDRAW, input=plan))
    assert (again["code"], again["path"]) == ("POLICY_UNKNOWN", ["input", "validFrom"])
    with psycopg.connect(author.url) as connection:
        assert connection.execute(PLANS).fetchall() == before
        ((details,),) = connection.execute(WITHDRAWN).fetchall()
    assert (details["policy"], details["sphere"], details["value"]) == ("REVIEW_MODERATION", sphere, BEFORE)
    assert datetime.fromisoformat(details["validFrom"]) == datetime.fromisoformat(begins)


async def test_what_has_begun_or_was_never_planned_is_not_taken_back(author: Voice, operator: Voice) -> None:
    begins = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    planned = await set_policy(operator, sphere="HEALTH", moderation=BEFORE, validFrom=begins)
    with psycopg.connect(author.url) as connection:
        before = connection.execute(PLANS).fetchall()
    trail = contents(author.url)["audit_event"]
    cases = [
        ({"sphere": None, "validFrom": "2000-01-01T00:00:00Z"}, "POLICY_IN_FORCE"),
        ({"sphere": None, "validFrom": planned["validFrom"]}, "POLICY_UNKNOWN"),
        ({"sphere": "SCHOOL", "validFrom": planned["validFrom"]}, "POLICY_UNKNOWN"),
        ({"sphere": "NONE", "validFrom": planned["validFrom"]}, "SPHERE_UNKNOWN"),
    ]
    for given, code in cases:
        assert result(await operator.ask(WITHDRAW, input=given))["code"] == code
    supervisor = official(author, "citizen-21", "SUPERVISOR", "MINISTRY")
    refused = await supervisor.ask(WITHDRAW, input={"sphere": "HEALTH", "validFrom": planned["validFrom"]})
    assert refused.refusal[0] == "FORBIDDEN"
    with psycopg.connect(author.url) as connection:
        assert connection.execute(PLANS).fetchall() == before
    assert contents(author.url)["audit_event"] == trail
