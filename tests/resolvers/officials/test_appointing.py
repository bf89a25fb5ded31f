"""Roles granted and revoked through the API: by whom, where, how long, to whom, and what is left of it."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any, LiteralString

import psycopg
import pytest

from engine.meanings.global_ids import encode
from portal.scratch import ScratchServer
from tests.citizens import PROBLEM, Citizen, result
from tests.clients import client_of
from tests.digests import digests
from tests.officials import Official, appointed
from tests.resolvers.submissions.test_writers_at_once import together
from tests.trails import trail

GRANT = """id account role organization { code } hierarchy validFrom validTo revokedAt state grantedBy"""
CONSENT = "mutation { createAppointmentCode { code validUntil } }"
GRANT_ROLE = f"""mutation($input: GrantRoleInput!) {{
    grantRole(input: $input) {{ __typename {PROBLEM} ... on GrantRolePayload {{ grant {{ {GRANT} }} organization {{ code }} }} }} }}"""
REVOKE = f"""mutation($id: ID!) {{
    revokeRole(input: {{grant: $id}}) {{ __typename {PROBLEM} ... on RevokeRolePayload {{ grant {{ {GRANT} }} }} }} }}"""
LIST = f"""query($organization: OrganizationRef, $hierarchy: Hierarchy, $role: [Role!], $state: [GrantState!]) {{
    grants(organization: $organization, hierarchy: $hierarchy, role: $role, state: $state) {{ totalCount nodes {{ {GRANT} }} }} }}"""
OWN = f"{{ viewer {{ grants {{ totalCount nodes {{ {GRANT} }} }} }} }}"
# At the end of the transaction that changes some grant, those of an account are over.
ENDING = """
    CREATE FUNCTION end_role() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE role_grant SET revoked_at = clock_timestamp(), valid_to = greatest(valid_from, current_date) FROM account
        WHERE account.id = account_id AND code = '{account}' AND revoked_at IS NULL;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER end_role AFTER {event} ON role_grant DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION end_role()"""
TODAY: LiteralString = "SELECT date(now() AT TIME ZONE 'Europe/Minsk')"
# Roles of the accounts that grant here; HOSPITAL is below REGION below MINISTRY, and WARD below it.
OFFICES = {
    "citizen-11": ("OPERATOR", "LONER"),
    "citizen-12": ("SUPERVISOR", "REGION"),
    "citizen-13": ("HEAD", "HOSPITAL"),
    "citizen-14": ("SUPERVISOR", "INSPECTORATE", "SUPERVISION"),
    "citizen-15": ("HEAD", "LONER"),
    "citizen-16": ("STAFF", "HOSPITAL"),
    "citizen-17": ("REGISTRAR", "MINISTRY"),
    "citizen-18": ("MODERATOR", "MINISTRY"),
}
OPERATOR, SUPERVISOR, HEAD, INSPECTOR, LONER, STAFF, REGISTRAR, MODERATOR = OFFICES


@pytest.fixture
async def nobody(stage_url: str, tmp_path: Any) -> AsyncIterator[Official]:
    """Somebody without an account in a country of the test's own, whose officials are appointed."""
    async with client_of(stage_url, tmp_path) as client:
        yield with_officials(client, stage_url)


@pytest.fixture(scope="module")
async def unchanged(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Official]:
    """The same in a country for refusals: none of them changes anything."""
    with scratch.temporary(stage_template.replace("stage", f"appointing_{worker_id}"), stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            yield with_officials(client, url)


def with_officials(client: Any, url: str) -> Official:
    nobody = Citizen(client, url, None)
    for account, (role, *place) in OFFICES.items():
        appointed(nobody, account, role, *place)
    return Official(client, url, None)


def be(other: Official, account: str | None) -> Official:
    """Somebody in the same country."""
    return Official(other.client, other.url, account)


async def consent(other: Official, account: str = "citizen-20") -> str:
    """A code of somebody's who lets themselves be named."""
    return str((await be(other, account).ask(CONSENT)).data["createAppointmentCode"]["code"])


def wanted(code: str, role: str = "STAFF", organization: str = "HOSPITAL", **more: Any) -> dict[str, Any]:
    """An input of `grantRole`."""
    return {"code": code, "role": role, "organization": {"code": organization}, **more}


async def grant(other: Official, by: str, account: str = "citizen-20", /, *office: str, **more: Any) -> Any:
    """The result of granting a role to somebody who agrees."""
    code = await consent(other, account)
    return result(await be(other, by).ask(GRANT_ROLE, input=wanted(code, *office, **more)))


async def revoke(other: Official, by: str, id_: str) -> Any:
    """The result of revoking a grant."""
    return result(await be(other, by).ask(REVOKE, id=id_))


async def listed(other: Official, by: str | None, **variables: Any) -> set[tuple[str, str, str]]:
    """Whose grants somebody sees: account, role, organization."""
    found = (await be(other, by).ask(LIST, **variables)).data["grants"]
    assert found["totalCount"] == len(found["nodes"])
    return {(each["account"], each["role"], each["organization"]["code"]) for each in found["nodes"]}


def day(url: str, days: int = 0) -> str:
    """A date so many days from today, in the portal's time zone."""
    with psycopg.connect(url) as connection:
        ((today,),) = connection.execute(TODAY).fetchall()
    assert isinstance(today, date)
    return (today + timedelta(days=days)).isoformat()


async def test_a_head_names_staff_and_all_of_it_is_told(nobody: Official) -> None:
    found = await grant(nobody, HEAD)
    assert found["organization"]["code"] == "HOSPITAL"
    told = found["grant"]
    assert told == {
        "id": told["id"],
        "account": "citizen-20",
        "role": "STAFF",
        "organization": {"code": "HOSPITAL"},
        "hierarchy": "SUBORDINATION",
        "validFrom": day(nobody.url),
        "validTo": None,
        "revokedAt": None,
        "state": "CURRENT",
        "grantedBy": HEAD,
    }
    assert (await be(nobody, "citizen-20").ask(OWN)).data["viewer"]["grants"] == {"totalCount": 1, "nodes": [told]}
    assert ("citizen-20", "STAFF", "HOSPITAL") in await listed(nobody, HEAD)
    revoked = (await revoke(nobody, HEAD, told["id"]))["grant"]
    assert (revoked["state"], revoked["validTo"]) == ("PAST", day(nobody.url))
    assert (await be(nobody, "citizen-20").ask(OWN)).data["viewer"]["grants"]["nodes"] == [revoked]
    details = {"role": "STAFF", "hierarchy": "SUBORDINATION"}
    dates = {"validFrom": day(nobody.url), "validTo": None}
    assert trail(nobody.url) == [
        (HEAD, "ROLE_GRANTED", "HOSPITAL", details | dates),
        (HEAD, "ROLE_REVOKED", "HOSPITAL", details),
    ]


async def test_what_is_granted_may_be_done_at_once_and_revoked_no_more(nobody: Official) -> None:
    granted = await grant(nobody, SUPERVISOR, "citizen-20", "HEAD", "WARD")
    new_head = be(nobody, "citizen-20")
    ask = {"input": wanted("?", "STAFF", "WARD")}
    assert result(await new_head.ask(GRANT_ROLE, **ask))["code"] == "CODE_UNKNOWN"
    await revoke(nobody, SUPERVISOR, granted["grant"]["id"])
    assert (await new_head.ask(GRANT_ROLE, **ask)).refusal[0] == "FORBIDDEN"


async def test_events_are_in_the_trail_of_those_above_and_of_nobody_else(nobody: Official) -> None:
    await grant(nobody, HEAD)
    await grant(nobody, LONER, "citizen-21", "STAFF", "LONER")
    seen = {}
    for by in OFFICES:
        found = (await be(nobody, by).ask("{ auditEvents { nodes { grantee actor organization { code } } } }")).data
        seen[by] = [(each["actor"], each["grantee"]) for each in found["auditEvents"]["nodes"]]
    here, elsewhere = (HEAD, "citizen-20"), (LONER, "citizen-21")
    assert {by: events for by, events in seen.items() if events} == {
        OPERATOR: [elsewhere, here],
        SUPERVISOR: [here],
        INSPECTOR: [here],
    }


async def test_grants_are_listed_by_who_may_revoke_them_or_reads_the_trail(nobody: Official) -> None:
    await grant(nobody, SUPERVISOR, "citizen-20", "STAFF", "WARD")
    await grant(nobody, INSPECTOR, "citizen-21", "HEAD", "CLINIC", hierarchy="SUPERVISION")
    nurse, clinic = ("citizen-20", "STAFF", "WARD"), ("citizen-21", "HEAD", "CLINIC")
    staff, head = (STAFF, "STAFF", "HOSPITAL"), (HEAD, "HEAD", "HOSPITAL")
    heads = {("head", "HEAD", "HOSPITAL"), ("nurse", "HEAD", "WARD")}
    left = {(f"left-{months}-months-ago", "HEAD", "HOSPITAL") for months in (11, 13)}
    assert await listed(nobody, HEAD) == {nurse, staff}
    overseen = {clinic, staff, head, ("overseen", "HEAD", "CLINIC"), ("head", "HEAD", "HOSPITAL")} | left
    assert await listed(nobody, SUPERVISOR) == overseen | {nurse, ("regional", "HEAD", "REGION")} | heads
    assert await listed(nobody, INSPECTOR) == overseen | {("inspector", "HEAD", "INSPECTORATE")}
    everything = await listed(nobody, OPERATOR, organization={"code": "MINISTRY"})
    assert everything > {nurse, staff, head, (MODERATOR, "MODERATOR", "MINISTRY")}
    assert OPERATOR not in {account for account, *_ in await listed(nobody, OPERATOR)}
    for powerless in (LONER, STAFF, REGISTRAR, MODERATOR, "citizen-9", None):
        assert await listed(nobody, powerless) == set()


async def test_lists_are_narrowed_by_what_is_asked(nobody: Official) -> None:
    await grant(nobody, SUPERVISOR, "citizen-20", "STAFF", "WARD", validFrom=day(nobody.url, 3))
    nurse, past = ("citizen-20", "STAFF", "WARD"), {f"left-{months}-months-ago" for months in (11, 13)}
    assert await listed(nobody, SUPERVISOR, organization={"code": "WARD"}) == {nurse, ("nurse", "HEAD", "WARD")}
    assert await listed(nobody, SUPERVISOR, role=["STAFF"]) == {nurse, (STAFF, "STAFF", "HOSPITAL")}
    assert await listed(nobody, SUPERVISOR, state=["FUTURE"]) == {nurse}
    assert {account for account, *_ in await listed(nobody, SUPERVISOR, state=["PAST"])} == past
    assert await listed(nobody, SUPERVISOR, state=["PAST"], role=["STAFF"]) == set()
    overseen = await listed(nobody, OPERATOR, organization={"code": "INSPECTORATE"}, hierarchy="SUPERVISION")
    assert (INSPECTOR, "SUPERVISOR", "INSPECTORATE") in overseen
    assert nurse not in overseen


@pytest.mark.parametrize(
    ("by", "more", "code", "path"),
    [
        (HEAD, {"code": "WRNG-CODE-WRNG-CODE"}, "CODE_UNKNOWN", "code"),
        (HEAD, {"code": "x" * 41}, "TEXT_TOO_LONG", "code"),
        (HEAD, {"code": "a\0"}, "TEXT_INVALID", "code"),
        (HEAD, {"organization": {"code": "?"}}, "ORGANIZATION_UNKNOWN", "organization"),
        (HEAD, {"organization": {"id": encode("Area", 1)}}, "ID_INVALID", "organization"),
        (HEAD, {"validFrom": "2020-01-01"}, "VALID_FROM_PAST", "validFrom"),
        (HEAD, {"validFrom": "9999-01-01"}, "VALID_FROM_TOO_FAR", "validFrom"),
        (HEAD, {"validTo": "2020-01-01"}, "DATES_REVERSED", "validTo"),
        (OPERATOR, {"role": "OPERATOR"}, "NOT_AT_THE_TOP", "organization"),
    ],
    ids=str,
)
async def test_what_cannot_be_granted_is_told_and_changes_nothing(
    unchanged: Official, by: str, more: dict[str, Any], code: str, path: str
) -> None:
    given = wanted(await consent(unchanged)) | more
    before = digests(unchanged.url)
    problem = result(await be(unchanged, by).ask(GRANT_ROLE, input=given))
    assert (problem["code"], problem["path"]) == (code, ["input", path])
    assert digests(unchanged.url) == before


@pytest.mark.parametrize("by", [OPERATOR, SUPERVISOR, HEAD])
async def test_nobody_grants_to_themselves(unchanged: Official, by: str) -> None:
    code = await consent(unchanged, by)
    before = digests(unchanged.url)
    problem = result(await be(unchanged, by).ask(GRANT_ROLE, input=wanted(code, "STAFF", "WARD")))
    assert problem["code"] == "GRANTED_TO_ONESELF"
    assert digests(unchanged.url) == before


async def test_no_grant_outlives_the_role_by_which_it_is_made(nobody: Official) -> None:
    ends = day(nobody.url, 30)
    await grant(nobody, OPERATOR, "citizen-20", "HEAD", "CLINIC", validTo=ends)
    for valid_to in (None, day(nobody.url, 31)):
        problem = await grant(nobody, "citizen-20", "citizen-21", "STAFF", "CLINIC", validTo=valid_to)
        assert (problem["code"], problem["path"]) == ("OUTLIVES_GRANTER", ["input", "validTo"])
    granted = await grant(nobody, "citizen-20", "citizen-21", "STAFF", "CLINIC", validTo=ends)
    assert granted["grant"]["validTo"] == ends
    appointed(nobody, "citizen-20", "HEAD", "REGION")
    assert (await grant(nobody, "citizen-20", "citizen-22", "STAFF", "CLINIC"))["grant"]["validTo"] is None


async def test_a_role_to_come_gives_nothing_yet_and_revoked_before_was_never_held(nobody: Official) -> None:
    begins = day(nobody.url, 5)
    granted = (await grant(nobody, SUPERVISOR, "citizen-20", "HEAD", "WARD", validFrom=begins))["grant"]
    assert (granted["state"], granted["validFrom"]) == ("FUTURE", begins)
    other = be(nobody, "citizen-20")
    assert (await other.ask(GRANT_ROLE, input=wanted("?", "STAFF", "WARD"))).refusal[0] == "FORBIDDEN"
    assert (await other.submit("CLINIC"))["__typename"] == "SubmitQuestionnairePayload"
    revoked = (await revoke(nobody, SUPERVISOR, granted["id"]))["grant"]
    assert (revoked["state"], revoked["validTo"]) == ("PAST", begins)
    assert (await other.submit("HOSPITAL"))["__typename"] == "SubmitQuestionnairePayload"


async def test_who_is_named_cannot_rate_there_even_when_it_is_over(nobody: Official) -> None:
    granted = await grant(nobody, HEAD)
    await revoke(nobody, HEAD, granted["grant"]["id"])
    for body in ("HOSPITAL", "REGION"):
        assert (await be(nobody, "citizen-20").submit(body))["code"] == "CONFLICT_OF_INTEREST"
    assert (await be(nobody, "citizen-20").submit("CLINIC"))["__typename"] == "SubmitQuestionnairePayload"


async def test_nor_can_they_rate_who_took_the_organization_over(nobody: Official) -> None:
    await grant(nobody, INSPECTOR, "citizen-20", "HEAD", "CLINIC", hierarchy="SUPERVISION")
    merge = """mutation { mergeOrganization(input: {organization: {code: "CLINIC"}, into: {code: "HOSPITAL"}}) {
        __typename } }"""
    assert result(await be(nobody, OPERATOR).ask(merge))["__typename"] == "MergeOrganizationPayload"
    assert (await be(nobody, "citizen-20").submit("HOSPITAL"))["code"] == "CONFLICT_OF_INTEREST"
    (own,) = (await be(nobody, "citizen-20").ask(OWN)).data["viewer"]["grants"]["nodes"]
    assert (own["state"], own["revokedAt"] is None) == ("PAST", False)


async def test_a_code_is_good_for_one_grant_which_a_retry_answers_again(nobody: Official) -> None:
    code = await consent(nobody)
    given = wanted(code.lower().replace("-", " "))
    first = result(await be(nobody, HEAD).ask(GRANT_ROLE, input=given))
    before = digests(nobody.url)
    assert result(await be(nobody, HEAD).ask(GRANT_ROLE, input=given)) == first
    for more in ({"organization": {"code": "WARD"}}, {"validTo": "2099-01-01"}, {"validFrom": day(nobody.url, 1)}):
        assert result(await be(nobody, HEAD).ask(GRANT_ROLE, input=given | more))["code"] == "CODE_UNKNOWN"
    assert digests(nobody.url) == before
    await revoke(nobody, HEAD, first["grant"]["id"])
    assert result(await be(nobody, HEAD).ask(GRANT_ROLE, input=given))["code"] == "CODE_UNKNOWN"


async def test_a_code_is_replaced_by_the_next_and_expires(nobody: Official) -> None:
    first, second = await consent(nobody), await consent(nobody)
    assert result(await be(nobody, HEAD).ask(GRANT_ROLE, input=wanted(first)))["code"] == "CODE_UNKNOWN"
    with psycopg.connect(nobody.url) as connection:
        connection.execute("UPDATE appointment_code SET expires_at = now()")
    assert result(await be(nobody, HEAD).ask(GRANT_ROLE, input=wanted(second)))["code"] == "CODE_UNKNOWN"
    with psycopg.connect(nobody.url) as connection:
        kept = connection.execute("SELECT appointment_code::text FROM appointment_code").fetchall()
    assert second.replace("-", "") not in str(kept)


@pytest.mark.parametrize("by", [STAFF, REGISTRAR, INSPECTOR, "citizen-9", None])
async def test_who_may_not_grant_learns_nothing_of_a_code(unchanged: Official, by: str | None) -> None:
    answers = [
        (await be(unchanged, by).ask(GRANT_ROLE, input=wanted(code))).response.content
        for code in (await consent(unchanged), "WRNG-CODE-WRNG-CODE", "")
    ]
    assert len(set(answers)) == 1
    assert b"FORBIDDEN" in answers[0] or by is None


async def test_the_same_role_is_held_once(nobody: Official) -> None:
    await grant(nobody, HEAD)
    assert (await grant(nobody, SUPERVISOR))["code"] == "ALREADY_GRANTED"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (SUPERVISOR, None),
        (OPERATOR, None),
        (HEAD, "GRANT_UNKNOWN"),
        (INSPECTOR, "GRANT_UNKNOWN"),
        (LONER, "GRANT_UNKNOWN"),
    ],
)
async def test_a_grant_is_revoked_by_whoever_may_grant_it_there(nobody: Official, by: str, code: str | None) -> None:
    granted = (await grant(nobody, SUPERVISOR, "citizen-20", "HEAD", "WARD"))["grant"]["id"]
    before = digests(nobody.url)
    found = await revoke(nobody, by, granted)
    assert found.get("code") == code
    assert (digests(nobody.url) == before) is (code is not None)
    assert await revoke(nobody, by, encode("Grant", 999_999)) == {
        "__typename": "UnknownReferenceProblem",
        "code": "GRANT_UNKNOWN",
        "path": ["input", "grant"],
    }


async def test_who_grants_nothing_revokes_nothing_not_even_their_own(nobody: Official) -> None:
    own = {by: (await be(nobody, by).ask(OWN)).data["viewer"]["grants"]["nodes"][0]["id"] for by in (STAFF, HEAD)}
    before = digests(nobody.url)
    for by, id_ in ((STAFF, own[STAFF]), (STAFF, own[HEAD]), (REGISTRAR, own[STAFF]), (HEAD, own[HEAD])):
        assert (await be(nobody, by).ask(REVOKE, id=id_)).refusal[0] == "FORBIDDEN"
    assert (await be(nobody, None).ask(REVOKE, id=own[STAFF])).refusal[0] == "UNAUTHENTICATED"
    assert digests(nobody.url) == before


async def test_who_sees_a_grant_and_may_not_grant_it_revokes_nothing(nobody: Official) -> None:
    """The ministry's inspectors oversee the hospital; its head is the region's."""
    (own,) = (await be(nobody, "head").ask(OWN)).data["viewer"]["grants"]["nodes"]
    assert ("head", "HEAD", "HOSPITAL") in await listed(nobody, INSPECTOR)
    before = digests(nobody.url)
    assert (await be(nobody, INSPECTOR).ask(REVOKE, id=own["id"])).refusal[0] == "FORBIDDEN"
    assert digests(nobody.url) == before


async def test_revoking_again_changes_nothing_and_what_is_over_cannot_be_revoked(nobody: Official) -> None:
    granted = (await grant(nobody, HEAD))["grant"]["id"]
    first = await revoke(nobody, HEAD, granted)
    before = digests(nobody.url)
    assert await revoke(nobody, SUPERVISOR, granted) == first
    (left,) = (await be(nobody, "left-13-months-ago").ask(OWN)).data["viewer"]["grants"]["nodes"]
    assert (await revoke(nobody, SUPERVISOR, left["id"]))["code"] == "GRANT_OVER"
    assert digests(nobody.url) == before


async def test_who_loses_the_role_meanwhile_grants_nothing_by_it(nobody: Official) -> None:
    """Granting and losing the right to grant, often at once: what is granted was granted before."""
    own = (await be(nobody, HEAD).ask(OWN)).data["viewer"]["grants"]["nodes"][0]["id"]
    codes = [await consent(nobody, f"citizen-{number}") for number in (20, 21, 22, 23)]

    async def granted(code: str) -> str:
        answer = await be(nobody, HEAD).ask(GRANT_ROLE, input=wanted(code))
        if [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"]:
            return "FORBIDDEN"
        return str(result(answer)["__typename"])

    async def revoked() -> str:
        return str((await revoke(nobody, SUPERVISOR, own))["__typename"])

    results = await together([*(granted(code) for code in codes), revoked()])
    assert set(results) <= {"FORBIDDEN", "GrantRolePayload", "RevokeRolePayload"}
    events = [action for _, action, *_ in trail(nobody.url)]
    assert events == ["ROLE_GRANTED"] * results.count("GrantRolePayload") + ["ROLE_REVOKED"]


@pytest.mark.parametrize("account", [OPERATOR, SUPERVISOR, HEAD])
async def test_who_loses_the_role_by_the_time_of_the_answer_has_granted(nobody: Official, account: str) -> None:
    """The commit that makes the grant ends the granter's own role: the answer says that it was made, and no more."""
    code = await consent(nobody)
    with psycopg.connect(nobody.url) as connection:
        connection.execute(ENDING.format(event="INSERT", account=account).encode())
    granted = result(await be(nobody, account).ask(GRANT_ROLE, input=wanted(code)))
    assert granted == {"__typename": "GrantRolePayload", "grant": None, "organization": {"code": "HOSPITAL"}}
    (post,) = (await be(nobody, "citizen-20").ask(OWN)).data["viewer"]["grants"]["nodes"]
    assert (post["role"], post["state"]) == ("STAFF", "CURRENT")
    assert [action for _, action, *_ in trail(nobody.url)] == ["ROLE_GRANTED"]


async def test_who_loses_the_role_by_the_time_of_the_answer_has_revoked(nobody: Official) -> None:
    granted = result(await be(nobody, HEAD).ask(GRANT_ROLE, input=wanted(await consent(nobody))))
    with psycopg.connect(nobody.url) as connection:
        connection.execute(ENDING.format(event="UPDATE", account=HEAD).encode())
    revoked = result(await be(nobody, HEAD).ask(REVOKE, id=granted["grant"]["id"]))
    assert revoked == {"__typename": "RevokeRolePayload", "grant": None}
    (post,) = (await be(nobody, "citizen-20").ask(OWN)).data["viewer"]["grants"]["nodes"]
    assert post["state"] == "PAST"
