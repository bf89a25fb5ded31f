"""Each thing that may be wrong with a submission has its own answer, and changes nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from engine.meanings.global_ids import encode
from portal.scratch import ScratchServer
from tests.citizens import SUBMIT, Citizen, answered, scored
from tests.clients import client_of
from tests.digests import digests
from tests.stage import id_of

Changes = dict[str, Any]

MANY = "children(first: 100)"


@pytest.fixture(scope="module")
async def citizen(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Citizen]:
    """One for all tests here: none of them changes anything."""
    name = stage_template.replace("stage", f"refusals_{worker_id}")
    with scratch.temporary(name, stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            yield Citizen(client, url, "citizen-9")


async def refusal(citizen: Citizen, organization: str, changes: Changes) -> tuple[str, str, str]:
    """The type, code and dotted path of the problem; proves that nothing has changed."""
    before = digests(citizen.url)
    problem = await citizen.submit(organization, **changes)
    assert digests(citizen.url) == before
    return problem["__typename"], problem["code"], ".".join(problem["path"])


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"organization": {"code": "NOWHERE"}}, "ORGANIZATION_UNKNOWN", "organization"),
        ({"organization": {"code": ""}}, "ORGANIZATION_UNKNOWN", "organization"),
        ({"organization": {"id": encode("Organization", 999)}}, "ORGANIZATION_UNKNOWN", "organization"),
        ({"service": "NOTHING"}, "SERVICE_UNKNOWN", "service"),
    ],
)
async def test_a_reference_to_nothing_is_unknown(citizen: Citizen, changes: Changes, code: str, path: str) -> None:
    expected = ("UnknownReferenceProblem", code, f"input.{path}")
    assert await refusal(citizen, "HOSPITAL", changes) == expected


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"organization": {"id": "nonsense"}}, "ID_INVALID", "organization"),
        ({"organization": {"id": "a\0"}}, "ID_INVALID", "organization"),
        ({"organization": {"id": encode("Service", 1)}}, "ID_INVALID", "organization"),
        ({"questionnaire": "nonsense"}, "ID_INVALID", "questionnaire"),
        ({"questionnaire": encode("Organization", 1)}, "ID_INVALID", "questionnaire"),
        ({"questionnaire": encode("Questionnaire", 999)}, "QUESTIONNAIRE_DOES_NOT_APPLY", "questionnaire"),
        ({"service": "VACCINE"}, "SERVICE_NOT_RENDERED", "service"),
        ({"visitedOn": "2099-01-01"}, "VISIT_IN_FUTURE", "visitedOn"),
        ({"comment": "x" * 10_001}, "TEXT_TOO_LONG", "comment"),
        ({"employee": "x" * 201}, "TEXT_TOO_LONG", "employee"),
        ({"idempotencyKey": "x" * 201}, "TEXT_TOO_LONG", "idempotencyKey"),
        ({"idempotencyKey": " \n"}, "TEXT_BLANK", "idempotencyKey"),
        ({"idempotencyKey": "a\0"}, "TEXT_INVALID", "idempotencyKey"),
        ({"comment": "a\0"}, "TEXT_INVALID", "comment"),
        ({"employee": "a\0"}, "TEXT_INVALID", "employee"),
        ({"service": "a\0"}, "TEXT_INVALID", "service"),
        ({"organization": {"code": "a\0"}}, "TEXT_INVALID", "organization"),
        ({"questionnaire": "a\0"}, "TEXT_INVALID", "questionnaire"),
        ({"onBehalfOf": "me"}, "ONLY_FOR_SYSTEMS", "onBehalfOf"),
        ({"caseReference": "1"}, "ONLY_FOR_SYSTEMS", "caseReference"),
    ],
)
async def test_a_value_that_cannot_be_used_is_named(citizen: Citizen, changes: Changes, code: str, path: str) -> None:
    expected = ("InvalidInputProblem", code, f"input.{path}")
    assert await refusal(citizen, "HOSPITAL", changes) == expected


@pytest.mark.parametrize(
    ("scores", "code", "path"),
    [
        ([], "CRITERION_MISSING", "scores"),
        (scored(PLAIN=5), "CRITERION_MISSING", "scores"),
        (scored(PLAIN=5, CLEAN=5), "CRITERION_MISSING", "scores"),
        (scored(PLAIN=5, POLITE=0), "SCORE_OUT_OF_RANGE", "scores.1.score"),
        (scored(PLAIN=5, POLITE=6), "SCORE_OUT_OF_RANGE", "scores.1.score"),
        (scored(PLAIN=-1, POLITE=4), "SCORE_OUT_OF_RANGE", "scores.0.score"),
        (scored(PLAIN=5, POLITE=4, CLEAN=2**31 - 1), "SCORE_OUT_OF_RANGE", "scores.2.score"),
        (scored(PLAIN=5, POLITE=4) + scored(PLAIN=5), "CRITERION_REPEATED", "scores.2.criterion"),
        (scored(PLAIN=5, POLITE=4, QUICK=5), "CRITERION_UNKNOWN", "scores.2.criterion"),
        (scored(PLAIN=5, POLITE=4, **{"a\0": 5}), "CRITERION_UNKNOWN", "scores.2.criterion"),
    ],
)
async def test_scores_fit_the_form(citizen: Citizen, scores: Any, code: str, path: str) -> None:
    expected = ("InvalidInputProblem", code, f"input.{path}")
    assert await refusal(citizen, "HOSPITAL", {"scores": scores}) == expected


async def test_a_score_for_what_only_another_form_asks_is_unknown(citizen: Citizen) -> None:
    changes = {"scores": scored(PLAIN=5, POLITE=4, CLEAN=3)}
    expected = ("InvalidInputProblem", "CRITERION_UNKNOWN", "input.scores.2.criterion")
    assert await refusal(citizen, "SCHOOL", changes) == expected


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("choice", ["C"]),
        ("choice", ["A", "B"]),
        ("choice", []),
        ("multiple_choice", ["A", "C"]),
        ("multiple_choice", ["A", "A"]),
        ("multiple_choice", []),
        ("yes_no", ["yes"]),
        ("yes_no", ["true", "false"]),
        ("yes_no", []),
        ("number", ["many"]),
        ("number", ["1", "2"]),
        ("number", ["1e5"]),
        ("number", ["٣"]),
        ("number", ["1\n"]),
        ("number", []),
        ("text", [" "]),
        ("text", ["a", "b"]),
        ("text", ["x" * 2_001]),
        ("text", ["a\0"]),
        ("text", []),
    ],
)
async def test_an_answer_fits_its_question(citizen: Citizen, question: str, values: list[str]) -> None:
    changes = {"answers": answered(**{question: values})}
    expected = ("InvalidInputProblem", "ANSWER_INVALID", "input.answers.0.values")
    assert await refusal(citizen, "SCHOOL", changes) == expected


@pytest.mark.parametrize(
    ("organization", "answers", "code", "path"),
    [
        ("SCHOOL", answered(weather=["fine"]), "QUESTION_UNKNOWN", "answers.0.question"),
        ("SCHOOL", answered(text=["a"]) + answered(text=["b"]), "QUESTION_REPEATED", "answers.1.question"),
        ("WARD", [], "ANSWER_MISSING", "answers"),
        ("WARD", None, "ANSWER_MISSING", "answers"),
    ],
)
async def test_answers_fit_the_form(citizen: Citizen, organization: str, answers: Any, code: str, path: str) -> None:
    expected = ("InvalidInputProblem", code, f"input.{path}")
    assert await refusal(citizen, organization, {"answers": answers}) == expected


@pytest.mark.parametrize(
    ("organization", "form"),
    [
        ("SCHOOL", ("DRAFT", 1)),
        ("SCHOOL", ("PLANNED", 1)),
        ("SCHOOL", ("HEALTH", 1)),
        ("SCHOOL", ("WARD", 1)),
        ("CLINIC", ("VACCINE", 1)),
        ("HOSPITAL", ("GENERAL", 3)),
    ],
    ids=["draft", "not-yet", "other-sphere", "other-organization", "service-not-told", "displaced"],
)
async def test_a_form_that_was_not_to_be_shown_does_not_apply(
    citizen: Citizen, organization: str, form: tuple[str, int]
) -> None:
    changes = {"questionnaire": id_of(citizen.url, "Questionnaire", *form)}
    expected = ("InvalidInputProblem", "QUESTIONNAIRE_DOES_NOT_APPLY", "input.questionnaire")
    assert await refusal(citizen, organization, changes) == expected


async def test_a_form_that_was_replaced_longer_ago_than_the_grace_period_is_retired(citizen: Citizen) -> None:
    changes = {"questionnaire": id_of(citizen.url, "Questionnaire", "GENERAL", 1)}
    expected = ("InvalidInputProblem", "QUESTIONNAIRE_RETIRED", "input.questionnaire")
    assert await refusal(citizen, "SCHOOL", changes) == expected


async def test_a_form_for_the_service_told_displaces_the_general_one(citizen: Citizen) -> None:
    expected = ("InvalidInputProblem", "QUESTIONNAIRE_DOES_NOT_APPLY", "input.questionnaire")
    assert await refusal(citizen, "CLINIC", {"service": "VACCINE"}) == expected


async def test_a_closed_organization_takes_none(citizen: Citizen) -> None:
    expected = ("NotEligibleProblem", "ORGANIZATION_CLOSED", "input.organization")
    assert await refusal(citizen, "CLOSED", {}) == expected


@pytest.mark.parametrize(
    ("account", "organization"),
    [
        ("head", "HOSPITAL"),
        ("head", "WARD"),
        ("head", "REGION"),
        ("head", "MINISTRY"),
        ("regional", "HOSPITAL"),
        ("minister", "WARD"),
        ("nurse", "HOSPITAL"),
        ("nurse", "MINISTRY"),
        ("inspector", "HOSPITAL"),
        ("overseen", "CLINIC"),
        ("overseen", "INSPECTORATE"),
        ("left-11-months-ago", "HOSPITAL"),
        ("left-11-months-ago", "MINISTRY"),
    ],
)
async def test_nobody_rates_where_one_works_or_above_or_below(
    citizen: Citizen, account: str, organization: str
) -> None:
    official = Citizen(citizen.client, citizen.url, account)
    answers = answered(solved=["true"]) if organization == "WARD" else None
    expected = ("NotEligibleProblem", "CONFLICT_OF_INTEREST", "input.organization")
    assert await refusal(official, organization, {"answers": answers}) == expected


async def test_nobody_in_particular_has_to_sign_in(citizen: Citizen) -> None:
    before = digests(citizen.url)
    anonymous = Citizen(citizen.client, citizen.url, None)
    answer = await anonymous.send(anonymous.draft())
    assert (answer.data, answer.refusal) == (None, ("UNAUTHENTICATED", None))
    assert digests(citizen.url) == before


@pytest.mark.parametrize(
    "reference",
    [{}, {"code": "HOSPITAL", "id": encode("Organization", 1)}, {"code": None}, {"id": None, "code": "HOSPITAL"}],
)
async def test_an_organization_is_told_by_exactly_one_of_id_and_code(citizen: Citizen, reference: Changes) -> None:
    before = digests(citizen.url)
    answer = await citizen.send(citizen.draft(organization=reference))
    assert answer.data is None
    assert {error["extensions"]["code"] for error in answer.errors} == {"BAD_USER_INPUT"}
    assert digests(citizen.url) == before


@pytest.mark.parametrize("fields", ["", 'id: "x", code: "HOSPITAL"', "id: $id, code: $code", "code: $nothing"])
async def test_a_reference_in_the_document_is_exactly_one_as_well(citizen: Citizen, fields: str) -> None:
    before = digests(citizen.url)
    operation = f"""mutation($id: ID = "x", $code: String = "HOSPITAL", $nothing: String) {{
        submitQuestionnaire(input: {{
            organization: {{{fields}}} questionnaire: "x" scores: [] idempotencyKey: "x"
        }}) {{ __typename }}
    }}"""
    assert citizen.account
    answer = await citizen.client.query(operation, None, citizen.client.token_for(citizen.account))
    assert answer.data is None
    assert {error["extensions"]["code"] for error in answer.errors} <= {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}
    assert digests(citizen.url) == before


@pytest.mark.parametrize("field", ["comment", "employee", "idempotencyKey", "service", "questionnaire"])
async def test_a_lone_surrogate_is_no_text(citizen: Citizen, field: str) -> None:
    """Neither in variables, which then are not JSON, nor in a document."""
    before = digests(citizen.url)
    body = json.dumps({"query": SUBMIT, "variables": {"input": citizen.draft() | {field: "\ud800"}}})
    token = citizen.client.token_for("citizen-9")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    response = await citizen.client.http.post("/graphql", content=body, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    literal = f'mutation {{ submitQuestionnaire(input: {{{field}: "\\ud800"}}) {{ __typename }} }}'
    assert (await citizen.client.query(literal, None, token)).refusal == ("GRAPHQL_PARSE_FAILED", None)
    assert digests(citizen.url) == before


async def test_a_comment_of_two_megabytes_is_not_even_read(citizen: Citizen) -> None:
    before = digests(citizen.url)
    answer = await citizen.send(citizen.draft(comment="x" * 2_000_000))
    assert (answer.response.status_code, answer.refusal) == (413, ("BODY_LIMIT", None))
    assert digests(citizen.url) == before


async def test_scores_without_end_are_soon_refused(citizen: Citizen) -> None:
    """Looking for criteria that come twice must not keep the server busy."""
    many = [{"criterion": f"{number}", "score": 1} for number in range(20_000)]
    expected = ("InvalidInputProblem", "CRITERION_UNKNOWN", "input.scores.0.criterion")
    assert await refusal(citizen, "HOSPITAL", {"scores": many}) == expected


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("organization { children(first: 1000) { totalCount } }", "BAD_USER_INPUT"),
        ('organization { rating(slice: {from: "2026-02-02", to: "2026-02-01"}) { value } }', "BAD_USER_INPUT"),
        ("submission { organization { distance(from: {latitude: 91, longitude: 0}) } }", "BAD_USER_INPUT"),
        (
            f"organization {{ subordinates(first: 100) {{ nodes {{ {MANY} {{ nodes {{ {MANY} {{ nodes {{ id }} }} }} }} }} }} }}",
            "ROW_LIMIT",
        ),
    ],
)
async def test_an_answer_that_cannot_be_given_is_refused_before_the_change(
    citizen: Citizen, asked: str, code: str
) -> None:
    before = digests(citizen.url)
    operation = f"""mutation($input: SubmitQuestionnaireInput!) {{
        submitQuestionnaire(input: $input) {{ ... on SubmitQuestionnairePayload {{ {asked} }} }}
    }}"""
    assert citizen.account
    token = citizen.client.token_for(citizen.account)
    answer = await citizen.client.query(operation, {"input": citizen.draft()}, token)
    assert (answer.data, [error["extensions"]["code"] for error in answer.errors]) == (None, [code])
    assert digests(citizen.url) == before
