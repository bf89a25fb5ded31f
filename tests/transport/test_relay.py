"""Relay's compiler takes the schema, and what it makes of fragments is answered: refetched by id, page by page.

The application answers nothing but the documents that the compiler wrote, by their digests.
"""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type

from tests.clients import Client, client_of
from tests.npm import installed, program

HERE = Path(__file__).parent / "relay"
SCHEMA = Path(__file__).parents[2] / "schema.graphql"
MINISTRY = "BY-GOV-HEALTH"
POLYCLINIC = "BY-HO-06-HEALTH-POLYCLINIC-1"


@dataclass(frozen=True)
class Relay:
    """A front end that knows its documents by their digests."""

    client: Client
    digests: dict[str, str]

    async def ask(self, name: str, /, **variables: Any) -> Any:
        """What an operation of the front end's answers."""
        body = {"documentId": self.digests[name], "variables": variables}
        answer = (await self.client.http.post("/graphql", json=body)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def pages(self, name: str, found: Callable[[Any], Any], /, **variables: Any) -> list[list[Any]]:
        """The rows of each page, forward, as the runtime asks for them: from a page's last cursor on."""
        pages: list[list[Any]] = []
        after = None
        while not pages or after is not None:
            page = found(await self.ask(name, after=after, **variables))
            pages.append([edge["node"] for edge in page["edges"]])
            after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        return pages


def compiled(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Relay's compiler over a front end's source; `documents.json` has what it persists."""
    installed(HERE)
    shutil.copy(HERE / "relay.config.json", folder)
    shutil.copy(SCHEMA, folder)
    (folder / "generated").mkdir()
    (folder / "documents.json").write_text("{}")
    (folder / "pages.js").write_text(source)
    words = [*program("node"), str(HERE / "node_modules" / "relay-compiler" / "cli.js"), "relay.config.json"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
async def relay(seeded_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Relay]:
    folder, home = tmp_path_factory.mktemp("relay"), tmp_path_factory.mktemp("home")
    done = compiled(folder, (HERE / "pages.js").read_text())
    assert done.returncode == 0, done.stdout + done.stderr
    documents = folder / "documents.json"
    digests = {_name(text): digest for digest, text in json.loads(documents.read_text()).items()}
    async with client_of(seeded_url, home, documents=str(documents), documents_only=True) as client:
        yield Relay(client, digests)


def _name(text: str) -> str:
    return text.removeprefix("query ").partition("(")[0].partition(" ")[0]


def test_the_compiler_refuses_what_the_schema_has_not(tmp_path: Path) -> None:
    source = (HERE / "pages.js").read_text()
    done = compiled(tmp_path, source.replace("submissions\n", "submitted\n"))
    assert done.returncode != 0
    assert "submitted" in done.stdout + done.stderr
    assert json.loads((tmp_path / "documents.json").read_text()) == {}


async def test_a_fragment_is_refetched_by_its_id(relay: Relay) -> None:
    first = (await relay.ask("pagesOrganizationQuery", code=POLYCLINIC))["organization"]
    again = (await relay.ask("pagesRatingRefetchQuery", id=first["id"]))["node"]
    assert again.pop("__typename") == "Organization"
    assert again == {name: first[name] for name in ("id", "code", "rating")}
    assert first["rating"]["submissions"] > 0


async def test_other_arguments_are_refetched(relay: Relay) -> None:
    government = (await relay.ask("pagesOrganizationQuery", code="BY-GOV"))["organization"]
    subtree = (await relay.ask("pagesRatingRefetchQuery", id=government["id"], scope="SUBTREE"))["node"]
    assert (subtree["id"], subtree["code"]) == (government["id"], "BY-GOV")
    assert subtree["rating"]["submissions"] > government["rating"]["submissions"]


async def test_each_type_is_found_again(relay: Relay) -> None:
    things = await relay.ask("pagesThingsQuery")
    ids = {
        "Sphere": things["spheres"][0]["id"],
        "Category": next(each["categories"][0]["id"] for each in things["spheres"] if each["categories"]),
        "Criterion": things["criteria"][0]["id"],
        "Area": things["areas"][0]["id"],
        "Service": things["services"]["nodes"][0]["id"],
        "Edition": things["editions"][0]["id"],
    }
    for name, id_ in ids.items():
        node = (await relay.ask("pagesThingRefetchQuery", id=id_))["node"]
        assert (node["__typename"], node["id"]) == (name, id_)
        assert node.get("name") or node.get("title")


async def test_a_list_below_a_node_is_paged_through(relay: Relay) -> None:
    first = (await relay.ask("pagesOrganizationQuery", code=MINISTRY))["organization"]
    query, given = "pagesChildrenPaginationQuery", {"id": first["id"]}
    pages = await relay.pages(query, lambda data: data["node"]["children"], **given)
    (whole,) = await relay.pages(query, lambda data: data["node"]["children"], **given, first=100)
    assert [len(page) for page in pages[:-1]] == [2] * (len(pages) - 1)
    assert len(pages) > 1
    assert [row for page in pages for row in page] == whole
    assert [edge["node"] for edge in first["children"]["edges"]] == pages[0]


@pytest.mark.parametrize(("name", "field"), [("Found", "organizations"), ("Ranking", "ranking")])
async def test_a_list_at_the_root_is_paged_through(relay: Relay, name: str, field: str) -> None:
    query = f"pages{name}PaginationQuery"
    short, long = [await relay.pages(query, lambda data: data[field], first=each) for each in (30, 100)]
    whole = [row for page in long for row in page]
    assert len(short) > len(long) > 1
    assert [row for page in short for row in page] == whole
    edges = (await relay.ask("pagesListsQuery"))[field]["edges"]
    assert [edge["node"] for edge in edges] == whole[:20]


async def test_a_list_is_paged_through_backward(relay: Relay) -> None:
    first = (await relay.ask("pagesOrganizationQuery", code=POLYCLINIC))["organization"]
    page, ids = first["reviews"], [edge["node"]["id"] for edge in first["reviews"]["edges"]]
    while page["pageInfo"]["hasPreviousPage"]:
        before = page["pageInfo"]["startCursor"]
        page = (await relay.ask("pagesReviewsPaginationQuery", id=first["id"], before=before))["node"]["reviews"]
        ids = [edge["node"]["id"] for edge in page["edges"]] + ids
    whole = (await relay.ask("pagesReviewsPaginationQuery", id=first["id"], last=100))["node"]["reviews"]
    assert ids == [edge["node"]["id"] for edge in whole["edges"]]
    assert len(ids) > 2
    review = (await relay.ask("pagesReviewRefetchQuery", id=ids[0]))["node"]
    assert review == whole["edges"][0]["node"]


def test_every_connection_is_one_of_the_specification() -> None:
    """The compiler looks at those that are paged through here; this at all."""
    schema = build_schema(SCHEMA.read_text(), assume_valid_sdl=True)
    objects = [each for each in schema.type_map.values() if isinstance(each, GraphQLObjectType)]
    for connection in (each for each in objects if each.name.endswith("Connection")):
        edge = get_named_type(connection.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        assert str(connection.fields["pageInfo"].type) == "PageInfo!"
        assert str(edge.fields["cursor"].type) == "String!"
        assert "node" in edge.fields
    fields = [field for each in objects for field in each.fields.values() if str(field.type).endswith("Connection!")]
    assert fields
    for field in fields:
        types = {name: str(argument.type) for name, argument in field.args.items()}
        assert (types["first"], types["after"]) == ("Int", "String")
        assert (types.get("last"), types.get("before")) in {("Int", "String"), (None, None)}
