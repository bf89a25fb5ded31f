"""Merging: what was said of one counts for the other, exactly, and its code and id mean the other everywhere."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.citizens import Citizen
from tests.digests import digests
from tests.exactness import hold_totals, submissions_below
from tests.registrars import Registrar, registrar_of
from tests.resolvers.submissions.test_withdrawing import submitted
from tests.stage import id_of
from tests.trails import trail

NewCitizen = Callable[[str | None], Citizen]
BY_CODE = "query($code: String!) { organization(by: {code: $code}) { code } }"
BY_ID = "query($id: ID!) { organization(by: {id: $id}) { code } }"
BY_CODES = "query($codes: [String!]!) { organizationsByCode(codes: $codes) { code } }"
REFERRED = "query($them: [_Any!]!) { _entities(representations: $them) { ... on Organization { code } } }"
FILTERED = "query($codes: [String!]!) { organizations(filter: {codes: $codes, closed: null}) { nodes { code } } }"
BELOW = "query($code: String!) { organizations(filter: {subordinateTo: {code: $code}}) { nodes { code } } }"
NODE = """query($id: ID!) { node(id: $id) { ... on Organization {
    id code closedOn mergedInto { code } rating { submissions } ancestors { code } } } }"""
LISTED = "{ organizations(filter: {closed: %s}, first: 100) { nodes { code } } }"
OWN = "query($id: ID!) { node(id: $id) { ... on Submission { status organization { code } givenTo { code } } } }"
GRANT = """SELECT revoked_at IS NOT NULL, valid_to = (now() AT TIME ZONE 'Europe/Minsk')::date FROM role_grant
    JOIN account ON account.id = account_id WHERE account.code = 'nurse'"""


HELD_ON = """SELECT organization.code FROM role_grant JOIN organization ON organization.id = organization_id
    WHERE role = 'OPERATOR' AND revoked_at IS NULL"""


@pytest.fixture
def operator(new_citizen: NewCitizen) -> Registrar:
    return registrar_of(new_citizen(None), "citizen-20", "OPERATOR", "LONER")


async def data(viewer: Registrar, query: str, **variables: Any) -> Any:
    answer = await viewer.ask(query, **variables)
    assert not answer.errors, answer.errors
    return answer.data


@pytest.mark.parametrize(
    ("code", "into"),
    [
        ("HOSPITAL", "CLINIC"),
        ("WARD", "HOSPITAL"),
        ("HOSPITAL", "MINISTRY"),
        ("REGION", "SCHOOL"),
        ("LONER", "CLINIC"),
        ("CLINIC", "LONER"),
        ("CLOSED", "WARD"),
        ("SCHOOL", "WARD"),
    ],
)
async def test_whatever_merges_all_totals_are_exact(
    operator: Registrar, new_citizen: NewCitizen, code: str, into: str
) -> None:
    rater = new_citizen("citizen-9")
    for each in {code, into} - {"CLOSED", "WARD"}:
        await submitted(rater, each)
    both = sum(submissions_below(operator.url, each, "OWN") for each in (code, into))
    found = await operator.merge(code, into)
    assert found["__typename"] == "MergeOrganizationPayload", found
    assert (found["organization"]["code"], found["organization"]["mergedFrom"]) == (into, [{"code": code}])
    assert (found["merged"]["code"], found["merged"]["mergedInto"]) == (code, {"code": into})
    assert [submissions_below(operator.url, each, "OWN") for each in (code, into)] == [0, both]
    hold_totals(operator.url)


async def test_what_stood_below_it_stands_below_the_other(operator: Registrar) -> None:
    await operator.merge("HOSPITAL", "CLINIC")
    found = await data(operator, BELOW, code="HOSPITAL")
    assert found["organizations"]["nodes"] == [{"code": "WARD"}]
    assert submissions_below(operator.url, "CLINIC") == 3


async def test_every_code_leads_to_who_is_there_at_last(operator: Registrar) -> None:
    ids = {code: id_of(operator.url, "Organization", code) for code in ("WARD", "HOSPITAL")}
    await operator.merge("WARD", "HOSPITAL")
    await operator.merge("HOSPITAL", "CLINIC")
    for code in ("WARD", "HOSPITAL", "CLINIC"):
        assert (await data(operator, BY_CODE, code=code))["organization"] == {"code": "CLINIC"}
    for id_ in ids.values():
        assert (await data(operator, BY_ID, id=id_))["organization"] == {"code": "CLINIC"}
    codes = ["CLINIC", "?", "WARD", "REGION", "HOSPITAL"]
    found = [each and each["code"] for each in (await data(operator, BY_CODES, codes=codes))["organizationsByCode"]]
    assert found == ["CLINIC", None, "CLINIC", "REGION", "CLINIC"]
    them = [{"__typename": "Organization", "code": each} for each in codes]
    assert [each and each["code"] for each in (await data(operator, REFERRED, them=them))["_entities"]] == found
    them = [{"__typename": "Organization", "id": each} for each in ids.values()]
    assert (await data(operator, REFERRED, them=them))["_entities"] == [{"code": "WARD"}, {"code": "HOSPITAL"}]
    found = (await data(operator, FILTERED, codes=codes))["organizations"]["nodes"]
    assert found == [{"code": "CLINIC"}, {"code": "REGION"}]
    hold_totals(operator.url)


async def test_it_is_no_organization_any_more_but_keeps_its_id(operator: Registrar) -> None:
    id_ = id_of(operator.url, "Organization", "HOSPITAL")
    merged = (await operator.merge("HOSPITAL", "CLINIC"))["merged"]
    assert (await data(operator, NODE, id=id_))["node"] == {
        "id": id_,
        "code": "HOSPITAL",
        "closedOn": merged["closedOn"],
        "mergedInto": {"code": "CLINIC"},
        "rating": {"submissions": 0},
        "ancestors": [],
    }
    for closed in ("null", "true", "false"):
        listed = (await data(operator, LISTED % closed))["organizations"]["nodes"]
        assert {"code": "HOSPITAL"} not in listed
    assert {"code": "CLOSED"} in (await data(operator, LISTED % "true"))["organizations"]["nodes"]


async def test_who_points_at_it_rates_the_other_also_for_its_services(
    operator: Registrar, new_citizen: NewCitizen
) -> None:
    await operator.merge("CLINIC", "SCHOOL")
    rater = new_citizen("citizen-9")
    draft = rater.draft("CLINIC", service="VACCINE", questionnaire=id_of(operator.url, "Questionnaire", "VACCINE"))
    answer = await rater.send(draft)
    assert answer.data["submitQuestionnaire"]["organization"] == {"code": "SCHOOL"}
    assert (await rater.send(draft)).data == answer.data
    hold_totals(operator.url)


async def test_a_submission_keeps_whom_it_was_given_to_and_can_be_taken_back(operator: Registrar) -> None:
    rater = Registrar(operator.client, operator.url, "citizen-9")
    draft = rater.draft("HOSPITAL")
    id_ = (await rater.send(draft)).data["submitQuestionnaire"]["submission"]["id"]
    await operator.merge("HOSPITAL", "CLINIC")
    await operator.merge("CLINIC", "SCHOOL")
    assert (await data(rater, OWN, id=id_))["node"] == {
        "status": "COUNTED",
        "organization": {"code": "SCHOOL"},
        "givenTo": {"code": "HOSPITAL"},
    }
    again = (await rater.send(draft)).data["submitQuestionnaire"]
    assert (again["submission"]["id"], again["organization"]) == (id_, {"code": "SCHOOL"})
    assert (await rater.withdraw(id_))["organization"] == {"code": "SCHOOL"}
    hold_totals(operator.url)


async def test_who_has_just_rated_the_one_cannot_rate_the_other_yet(
    operator: Registrar, new_citizen: NewCitizen
) -> None:
    rater = new_citizen("citizen-9")
    await submitted(rater, "CLINIC")
    await operator.merge("CLINIC", "HOSPITAL")
    assert (await rater.submit("HOSPITAL"))["code"] == "TOO_SOON"


async def test_who_worked_there_has_no_role_any_more_and_cannot_rate_the_other(
    operator: Registrar, new_citizen: NewCitizen
) -> None:
    nurse = new_citizen("nurse")
    await nurse.withdraw(await submitted(nurse, "CLINIC"))
    await operator.merge("WARD", "CLINIC")
    assert (await nurse.submit("CLINIC"))["code"] == "CONFLICT_OF_INTEREST"
    with psycopg.connect(operator.url) as connection:
        assert connection.execute(GRANT).fetchall() == [(True, True)]


async def test_an_operator_stays_one_wherever_the_role_was_granted(operator: Registrar) -> None:
    await operator.merge("LONER", "WARD")
    assert (await operator.move("SCHOOL", "MINISTRY"))["__typename"] == "MoveOrganizationPayload"
    with psycopg.connect(operator.url) as connection:
        assert connection.execute(HELD_ON).fetchall() == [("MINISTRY",)]


async def test_both_are_on_the_trail(operator: Registrar) -> None:
    closed_on = (await operator.merge("CLINIC", "HOSPITAL"))["merged"]["closedOn"]
    merged, other, role = trail(operator.url)
    assert merged == (
        "citizen-20",
        "ORGANIZATION_MERGED",
        "CLINIC",
        {
            "closed_on.before": None,
            "closed_on.after": closed_on,
            "subordination.before": "below REGION",
            "subordination.after": None,
            "supervision.before": "below INSPECTORATE",
            "supervision.after": None,
            "merged_into.before": None,
            "merged_into.after": "HOSPITAL",
            "submissions": 1,
        },
    )
    assert other == (
        "citizen-20",
        "ORGANIZATION_MERGED",
        "HOSPITAL",
        {"services.before": "VISIT", "services.after": "VACCINE VISIT", "took_over": "CLINIC", "submissions": 1},
    )
    assert role == ("citizen-20", "ROLE_REVOKED", "CLINIC", {"role": "HEAD", "hierarchy": "SUPERVISION"})


async def test_merged_again_nothing_changes(operator: Registrar) -> None:
    first = await operator.merge("CLINIC", "HOSPITAL")
    before = digests(operator.url)
    assert await operator.merge("CLINIC", "HOSPITAL") == first
    assert digests(operator.url) == before
