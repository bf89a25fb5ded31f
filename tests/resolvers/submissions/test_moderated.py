"""The list of submissions: for moderators of their places alone, and without anything that tells who it was."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from portal.scratch import ScratchServer
from tests.citizens import Citizen
from tests.clients import client_of
from tests.officials import Official, appointed

LIST = """query($organization: OrganizationRef, $hierarchy: Hierarchy, $status: [SubmissionStatus!], $from: Date, $to: Date,
        $first: Int, $after: String) {
    submissions(organization: $organization, hierarchy: $hierarchy, status: $status, from: $from, to: $to,
                first: $first, after: $after) {
        totalCount edges { cursor } pageInfo { hasNextPage }
        nodes { id status mark submittedOn submittedAt comment organization { code } }
    }
}"""
# What was said of whom in `tests.stage`; the last of the HOSPITAL's was taken back.
SAID = ["CLINIC", "CLOSED", "HOSPITAL", "HOSPITAL", "WARD"]


@pytest.fixture(scope="module")
async def citizen(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Citizen]:
    """In a country whose officials are the same for all tests here."""
    name = stage_template.replace("stage", f"moderated_{worker_id}")
    with scratch.temporary(name, stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            citizen = Citizen(client, url, "citizen-1")
            for account, (role, *place) in OFFICIALS.items():
                appointed(citizen, account, role, *place)
            yield citizen


OFFICIALS = {
    "citizen-11": ("MODERATOR", "MINISTRY"),
    "citizen-12": ("MODERATOR", "HOSPITAL"),
    "citizen-13": ("MODERATOR", "INSPECTORATE", "SUPERVISION"),
    "citizen-14": ("MODERATOR", "SCHOOL"),
    "citizen-15": ("SUPERVISOR", "MINISTRY"),
    "citizen-16": ("OPERATOR", "MINISTRY"),
}


async def listed(citizen: Citizen, account: str | None, **variables: Any) -> Any:
    """The list as somebody sees it."""
    answer = await Official(citizen.client, citizen.url, account).ask(LIST, **variables)
    assert not answer.errors, answer.errors
    return answer.data["submissions"]


def of_whom(found: Any) -> list[str]:
    """The organizations, in the order of their codes."""
    return sorted(each["organization"]["code"] for each in found["nodes"])


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("citizen-11", SAID),
        ("citizen-12", ["HOSPITAL", "HOSPITAL", "WARD"]),
        ("citizen-13", ["CLINIC", "HOSPITAL", "HOSPITAL"]),
        ("citizen-14", []),
        ("citizen-15", []),
        ("citizen-16", []),
        ("citizen-1", []),
        (None, []),
    ],
    ids=["ministry", "hospital", "inspectorate", "elsewhere", "supervisor", "operator", "rater", "nobody"],
)
async def test_moderators_find_what_is_below_them(citizen: Citizen, account: str | None, expected: list[str]) -> None:
    found = await listed(citizen, account)
    assert (of_whom(found), found["totalCount"]) == (expected, len(expected))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"organization": {"code": "HOSPITAL"}}, ["HOSPITAL", "HOSPITAL", "WARD"]),
        ({"organization": {"code": "WARD"}}, ["WARD"]),
        ({"organization": {"code": "LONER"}}, []),
        ({"organization": {"code": "INSPECTORATE"}, "hierarchy": "SUPERVISION"}, ["CLINIC", "HOSPITAL", "HOSPITAL"]),
        ({"status": ["WITHDRAWN"]}, ["HOSPITAL"]),
        ({"status": ["COUNTED", "REJECTED"]}, ["CLINIC", "CLOSED", "HOSPITAL", "WARD"]),
        ({"status": []}, []),
        ({"from": "2020-01-01", "to": "2020-01-02"}, []),
        ({"from": "2020-01-01"}, SAID),
        ({"to": "2020-01-01"}, []),
    ],
    ids=str,
)
async def test_it_is_narrowed_by_what_is_asked(
    citizen: Citizen, variables: dict[str, Any], expected: list[str]
) -> None:
    assert of_whom(await listed(citizen, "citizen-11", **variables)) == expected


async def test_dates_are_inclusive(citizen: Citizen) -> None:
    (day,) = {each["submittedOn"] for each in (await listed(citizen, "citizen-11"))["nodes"]}
    assert of_whom(await listed(citizen, "citizen-11", **{"from": day, "to": day})) == SAID


async def test_an_organization_that_is_not_there_is_refused(citizen: Citizen) -> None:
    moderator = Official(citizen.client, citizen.url, "citizen-11")
    answer = await moderator.ask(LIST, organization={"code": "NOWHERE"})
    assert answer.refusal == ("BAD_USER_INPUT", "organization")


async def test_all_pages_together_are_the_list(citizen: Citizen) -> None:
    whole = [each["id"] for each in (await listed(citizen, "citizen-11"))["nodes"]]
    found, after = [], None
    while True:
        page = await listed(citizen, "citizen-11", first=2, after=after)
        found += [each["id"] for each in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["edges"][-1]["cursor"]
    assert found == whole


async def test_no_exact_moment_is_told_by_a_field_or_a_cursor(citizen: Citizen) -> None:
    with psycopg.connect(citizen.url) as connection:
        query = "SELECT DISTINCT to_char(extract(epoch FROM submitted_at), 'FM9999999999') FROM submission"
        moments = [each for (each,) in connection.execute(query)]
    found = await listed(citizen, "citizen-11")
    for node, edge in zip(found["nodes"], found["edges"], strict=True):
        # Midnight in Minsk.
        assert node["submittedAt"].endswith("T21:00:00.000000Z")
        cursor = edge["cursor"]
        decoded = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        assert not [moment for moment in moments if moment[:6] in decoded]


async def test_the_rater_has_the_exact_moment(citizen: Citizen) -> None:
    own = "{ viewer { submissions { nodes { submittedAt } } } }"
    answer = await Official(citizen.client, citizen.url, "citizen-1").ask(own)
    (node,) = answer.data["viewer"]["submissions"]["nodes"]
    assert not node["submittedAt"].endswith("T21:00:00.000000Z")


async def test_the_list_is_one_statement(citizen: Citizen) -> None:
    await listed(citizen, "citizen-11", organization={"code": "HOSPITAL"})
    assert len(citizen.client.statements) == 1
