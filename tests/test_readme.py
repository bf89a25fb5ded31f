"""README keeps its word: its queries are valid and answered, its answers are the demo's, its tables are complete."""

import json
import re
import tomllib
from collections.abc import Iterator
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


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


QUERIES = blocks("graphql")
ANSWERS = [json.loads(block) for block in blocks("json")]


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
