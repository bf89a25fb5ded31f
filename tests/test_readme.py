"""README keeps its word: its queries are valid and answered, its answers are the demo's, its tables are complete."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from exchange import demo
from portal.settings import Settings
from tests.clients import Client, client_of

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
USER = "user-100000"
SMALL_USER = "user-001000"
ENGLISH = {"Accept-Language": "en"}
# What the tour's words mean in the small country, whose form has a question that must be answered.
IN_SMALL = {USER: SMALL_USER, "comment": 'answers: [{ question: "SOLVED", values: ["false"] }] comment'}


TOUR = README.partition("## From a QR code to a settled review\n")[2].partition("\n## ")[0]


def blocks(language: str, page: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


QUERIES = blocks("graphql", README.replace(TOUR, ""))
ANSWERS = [json.loads(block) for block in blocks("json", README.replace(TOUR, ""))]
STEPS = blocks("graphql", TOUR)
OUTCOMES = [json.loads(block) for block in blocks("json", TOUR)]


async def answered(client: Client, user: str) -> list[Any]:
    """What the queries answer, asked in the order of the page."""
    token = client.token_for(user)
    return [(await client.query(query, token=token, headers=ENGLISH)).response.json() for query in QUERIES]


def test_every_query_has_its_answer() -> None:
    assert len(QUERIES) == len(ANSWERS) > 0


async def test_the_queries_are_answered(writing_client: Client) -> None:
    for answer in await answered(writing_client, SMALL_USER):
        assert "errors" not in answer, answer
        assert all(answer["data"].values())


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_the_answers_are_those_of_the_demo(empty_url: str, tmp_path: Path) -> None:
    demo.load(empty_url)
    async with client_of(empty_url, tmp_path) as client:
        assert await answered(client, USER) == ANSWERS
        assert await toured(client, {}) == OUTCOMES


async def toured(client: Client, meant: Mapping[str, str]) -> list[Any]:
    """What the steps of the tour are answered, each with what those before it have told in the place of words."""
    told, found = dict(meant), []
    for step in STEPS:
        query = step
        for word, text in told.items():
            query = re.sub(rf"\b{word}\b", text, query)
        who = re.match(r"# (user-\d+)", query)
        token = client.token_for(who[1]) if who else None
        answer = (await client.query(query, token=token, headers=ENGLISH)).response.json()
        assert "errors" not in answer, answer
        told |= words(answer["data"])
        found.append(answer)
    return found


def words(data: Any) -> dict[str, str]:
    """What the words in capitals mean, from the answers that tell it."""
    if grants := (data.get("viewer") or {}).get("grants"):
        organization = grants["nodes"][0]["organization"]
        return {"ORGANIZATION": organization["code"], "FORM": organization["questionnaire"]["id"]}
    submitted = data.get("submitQuestionnaire")
    return {} if submitted is None else {"REVIEW": submitted["submission"]["review"]["id"]}


def test_every_step_of_the_tour_has_its_answer() -> None:
    assert len(STEPS) == len(OUTCOMES) > 0


async def test_the_tour_goes_from_a_code_to_a_settled_review(writing_client: Client) -> None:
    *_, last = await toured(writing_client, IN_SMALL)
    (review,) = last["data"]["organization"]["reviews"]["nodes"]
    assert (review["stage"], review["settled"]) == ("SETTLED", True)


def settings() -> Iterator[tuple[str, str]]:
    """The name of each setting's variable and its default, as text."""
    prefix = Settings.model_config["env_prefix"]
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"{prefix}{name.upper()}"
        default = "" if field.is_required() or field.default is None else getattr(field.default, "value", field.default)
        yield str(variable), str(default)


def test_every_setting_is_in_the_table() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? *\|", README, re.MULTILINE)
    assert rows == list(settings())


def test_every_room_is_on_the_map() -> None:
    rooms = set(re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert rooms >= set(project["tool"]["importlinter"]["root_packages"])
    assert [room for room in rooms if not (ROOT / room).is_dir()] == []


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
