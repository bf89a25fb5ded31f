"""Policies: read by everybody, changed by operators, with dates, without ever changing the past."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import pytest

from models import recount
from models.policies import RULES, PolicyName
from portal.scratch import ScratchServer
from tests.citizens import PROBLEM, Citizen, result, scored
from tests.clients import Client, client_of
from tests.digests import digests
from tests.officials import Official, appointed
from tests.resolvers.submissions.test_writers_at_once import together

NewCitizen = Callable[[str | None], Citizen]
POLICIES = "{ policies { name description unit least most value validFrom history { value validFrom validTo } } }"
SET = f"""mutation($input: SetPolicyInput!) {{
    setPolicy(input: $input) {{ __typename {PROBLEM} ... on SetPolicyPayload {{ name value validFrom previous }} }} }}"""
WITHDRAW = f"""mutation($input: WithdrawPolicyInput!) {{ withdrawPolicy(input: $input) {{
    __typename {PROBLEM} ... on WithdrawPolicyPayload {{ name value validFrom previous }} }} }}"""
TRAIL: LiteralString = """SELECT account.code, action::text, subject::text, organization_id, details
    FROM audit_event JOIN account ON account.id = account_id ORDER BY audit_event.id"""


@pytest.fixture
def operator(new_citizen: NewCitizen) -> Official:
    return appointed(new_citizen("citizen-9"), "citizen-20", "OPERATOR", "MINISTRY")


@pytest.fixture(scope="module")
async def shared(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Official]:
    """One for all refusals: none of them changes anything."""
    with scratch.temporary(stage_template.replace("stage", f"policies_{worker_id}"), stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            yield appointed(Citizen(client, url, "citizen-9"), "citizen-20", "OPERATOR", "MINISTRY")


async def put(official: Official, name: str, value: str, valid_from: str | None = None) -> Any:
    """The result of setting a policy."""
    return result(await official.ask(SET, input={"name": name, "value": value, "validFrom": valid_from}))


async def take_back(official: Official, name: str, valid_from: str) -> Any:
    """The result of taking a plan back."""
    return result(await official.ask(WITHDRAW, input={"name": name, "validFrom": valid_from}))


async def policy(official: Official, name: str) -> Any:
    """A policy as it is read."""
    found = result(await official.ask(POLICIES))
    return next(each for each in found if each["name"] == name)


def ahead(**time: float) -> str:
    return (datetime.now(UTC) + timedelta(**time)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def refused(found: Any) -> tuple[str, str, list[str]]:
    return found["__typename"], found["code"], found["path"]


def trail(official: Official) -> list[Any]:
    with psycopg.connect(official.url) as connection:
        return connection.execute(TRAIL).fetchall()


async def test_everybody_reads_all_policies(client: Client) -> None:
    found = (await client.data(POLICIES))["policies"]
    assert [each["name"] for each in found] == [name.value for name in PolicyName]
    for each in found:
        rule = RULES[PolicyName(each["name"])]
        assert (each["description"], each["unit"]) == (rule.decides, rule.unit)
        assert (each["least"], each["most"]) == (rule.least, rule.most)
        first = each["history"][-1]
        assert (first["value"], first["validFrom"]) == (each["value"], each["validFrom"])
        assert each["validFrom"] == "2000-01-01T00:00:00.000000Z"
    values = {each["name"]: each["value"] for each in found}
    assert (values["MIN_RATERS"], values["TIME_ZONE"]) == ("5", "Europe/Minsk")
    assert len(client.statements) == 1


def test_every_policy_has_its_rule() -> None:
    assert set(RULES) == set(PolicyName)


async def test_a_value_holds_from_now_on(operator: Official) -> None:
    before = await policy(operator, "MIN_RATERS")
    done = await put(operator, "MIN_RATERS", "7")
    assert (done["__typename"], done["value"], done["previous"]) == ("SetPolicyPayload", "7", "1")
    after = await policy(operator, "MIN_RATERS")
    assert (after["value"], after["validFrom"]) == ("7", done["validFrom"])
    assert after["history"][0] == {"value": "7", "validFrom": done["validFrom"], "validTo": None}
    assert after["history"][1] == before["history"][0] | {"validTo": done["validFrom"]}
    assert after["history"][2:] == before["history"][1:]


async def test_the_rules_follow_it_at_once(operator: Official, new_citizen: NewCitizen) -> None:
    citizen = new_citizen("citizen-9")
    await citizen.submit()
    assert (await citizen.submit())["reason"] == "TOO_SOON"
    await put(operator, "REPEAT_INTERVAL_HOURS", "0")
    assert (await citizen.submit())["__typename"] == "SubmitQuestionnairePayload"


async def test_each_change_is_on_the_trail_with_both_values(operator: Official) -> None:
    done = await put(operator, "MIN_RATERS", "7")
    plan = await put(operator, "TIME_ZONE", "Europe/Warsaw", ahead(days=1))
    await take_back(operator, "TIME_ZONE", plan["validFrom"])
    number, zone, back = trail(operator)
    assert number[:4] == ("citizen-20", "POLICY_SET", "POLICY", None)
    moment = datetime.fromisoformat(number[4].pop("validFrom"))
    assert moment == datetime.fromisoformat(done["validFrom"])
    assert number[4] == {"policy": "MIN_RATERS", "before": 1, "value": 7}
    assert (zone[1], zone[4]["before"], zone[4]["value"]) == ("POLICY_SET", "Europe/Minsk", "Europe/Warsaw")
    assert (back[1], back[4]["before"], back[4]["value"]) == ("POLICY_WITHDRAWN", "Europe/Warsaw", "Europe/Minsk")


async def test_setting_what_is_so_changes_nothing(operator: Official) -> None:
    first = await put(operator, "MIN_RATERS", "7")
    before = digests(operator.url)
    again = await put(operator, "MIN_RATERS", "7")
    assert (again["value"], again["validFrom"]) == ("7", first["validFrom"])
    assert (await put(operator, "MIN_RATERS", "7", ahead(days=1)))["validFrom"] == first["validFrom"]
    assert digests(operator.url) == before


async def test_a_plan_is_replaced_and_taken_back_before_it_begins(operator: Official) -> None:
    moment = ahead(days=30)
    before = await policy(operator, "MIN_RATERS")
    await put(operator, "MIN_RATERS", "7", moment)
    planned = await policy(operator, "MIN_RATERS")
    assert (planned["value"], planned["history"][0]["value"]) == (before["value"], "7")
    done = await put(operator, "MIN_RATERS", "8", moment)
    assert (done["value"], done["previous"], done["validFrom"]) == ("8", "7", moment)
    assert [each["value"] for each in (await policy(operator, "MIN_RATERS"))["history"]] == ["8", "1", "5"]
    back = await take_back(operator, "MIN_RATERS", moment)
    assert (back["value"], back["previous"], back["validFrom"]) == ("1", "8", moment)
    assert await policy(operator, "MIN_RATERS") == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, str(value))
            for name, rule in RULES.items()
            if rule.least is not None and rule.most is not None
            for value in (rule.least - 1, rule.most + 1)
        ),
        *(("MIN_RATERS", value) for value in ("", " 5", "5.0", "+5", "٥", "5" * 30, "five", "a\0", "x" * 101)),
        *(("TIME_ZONE", value) for value in ("", "Europe/Atlantis", "+03:00", "5")),
    ],
    ids=str,
)
async def test_a_value_that_does_not_fit_is_refused(shared: Official, name: PolicyName | str, value: str) -> None:
    before = digests(shared.url)
    found = await put(shared, name if isinstance(name, str) else name.value, value)
    assert (found["__typename"], found["path"]) == ("InvalidInputProblem", ["input", "value"])
    assert digests(shared.url) == before


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (ahead(seconds=-1), "VALID_FROM_PAST"),
        ("2000-01-01T00:00:00Z", "VALID_FROM_PAST"),
        (ahead(days=4000), "VALID_FROM_TOO_FAR"),
        ("9999-12-31T23:59:59-14:00", "VALID_FROM_TOO_FAR"),
    ],
    ids=["a-second-ago", "the-first-one", "eleven-years", "the-end-of-time"],
)
async def test_a_moment_that_does_not_fit_is_refused(shared: Official, moment: str, code: str) -> None:
    before = digests(shared.url)
    assert refused(await put(shared, "MIN_RATERS", "7", moment)) == (
        "InvalidInputProblem",
        code,
        ["input", "validFrom"],
    )
    assert digests(shared.url) == before


async def test_only_what_is_to_come_is_taken_back(shared: Official) -> None:
    before = digests(shared.url)
    in_force = (await policy(shared, "MIN_RATERS"))["validFrom"]
    path = ["input", "validFrom"]
    assert refused(await take_back(shared, "MIN_RATERS", in_force)) == ("InvalidInputProblem", "POLICY_IN_FORCE", path)
    found = await take_back(shared, "MIN_RATERS", ahead(days=1))
    assert refused(found) == ("UnknownReferenceProblem", "POLICY_UNKNOWN", path)
    assert digests(shared.url) == before


@pytest.mark.parametrize("role", ["STAFF", "HEAD", "SUPERVISOR", "MODERATOR", "REGISTRAR", None])
async def test_everybody_but_operators_is_forbidden(new_citizen: NewCitizen, role: str | None) -> None:
    citizen = new_citizen("citizen-9")
    official = (
        appointed(citizen, "citizen-20", role, "MINISTRY")
        if role
        else Official(citizen.client, citizen.url, "citizen-20")
    )
    before = digests(citizen.url)
    change, plan = {"name": "MIN_RATERS", "value": "7"}, {"name": "MIN_RATERS", "validFrom": ahead(days=1)}
    answer = await official.ask(SET, input=change)
    assert (answer.data, answer.refusal) == (None, ("FORBIDDEN", None))
    assert (await official.ask(WITHDRAW, input=plan)).refusal == ("FORBIDDEN", None)
    nobody = Official(citizen.client, citizen.url, None)
    assert (await nobody.ask(SET, input=change)).refusal == ("UNAUTHENTICATED", None)
    assert (await nobody.ask(WITHDRAW, input=plan)).refusal == ("UNAUTHENTICATED", None)
    assert digests(citizen.url) == before


async def test_setting_a_policy_takes_six_statements(operator: Official) -> None:
    """The role, the trees' lock, the moment, the value of before, the new one, the trail."""
    await put(operator, "MIN_RATERS", "7")
    assert len(operator.client.statements) == 6


async def test_submissions_meanwhile_are_satisfied_by_the_policy_of_their_moment(
    operator: Official, new_citizen: NewCitizen
) -> None:
    """While raters submit, the mark that satisfies goes up and down: the totals stay what a recount gives."""
    people = [new_citizen(f"citizen-{number}") for number in range(6, 14)]
    submissions = [each.submit("HOSPITAL", scores=scored(PLAIN=4, POLITE=4)) for each in people]
    changes = [put(operator, "SATISFACTION_MARK", mark) for mark in "53545354"]
    results = await together(action for pair in zip(submissions, changes, strict=True) for action in pair)
    assert {each["__typename"] for each in results} == {"SubmitQuestionnairePayload", "SetPolicyPayload"}
    with psycopg.connect(operator.url) as connection:
        assert recount.differences(connection) == []
