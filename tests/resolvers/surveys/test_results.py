"""Results of surveys are what plain Python finds, for the public and for officials; few are told apart by nothing."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import pytest

from tests.citizens import Citizen
from tests.oracle_surveys import Asked, Response, results
from tests.questionnaires import Writer, writer_of

NewCitizen = Callable[[str | None], Citizen]
QUESTIONS: Mapping[str, Asked] = {
    "ONE": Asked("CHOICE", ("A", "B", "C")),
    "MANY": Asked("MULTIPLE_CHOICE", ("X", "Y", "Z")),
    "YES": Asked("YES_NO", ("true", "false")),
    "SUM": Asked("NUMBER"),
    "WHY": Asked("TEXT"),
}
BELOW = {
    ("REGION", "SUBTREE"): ("HOSPITAL", "CLINIC", "WARD"),
    ("HOSPITAL", "SUBTREE"): ("HOSPITAL", "WARD"),
    ("HOSPITAL", "OWN"): ("HOSPITAL",),
    ("CLINIC", "OWN"): ("CLINIC",),
    ("WARD", "SUBTREE"): ("WARD",),
    ("SCHOOL", "SUBTREE"): (),
}
ASK = """query($id: ID!, $organization: String!, $scope: Scope!) { node(id: $id) { ... on Questionnaire {
    results(organization: {code: $organization}, scope: $scope) { responses raters withheld questions {
        question { code } answered withheld mean options { code count share withheld }
        texts(first: 100) { nodes { text } totalCount } } } } } }"""
ALL = "query($id: ID!) { node(id: $id) { ... on Questionnaire { results { responses raters withheld } } } }"


def asked(code: str, each: Asked) -> dict[str, Any]:
    """A question as an input has it."""
    offered = each.options if each.type.endswith("CHOICE") else ()
    options = [{"code": option, "texts": {"en": option}} for option in offered]
    return {"code": code, "texts": {"en": code}, "type": each.type, "options": options or None}


def drawn(chance: random.Random, organization: str, people: range) -> list[Response]:
    """What some people answer, each a part of the questions."""
    values: dict[str, Callable[[], list[str]]] = {
        "ONE": lambda: [chance.choice("AAAABBC")],
        "MANY": lambda: sorted(chance.sample("XYZ", chance.choice([1, 1, 2, 3]))),
        "YES": lambda: [chance.choice(["true", "true", "true", "false"])],
        "SUM": lambda: [f"{chance.randint(-300, 300) / 100:.2f}"],
        "WHY": lambda: [f"<b>Because {chance.randint(0, 99)}</b>"],
    }
    return [
        Response(organization, f"citizen-{number}", {code: values[code]() for code in chance.sample(list(values), 4)})
        for number in people
    ]


def keep(url: str, responses: list[Response]) -> None:
    """Store responses as they are."""
    with psycopg.connect(url) as connection:
        for each in responses:
            made = """INSERT INTO survey_response (questionnaire_id, organization_id, rater_id, answered_on)
                SELECT questionnaire.id, organization.id, account.rater_id, current_date
                FROM questionnaire, organization, account
                WHERE questionnaire.code = 'ASKED' AND organization.code = %s AND account.code = %s RETURNING id"""
            ((key,),) = connection.execute(made, [each.organization, each.rater]).fetchall()
            for code, values in each.answers.items():
                answer = "INSERT INTO survey_answer SELECT id, %s, %s FROM question WHERE code = %s"
                connection.execute(answer, [key, values, code])


@pytest.fixture
def operator(new_citizen: NewCitizen) -> Writer:
    return writer_of(new_citizen(None), "citizen-24", "OPERATOR", "LONER")


async def survey(operator: Writer, **changes: Any) -> str:
    """The id of a survey that is open for long."""
    questions = [asked(code, each) for code, each in QUESTIONS.items()]
    days = {"from": "2020-01-01", "to": "2099-12-31"}
    return await operator.published("ASKED", criteria=[], questions=questions, survey=days, **changes)


async def told(viewer: Writer, key: str, organization: str, scope: str) -> Any:
    """The results as somebody is told them, texts in order."""
    answer = await viewer.ask(ASK, id=key, organization=organization, scope=scope)
    assert not answer.errors, answer.errors
    found = answer.data["node"]["results"]
    for each in found["questions"]:
        each["texts"]["nodes"].sort(key=lambda node: node["text"])
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_results_are_what_plain_python_finds(operator: Writer, new_citizen: NewCitizen, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same ones each time
    key = await survey(operator)
    said = drawn(chance, "HOSPITAL", range(1, 4 + 7 * seed))
    said += drawn(chance, "CLINIC", range(1, 20)) + drawn(chance, "WARD", range(3, 6))
    keep(operator.url, said)
    supervisor = writer_of(new_citizen(None), "citizen-23", "SUPERVISOR", "REGION")
    head, stranger = (Writer(operator.client, operator.url, who) for who in ("head", None))
    for (organization, scope), members in BELOW.items():
        about = [each for each in said if each.organization in members]
        public, whole = (results(QUESTIONS, about, official=official) for official in (False, True))
        assert await told(stranger, key, organization, scope) == public, (organization, scope)
        assert len(operator.client.statements) == 1
        assert await told(operator, key, organization, scope) == whole, (organization, scope)
        seen = whole if organization != "SCHOOL" else public
        assert await told(supervisor, key, organization, scope) == seen
        seen = whole if organization in {"HOSPITAL", "WARD"} else public
        assert await told(head, key, organization, scope) == seen
    everything = (await stranger.ask(ALL, id=key)).data["node"]["results"]
    assert everything == {"responses": len(said), "raters": len({each.rater for each in said}), "withheld": False}


async def test_what_is_answered_counts_in_no_rating_and_there_are_no_results_of_a_questionnaire(
    operator: Writer, form: Callable[..., str]
) -> None:
    key, rating = (
        await survey(operator),
        '{ organization(by: {code: "HOSPITAL"}) { rating { value submissions raters } } }',
    )
    before = (await operator.ask(rating)).data
    keep(operator.url, drawn(random.Random(1), "HOSPITAL", range(1, 10)))  # noqa: S311
    assert (await operator.ask(rating)).data == before
    assert (await operator.ask(ALL, id=key)).data["node"]["results"]["responses"] == 9
    assert (await operator.ask(ALL, id=form("GENERAL", 3))).data["node"] == {"results": None}


async def test_unknown_organizations_and_other_values_are_refused(operator: Writer) -> None:
    key = await survey(operator)
    for organization, scope in (("NOBODY", "OWN"), ("NOBODY", "SUBTREE")):
        answer = await operator.ask(ASK, id=key, organization=organization, scope=scope)
        assert answer.refusal == ("BAD_USER_INPUT", "organization")
