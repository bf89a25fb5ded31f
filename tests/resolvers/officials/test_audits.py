"""The audit trail, read: everything by operators, their subtree by supervisors, nothing by anybody else."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, LiteralString

import psycopg
import pytest

from engine.meanings.global_ids import encode
from portal.scratch import ScratchServer
from tests.citizens import Citizen
from tests.clients import client_of
from tests.officials import Official, appointed

LIST = """query($organization: OrganizationRef, $hierarchy: Hierarchy, $action: [AuditAction!], $actor: String, $from: Date,
        $to: Date, $first: Int, $after: String) {
    auditEvents(organization: $organization, hierarchy: $hierarchy, action: $action, actor: $actor, from: $from, to: $to,
                first: $first, after: $after) {
        totalCount edges { cursor } pageInfo { hasNextPage }
        nodes { id at action actor subject organization { code } submission { status } details { name value } grantee requestId }
    }
}"""
# An event for each of some organizations and for none: rejections, a policy, a role, and an application.
EVENTS: LiteralString = """
INSERT INTO audit_event (at, account_id, action, organization_id, subject, subject_id, details, request_id)
SELECT now() - days * interval '1 day', account.id, event.action::audit_action, organization.id, event.subject::audit_subject,
       CASE subject WHEN 'SUBMISSION' THEN (SELECT min(id) FROM submission WHERE organization_id = organization.id)
                    WHEN 'GRANT' THEN (SELECT role_grant.id FROM role_grant JOIN account AS holder ON holder.id = account_id
                                       WHERE holder.code = 'nurse') END,
       details::jsonb, 'request'
FROM (VALUES (1, 7, 'citizen-11', 'SUBMISSION_REJECTED', 'HOSPITAL', 'SUBMISSION', '{"ground": "AUTOMATED"}'),
             (2, 6, 'citizen-11', 'SUBMISSION_RESTORED', 'CLINIC', 'SUBMISSION', '{}'),
             (3, 5, NULL, 'ROLE_GRANTED', 'WARD', 'GRANT', '{"role": "HEAD", "to": null, "first": true}'),
             (4, 4, 'citizen-8', 'ORGANIZATION_APPLIED', 'REGION', 'APPLICATION', '{}'),
             (5, 3, 'citizen-16', 'ORGANIZATION_CLOSED', 'SCHOOL', 'ORGANIZATION', '{}'),
             (6, 2, 'citizen-16', 'POLICY_SET', NULL, 'POLICY', '{"before": 5, "value": 7}'))
     AS event (number, days, account, action, organization, subject, details)
LEFT JOIN account ON account.code = account LEFT JOIN organization ON organization.code = organization
ORDER BY number"""
OFFICIALS = {
    "citizen-11": ("MODERATOR", "MINISTRY"),
    "citizen-12": ("SUPERVISOR", "MINISTRY"),
    "citizen-13": ("SUPERVISOR", "HOSPITAL"),
    "citizen-14": ("SUPERVISOR", "INSPECTORATE", "SUPERVISION"),
    "citizen-15": ("REGISTRAR", "MINISTRY"),
    "citizen-16": ("OPERATOR", "LONER"),
    "citizen-17": ("HEAD", "MINISTRY"),
    "citizen-18": ("SUPERVISOR", "LONER"),
}
ALL = ["POLICY", "SCHOOL", "REGION", "WARD", "CLINIC", "HOSPITAL"]


@pytest.fixture(scope="module")
async def citizen(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Citizen]:
    """In a country whose officials and trail are the same for all tests here."""
    with scratch.temporary(stage_template.replace("stage", f"audits_{worker_id}"), stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            citizen = Citizen(client, url, "citizen-9")
            for account, (role, *place) in OFFICIALS.items():
                appointed(citizen, account, role, *place)
            with psycopg.connect(url) as connection:
                connection.execute(EVENTS)
            yield citizen


async def listed(citizen: Citizen, account: str | None, **variables: Any) -> Any:
    """The trail as somebody sees it."""
    answer = await Official(citizen.client, citizen.url, account).ask(LIST, **variables)
    assert not answer.errors, answer.errors
    return answer.data["auditEvents"]


def about(found: Any) -> list[str]:
    """The organizations that events concern, in the events' order; a policy concerns none."""
    return [each["organization"]["code"] if each["organization"] else each["subject"] for each in found["nodes"]]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("citizen-16", ALL),
        ("citizen-12", ["REGION", "WARD", "CLINIC", "HOSPITAL"]),
        ("citizen-13", ["WARD", "HOSPITAL"]),
        ("citizen-14", ["CLINIC", "HOSPITAL"]),
        ("citizen-18", []),
        ("citizen-11", []),
        ("citizen-15", []),
        ("citizen-17", []),
        ("citizen-8", []),
        (None, []),
    ],
    ids=[
        "operator",
        "ministry",
        "hospital",
        "inspectorate",
        "elsewhere",
        "moderator",
        "registrar",
        "head",
        "citizen",
        "nobody",
    ],
)
async def test_it_is_read_as_far_as_ones_office_reaches(
    citizen: Citizen, account: str | None, expected: Sequence[str]
) -> None:
    found = await listed(citizen, account)
    assert (about(found), found["totalCount"]) == (expected, len(expected))
    ids = [each["id"] for each in (await listed(citizen, "citizen-16"))["nodes"]]
    node = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await Official(citizen.client, citizen.url, account).ask(node, ids=ids)
    visible = {each["id"] for each in found["nodes"]}
    assert answer.data["nodes"] == [{"id": id_} if id_ in visible else None for id_ in ids]


async def test_an_event_tells_who_did_what_to_what_and_how(citizen: Citizen) -> None:
    found = {each["action"]: each for each in (await listed(citizen, "citizen-16"))["nodes"]}
    rejected = found["SUBMISSION_REJECTED"]
    assert (rejected["actor"], rejected["subject"]) == ("citizen-11", "SUBMISSION")
    assert (rejected["details"], rejected["requestId"]) == ([{"name": "ground", "value": "AUTOMATED"}], "request")
    granted = found["ROLE_GRANTED"]
    assert (granted["actor"], granted["grantee"]) == (None, "nurse")
    assert granted["details"] == [
        {"name": "first", "value": "true"},
        {"name": "role", "value": "HEAD"},
        {"name": "to", "value": None},
    ]
    assert found["POLICY_SET"]["details"][0] == {"name": "before", "value": "5"}
    assert {each["grantee"] for each in found.values()} == {None, "nurse"}


async def test_who_applies_is_not_told(citizen: Citizen) -> None:
    for account in ("citizen-16", "citizen-12"):
        (applied,) = (await listed(citizen, account, action=["ORGANIZATION_APPLIED"]))["nodes"]
        assert applied["actor"] is None
        assert about(await listed(citizen, account, actor="citizen-8")) == []


async def test_a_submission_is_shown_to_who_may_see_it(citizen: Citizen) -> None:
    """Neither operators nor supervisors are moderators; who is both sees it."""
    for account in ("citizen-16", "citizen-12"):
        found = (await listed(citizen, account, action=["SUBMISSION_REJECTED"]))["nodes"]
        assert [each["submission"] for each in found] == [None]
    both = appointed(citizen, "citizen-19", "MODERATOR", "HOSPITAL")
    appointed(citizen, "citizen-19", "SUPERVISOR", "REGION")
    found = (await both.ask(LIST)).data["auditEvents"]["nodes"]
    assert [each["submission"] for each in found if each["subject"] == "SUBMISSION"] == [None, {"status": "COUNTED"}]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"organization": {"code": "HOSPITAL"}}, ["WARD", "HOSPITAL"]),
        ({"organization": {"code": "INSPECTORATE"}, "hierarchy": "SUPERVISION"}, ["CLINIC", "HOSPITAL"]),
        ({"organization": {"code": "LONER"}}, []),
        ({"action": ["POLICY_SET", "ROLE_GRANTED"]}, ["POLICY", "WARD"]),
        ({"actor": "citizen-11"}, ["CLINIC", "HOSPITAL"]),
        ({"actor": "nobody-there"}, []),
        ({"from": "2020-01-01"}, ALL),
        ({"to": "2020-01-01"}, []),
        ({"from": "9999-12-31"}, []),
    ],
    ids=str,
)
async def test_it_is_narrowed_by_what_is_asked(
    citizen: Citizen, variables: dict[str, Any], expected: list[str]
) -> None:
    assert about(await listed(citizen, "citizen-16", **variables)) == expected


async def test_dates_are_those_of_the_portal_and_inclusive(citizen: Citizen) -> None:
    with psycopg.connect(citizen.url) as connection:
        days: LiteralString = "SELECT (at AT TIME ZONE 'Europe/Minsk')::date::text FROM audit_event ORDER BY id"
        first, second, *_ = (day for (day,) in connection.execute(days))
    assert about(await listed(citizen, "citizen-16", **{"from": first, "to": first})) == ["HOSPITAL"]
    assert about(await listed(citizen, "citizen-16", **{"from": first, "to": second})) == ["CLINIC", "HOSPITAL"]


async def test_the_last_day_there_is_can_be_asked_for(citizen: Citizen) -> None:
    assert about(await listed(citizen, "citizen-16", to="9999-12-31")) == ALL


async def test_an_organization_that_is_not_there_is_refused(citizen: Citizen) -> None:
    operator = Official(citizen.client, citizen.url, "citizen-16")
    answer = await operator.ask(LIST, organization={"id": encode("Organization", 999)})
    assert answer.refusal == ("BAD_USER_INPUT", "organization")


async def test_all_pages_together_are_the_trail_in_one_statement_each(citizen: Citizen) -> None:
    found, after = [], None
    while True:
        page = await listed(citizen, "citizen-16", first=2, after=after)
        assert len(citizen.client.statements) == 1
        found += about(page)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["edges"][-1]["cursor"]
    assert found == ALL
