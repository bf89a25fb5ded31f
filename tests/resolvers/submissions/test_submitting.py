"""What counts from the moment submitQuestionnaire has answered: exactly, and everywhere at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.rows import dict_row

from models import recount
from tests.citizens import DONE, SUBMIT, Citizen, answered, scored
from tests.oracle import RATING, Country, ranking

EVERYTHING = f"""{{ organizations(first: 100, filter: {{closed: null}}) {{ nodes {{
    code own: rating {{ {RATING} }} rank {{ position tied outOf }}
    SUBORDINATION: rating(scope: SUBTREE, hierarchy: SUBORDINATION) {{ {RATING} }}
    SUPERVISION: rating(scope: SUBTREE, hierarchy: SUPERVISION) {{ {RATING} }}
}} }} }}"""

NewCitizen = Callable[[str | None], Citizen]


@pytest.fixture
def citizen(new_citizen: NewCitizen) -> Citizen:
    return new_citizen("citizen-9")


def row(url: str, query: LiteralString, *values: Any) -> dict[str, Any]:
    """The only row of a query."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        (found,) = connection.execute(query, values).fetchall()
    return found


def expected(country: Country) -> dict[str, Any]:
    """What `EVERYTHING` answers, worked out from the raw rows."""
    own = {code: country.rating([code]) for code in country.organizations}
    ranks = ranking({code: own[code] for code in country.chosen()}, minimum=1)
    return {
        code: {
            "own": own[code],
            "rank": {"position": rank.position, "tied": rank.tied, "outOf": rank.out_of},
            **{
                tree: country.rating([code, *country.subordinates(code, tree)])
                for tree in ("SUBORDINATION", "SUPERVISION")
            },
        }
        for code, rank in ranks.items()
    }


async def assert_exact(citizen: Citizen) -> None:
    """Everything that the API answers is what the raw rows add up to, and so are the stored totals."""
    answer = await citizen.client.data(EVERYTHING)
    found = {node.pop("code"): node for node in answer["organizations"]["nodes"]}
    right = expected(Country(citizen.url))
    assert {code: found[code] for code in right} == right
    with psycopg.connect(citizen.url) as connection:
        assert recount.differences(connection) == []


def raters(url: str, organization: str, pool: str) -> int:
    """How many distinct raters a total has."""
    query: LiteralString = (
        "SELECT raters FROM total JOIN organization ON id = organization_id WHERE code = %s AND pool = %s::pool"
    )
    found: int = row(url, query, organization, pool)["raters"]
    return found


async def test_the_payload_says_who_was_rated(citizen: Citizen) -> None:
    found = await citizen.submit("HOSPITAL")
    assert (found["__typename"], found["organization"]) == ("SubmitQuestionnairePayload", {"code": "HOSPITAL"})


async def test_a_submission_is_answered_as_it_was_made(citizen: Citizen) -> None:
    found = await citizen.submit("HOSPITAL", scores=scored(POLITE=3, PLAIN=5, CLEAN=5), comment="Thanks!")
    submission = found["submission"]
    assert submission.pop("id")
    assert submission == {
        "status": "COUNTED",
        "mark": "4.333333",
        "comment": "Thanks!",
        "scores": [
            {"criterion": {"code": "PLAIN"}, "score": 5},
            {"criterion": {"code": "POLITE"}, "score": 3},
            {"criterion": {"code": "CLEAN"}, "score": 5},
        ],
    }


@pytest.mark.parametrize("organization", ["HOSPITAL", "MINISTRY", "SCHOOL", "LONER"])
async def test_every_value_follows_at_once(citizen: Citizen, organization: str) -> None:
    await assert_exact(citizen)
    before = raters(citizen.url, organization, "SUBORDINATION")
    await citizen.submit(organization, scores=scored(PLAIN=1, POLITE=4))
    await assert_exact(citizen)
    assert raters(citizen.url, organization, "SUBORDINATION") == before + 1


async def test_the_payload_shows_the_new_rating_already(citizen: Citizen) -> None:
    selected = f"{DONE} organization {{ rating {{ submissions }} rank {{ position }} }}"
    answer = await citizen.client.query(
        SUBMIT.replace(DONE, selected),
        {"input": citizen.draft("SCHOOL", scores=scored(PLAIN=5, POLITE=5))},
        citizen.client.token_for("citizen-9"),
    )
    found = answer.data["submitQuestionnaire"]["organization"]
    assert found == {"code": "SCHOOL", "rating": {"submissions": 1}, "rank": {"position": 1}}


async def test_one_who_rates_two_bodies_of_a_ministry_is_one_of_its_raters(citizen: Citizen) -> None:
    for organization in ("HOSPITAL", "CLINIC"):
        await citizen.submit(organization)
    assert raters(citizen.url, "MINISTRY", "SUBORDINATION") == 5
    assert raters(citizen.url, "INSPECTORATE", "SUPERVISION") == 3
    assert raters(citizen.url, "HOSPITAL", "OWN") == raters(citizen.url, "CLINIC", "OWN") == 2
    await assert_exact(citizen)


async def test_a_satisfied_rater_is_one_who_gives_four_or_more(new_citizen: NewCitizen) -> None:
    await new_citizen("citizen-8").submit("SCHOOL", scores=scored(PLAIN=4, POLITE=4))
    await new_citizen("citizen-9").submit("SCHOOL", scores=scored(PLAIN=4, POLITE=3))
    query = '{ organization(by: {code: "SCHOOL"}) { rating { satisfaction submissions } } }'
    answer = await new_citizen(None).client.data(query)
    assert answer["organization"]["rating"] == {"satisfaction": "0.5000", "submissions": 2}


@pytest.mark.parametrize(
    ("changes", "statements"),
    [
        ({}, 9),
        ({"comment": "Thanks!"}, 10),
        ({"comment": "Thanks!", "employee": "Jane", "answers": answered(yes_no=["true"], number=["3"])}, 13),
    ],
)
async def test_a_submission_takes_so_many_statements(
    citizen: Citizen, changes: dict[str, Any], statements: int
) -> None:
    """Two locks, the key, the situation, the form in two, the submission, each of its parts, what was kept of it and the totals; then one reads."""
    answer = await citizen.client.query(
        "mutation($input: SubmitQuestionnaireInput!) { submitQuestionnaire(input: $input) { __typename } }",
        {"input": citizen.draft("SCHOOL", **changes)},
        citizen.client.token_for("citizen-9"),
    )
    assert answer.data == {"submitQuestionnaire": {"__typename": "SubmitQuestionnairePayload"}}
    assert len(citizen.client.statements) == statements


async def test_what_was_told_is_stored(citizen: Citizen) -> None:
    await citizen.submit("HOSPITAL", service="VISIT", channel="PHONE", visitedOn="2026-01-31")
    query: LiteralString = """SELECT service.code, channel::text, visited_on, rater_kind::text, submitted_on,
        (submitted_at AT TIME ZONE 'Europe/Minsk')::date AS on_that_date
        FROM submission JOIN service ON service.id = service_id"""
    found = row(citizen.url, query)
    assert found.pop("submitted_on") == found.pop("on_that_date")
    assert found == {"code": "VISIT", "channel": "PHONE", "visited_on": date(2026, 1, 31), "rater_kind": "PERSON"}


async def test_a_company_submits_as_one(new_citizen: NewCitizen) -> None:
    await new_citizen("company").submit()
    query: LiteralString = "SELECT count(*) AS submissions FROM submission WHERE rater_kind = 'BUSINESS'"
    assert row(new_citizen(None).url, query) == {"submissions": 1}


async def test_answers_of_every_type_are_stored(citizen: Citizen) -> None:
    given = {
        "choice": ["A"],
        "multiple_choice": ["B", "A"],
        "yes_no": ["false"],
        "text": ["More seats"],
        "number": ["-1.5"],
    }
    await citizen.submit("SCHOOL", answers=answered(**given))
    query: LiteralString = (
        "SELECT jsonb_object_agg(code, values) AS answers FROM answer JOIN question ON id = question_id"
    )
    assert row(citizen.url, query) == {"answers": given}


@pytest.mark.parametrize("text", ["Дзякуй, «Настаўнік» 👍", "x" * 10_000])
async def test_a_review_is_stored(citizen: Citizen, text: str) -> None:
    found = await citizen.submit(comment=text)
    assert found["submission"]["comment"] == text
    assert row(citizen.url, "SELECT text, published FROM review") == {"text": text, "published": True}


@pytest.mark.parametrize("text", ["", " \n\t", None])
async def test_a_blank_text_is_none(citizen: Citizen, text: str | None) -> None:
    found = await citizen.submit(comment=text, employee=text)
    assert found["submission"]["comment"] is None
    query: LiteralString = "SELECT (SELECT count(*) FROM review) + (SELECT count(*) FROM employee_mention) AS texts"
    assert row(citizen.url, query) == {"texts": 0}


async def test_an_employee_is_kept_apart_and_as_long_as_the_policy_says(citizen: Citizen) -> None:
    with psycopg.connect(citizen.url) as connection:
        connection.execute("INSERT INTO policy VALUES ('EMPLOYEE_RETENTION_MONTHS', '2026-01-01', '2')")
    await citizen.submit(employee="Jane")
    query: LiteralString = """SELECT name, delete_after = (submitted_on + interval '2 months')::date AS by_policy
        FROM employee_mention JOIN submission ON id = submission_id"""
    assert row(citizen.url, query) == {"name": "Jane", "by_policy": True}


async def test_a_form_for_a_service_told_is_accepted_with_it(citizen: Citizen, form: Callable[..., str]) -> None:
    found = await citizen.submit("CLINIC", service="VACCINE", questionnaire=form("VACCINE"))
    assert found["__typename"] == "SubmitQuestionnairePayload"


async def test_a_form_for_one_service_does_not_displace_another_services_form(citizen: Citizen) -> None:
    found = await citizen.submit("CLINIC", service="VISIT")
    assert found["__typename"] == "SubmitQuestionnairePayload"


async def test_a_form_that_was_retired_within_the_grace_period_is_accepted(
    citizen: Citizen, form: Callable[..., str]
) -> None:
    found = await citizen.submit("SCHOOL", questionnaire=form("GENERAL", 2))
    assert found["__typename"] == "SubmitQuestionnairePayload"


async def test_an_interval_that_is_over_allows_the_next_one(citizen: Citizen) -> None:
    with psycopg.connect(citizen.url) as connection:
        connection.execute("INSERT INTO policy VALUES ('REPEAT_INTERVAL_HOURS', now() - interval '1 minute', '0')")
    for _ in range(2):
        assert (await citizen.submit())["__typename"] == "SubmitQuestionnairePayload"
    assert raters(citizen.url, "HOSPITAL", "OWN") == 2
    await assert_exact(citizen)


@pytest.mark.parametrize("account", ["left-13-months-ago", "overseen"])
async def test_who_has_no_conflict_of_interest_may_submit(new_citizen: NewCitizen, account: str) -> None:
    assert (await new_citizen(account).submit("HOSPITAL"))["__typename"] == "SubmitQuestionnairePayload"


async def test_a_submission_has_the_moment_it_was_made(citizen: Citizen) -> None:
    before = datetime.now(UTC)
    await citizen.submit("SCHOOL")
    query: LiteralString = "SELECT max(submitted_at) AS latest FROM submission"
    assert before <= row(citizen.url, query)["latest"] <= datetime.now(UTC)
