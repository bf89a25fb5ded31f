"""A survey is answered on its days, where it is meant, once by each, and by nobody with an interest."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from engine.meanings.global_ids import encode
from tests.citizens import PROBLEM, Citizen, answered, result
from tests.officials import Official
from tests.questionnaires import QUESTIONS, Writer, writer_of

NewCitizen = Callable[[str | None], Citizen]
ANSWER = f"""mutation($input: AnswerSurveyInput!) {{ answerSurvey(input: $input) {{ __typename {PROBLEM}
    ... on NotEligibleProblem {{ reason nextAt }}
    ... on AnswerSurveyPayload {{ survey {{ code results {{ responses }} }} organization {{ code }} }} }} }}"""
OPEN = {"from": "2020-01-01", "to": "2099-12-31"}
VALID = answered(WAY=["BUS"], WHY=["<script>alert(1)</script>"])
ELIGIBILITY = """query($code: String!, $survey: ID!) { organization(by: {code: $code}) {
    surveys { code } eligibility(survey: $survey) { allowed reason nextAt } own: eligibility { allowed reason } } }"""
STORED = "SELECT (SELECT count(*) FROM survey_response), (SELECT count(*) FROM survey_answer)"


@pytest.fixture
def operator(new_citizen: NewCitizen) -> Writer:
    return writer_of(new_citizen(None), "citizen-24", "OPERATOR", "LONER")


def person(operator: Writer, account: str | None) -> Official:
    return Official(operator.client, operator.url, account)


async def survey(operator: Writer, code: str = "ASKED", days: Any = None, **changes: Any) -> str:
    return await operator.published(code, criteria=[], survey=days or OPEN, **changes)


async def respond(who: Official, key: str, organization: str = "HOSPITAL", answers: Any = None) -> Any:
    """The result of answering: a payload or a problem."""
    given = {"survey": key, "organization": {"code": organization}, "answers": VALID if answers is None else answers}
    return result(await who.ask(ANSWER, input=given))


async def eligibility(who: Official, key: str, organization: str = "HOSPITAL") -> Any:
    return (await who.ask(ELIGIBILITY, code=organization, survey=key)).data["organization"]


def stored(url: str) -> Any:
    with psycopg.connect(url) as connection:
        return connection.execute(STORED).fetchall()


async def test_it_is_answered_once_about_each_organization_beside_submissions(operator: Writer) -> None:
    key, me = await survey(operator), person(operator, "citizen-7")
    assert (await me.submit("HOSPITAL"))["__typename"] == "SubmitQuestionnairePayload"
    seen = await eligibility(me, key)
    assert seen["surveys"] == [{"code": "ASKED"}]
    assert seen["eligibility"] == {"allowed": True, "reason": None, "nextAt": None}
    assert seen["own"] == {"allowed": False, "reason": "TOO_SOON"}
    done = await respond(me, key)
    assert done == {
        "__typename": "AnswerSurveyPayload",
        "survey": {"code": "ASKED", "results": {"responses": 1}},
        "organization": {"code": "HOSPITAL"},
    }
    again, before = await respond(me, key), stored(operator.url)
    assert (again["code"], again["reason"]) == ("ALREADY_ANSWERED", "ALREADY_ANSWERED")
    assert (await eligibility(me, key))["eligibility"]["reason"] == "ALREADY_ANSWERED"
    assert stored(operator.url) == before == [(1, 2)]
    assert (await respond(me, key, "CLINIC"))["__typename"] == "AnswerSurveyPayload"
    assert (await me.submit("CLINIC"))["__typename"] == "SubmitQuestionnairePayload"


async def test_who_may_not_is_told_why_before_and_when_they_try(operator: Writer) -> None:
    key, later = await survey(operator), await survey(operator, "LATER", {"from": "2090-01-01", "to": "2090-02-01"})
    cases = [
        ("citizen-7", key, "CLOSED", "ORGANIZATION_CLOSED"),
        ("head", key, "HOSPITAL", "CONFLICT_OF_INTEREST"),
        ("nurse", key, "HOSPITAL", "CONFLICT_OF_INTEREST"),
        ("left-11-months-ago", key, "HOSPITAL", "CONFLICT_OF_INTEREST"),
        ("citizen-7", later, "HOSPITAL", "SURVEY_NOT_OPEN"),
    ]
    for account, asked, organization, reason in cases:
        who = person(operator, account)
        told = (await eligibility(who, asked, organization))["eligibility"]
        tried = await respond(who, asked, organization)
        assert (told["allowed"], told["reason"], tried["reason"]) == (False, reason, reason)
        opening = "2089-12-31T21:00:00.000000Z" if asked == later else None
        assert (tried["nextAt"], told["nextAt"]) == (opening, opening)
    stranger = person(operator, None)
    assert (await eligibility(stranger, key))["eligibility"]["reason"] == "SIGN_IN_REQUIRED"
    assert (await eligibility(stranger, later))["eligibility"]["reason"] == "SURVEY_NOT_OPEN"
    given = {"survey": key, "organization": {"code": "HOSPITAL"}, "answers": VALID}
    assert (await stranger.ask(ANSWER, input=given)).refusal == ("UNAUTHENTICATED", None)
    assert stored(operator.url) == [(0, 0)]


async def test_what_cannot_be_answered_is_refused_and_nothing_is_kept(
    operator: Writer, form: Callable[..., str]
) -> None:
    key = await survey(operator, appliesTo={"service": "VACCINE"})
    retired, me = await survey(operator, "OLD"), person(operator, "citizen-7")
    await operator.retire(retired)
    draft = (await operator.write("DRAFTED", criteria=[], survey=OPEN))["questionnaire"]["id"]
    cases: list[tuple[str, str, Any, str]] = [
        (key, "HOSPITAL", VALID, "SURVEY_DOES_NOT_APPLY"),
        (key, "NOBODY", VALID, "ORGANIZATION_UNKNOWN"),
        (retired, "CLINIC", VALID, "QUESTIONNAIRE_RETIRED"),
        (draft, "CLINIC", VALID, "SURVEY_UNKNOWN"),
        (form("GENERAL", 3), "CLINIC", VALID, "SURVEY_UNKNOWN"),
        (encode("Questionnaire", 999), "CLINIC", VALID, "SURVEY_UNKNOWN"),
        (encode("Organization", 1), "CLINIC", VALID, "ID_INVALID"),
        (key, "CLINIC", [], "ANSWER_MISSING"),
        (key, "CLINIC", answered(WHY=["?"]), "ANSWER_MISSING"),
        (key, "CLINIC", answered(WAY=["CAR"]), "ANSWER_INVALID"),
        (key, "CLINIC", answered(WAY=["BUS"], WHY=["a\0b"]), "ANSWER_INVALID"),
        (key, "CLINIC", VALID + VALID, "QUESTION_REPEATED"),
        (key, "CLINIC", answered(NONE=["x"]), "QUESTION_UNKNOWN"),
    ]
    for asked, organization, answers, code in cases:
        assert (await respond(me, asked, organization, answers)).get("code") == code
    assert stored(operator.url) == [(0, 0)]
    assert (await respond(me, key, "CLINIC"))["__typename"] == "AnswerSurveyPayload"


async def test_a_survey_is_no_questionnaire_and_the_other_way_round(operator: Writer) -> None:
    before = await operator.asked("HOSPITAL")
    key, me = await survey(operator, appliesTo={"organization": {"code": "HOSPITAL"}}), person(operator, "citizen-7")
    assert await operator.asked("HOSPITAL") == before
    assert (await me.submit("HOSPITAL", questionnaire=key))["code"] == "QUESTIONNAIRE_DOES_NOT_APPLY"


async def test_an_owners_survey_is_about_what_stands_below_it(operator: Writer, new_citizen: NewCitizen) -> None:
    owner, me = writer_of(new_citizen(None), "citizen-23", "SUPERVISOR", "REGION"), person(operator, "citizen-7")
    key = await survey(owner, owner="REGION", questions=QUESTIONS[:1])
    for organization, code in (
        ("SCHOOL", "SURVEY_DOES_NOT_APPLY"),
        ("REGION", "SURVEY_DOES_NOT_APPLY"),
        ("WARD", None),
    ):
        found = await respond(me, key, organization, answered(WAY=["FOOT"]))
        assert found.get("code") == code
