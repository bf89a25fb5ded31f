"""Who may see and do what: each cell of matrix.md, over HTTP, in the demo country."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type

from models.clients import ClientScope
from portal.scratch import ScratchServer
from schema.schema import executable
from tests.browsers import CHEAP
from tests.clients import Answer, client_of
from tests.digests import digests
from tests.matrix import outcomes, required, table
from tests.matrix.operations import MUTATIONS, QUERIES, SUBSCRIPTIONS, UNCHANGING, WAYS, text_of
from tests.matrix.scene import HIDDEN, SYSTEMS, VIEWERS, Scene, absent, names, operation
from tests.matrix.table import Row

SECTIONS = ("Queries", "Mutations", "Subscriptions", "Fields")
QUERY_ROWS, MUTATION_ROWS, SUBSCRIPTION_ROWS, FIELD_ROWS = (table.rows(section) for section in SECTIONS)
RESTRICTED = sorted({row.key.partition(".")[0] for row in FIELD_ROWS})
FORBIDDEN = outcomes.CODES["FORBIDDEN"]
PROVIDERS = Path(__file__).with_name("providers.toml")
HOW = "tests/matrix/matrix.md tells how to add one"


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return executable()


Home = pytest.TempPathFactory


@pytest.fixture(scope="module")
async def scene(
    scratch: ScratchServer, seeded_template: str, worker_id: str, tmp_path_factory: Home
) -> AsyncIterator[Scene]:
    """One for all cells that only read, whoever asks: in the end all of it is as it was."""
    async with _scene(scratch, seeded_template, f"matrix_{worker_id}", tmp_path_factory) as scene:
        scene.known |= await scene.values("$identity $link $session")
        before = digests(scene.url)
        yield scene
        assert digests(scene.url) == before


@pytest.fixture(scope="module")
async def changing(
    scratch: ScratchServer, seeded_template: str, worker_id: str, tmp_path_factory: Home
) -> AsyncIterator[Scene]:
    """One for all cells that change something: each has something of its own to change."""
    async with _scene(scratch, seeded_template, f"changing_{worker_id}", tmp_path_factory) as scene:
        yield scene


@asynccontextmanager
async def _scene(scratch: ScratchServer, template: str, name: str, home: Home) -> AsyncIterator[Scene]:
    with scratch.temporary(template.replace("seeded", name), template) as url:
        async with client_of(url, home.mktemp("home"), providers=str(PROVIDERS), **CHEAP) as client:
            yield await Scene.build(client, url)


@pytest.mark.parametrize("section", SECTIONS)
def test_each_table_asks_for_everybody(section: str) -> None:
    assert table.columns(section) == list(VIEWERS)


def test_each_scope_of_other_systems_has_a_column_of_its_own() -> None:
    assert sorted(SYSTEMS.values()) == sorted(scope.value for scope in ClientScope)
    assert SYSTEMS.keys() <= set(VIEWERS.values())


def test_each_field_of_a_root_has_its_row(schema: GraphQLSchema) -> None:
    wanted, there = required.root_rows(schema), {row.key for row in QUERY_ROWS + MUTATION_ROWS + SUBSCRIPTION_ROWS}
    assert (wanted - there, there - wanted) == (set(), set()), f"rows missing, and rows of nothing: {HOW}"


def test_each_type_is_public_or_each_of_its_fields_has_its_row(schema: GraphQLSchema) -> None:
    wanted, there = required.field_rows(schema, table.public_types()), {row.key for row in FIELD_ROWS}
    assert (wanted - there, there - wanted) == (set(), set()), f"rows missing, and rows of nothing: {HOW}"


def test_what_is_called_public_is_there(schema: GraphQLSchema) -> None:
    assert table.public_types() <= {each.name for each in required.objects(schema)}


def test_each_row_has_its_operation_and_the_other_way_round() -> None:
    assert {row.name for row in QUERY_ROWS} == set(QUERIES)
    assert {row.name for row in MUTATION_ROWS} == set(MUTATIONS)
    assert {row.name for row in SUBSCRIPTION_ROWS} == set(SUBSCRIPTIONS)
    assert set(RESTRICTED) == set(WAYS)


@pytest.mark.parametrize("row", QUERY_ROWS, ids=lambda row: row.name)
async def test_query(scene: Scene, row: Row) -> None:
    text = text_of(row.name)
    found = {}
    given = await scene.values(text)
    for viewer in VIEWERS:
        answer = await scene.ask(viewer, text, given)
        found[viewer] = outcomes.of_operation(answer)
        if found[viewer] != outcomes.OK:
            await hides(scene, viewer, text, given, answer)
    assert found == {viewer: row.expected(viewer) for viewer in VIEWERS}


@pytest.mark.parametrize("row", MUTATION_ROWS, ids=lambda row: row.name)
async def test_mutation(changing: Scene, row: Row) -> None:
    """Who may not goes first, and leaves everything as it was; then whoever may changes something."""
    text, expected = text_of(row.name), {viewer: row.expected(viewer) for viewer in VIEWERS}
    allowed = [viewer for viewer in VIEWERS if expected[viewer] == outcomes.OK]
    found, given, before = {}, await changing.values(text), digests(changing.url)
    for viewer in expected.keys() - set(allowed):
        answer = await changing.ask(viewer, text, given)
        found[viewer] = outcomes.of_operation(answer)
        await hides(changing, viewer, text, given, answer)
    assert digests(changing.url) == before
    for viewer in allowed:
        found[viewer] = outcomes.of_operation(await changing.ask(viewer, text))
    after = digests(changing.url)
    assert found == expected
    assert after != before or row.key in UNCHANGING
    if expected["citizen"] == FORBIDDEN:
        assert after["audit_event"] != before["audit_event"], "a use of a privilege is on the trail"


@pytest.mark.parametrize("row", SUBSCRIPTION_ROWS, ids=lambda row: row.name)
async def test_subscription(scene: Scene, row: Row) -> None:
    """What has happened already is told at once to whoever resumes."""
    text = text_of(row.name)
    given = await scene.values(text)
    found = {viewer: outcomes.of_operation(await scene.hear(viewer, text, given)) for viewer in VIEWERS}
    assert found == {viewer: row.expected(viewer) for viewer in VIEWERS}


@pytest.mark.parametrize("typename", RESTRICTED)
async def test_fields(scene: Scene, schema: GraphQLSchema, typename: str) -> None:
    rows = [row for row in FIELD_ROWS if row.key.startswith(f"{typename}.")]
    fields, way = [row.key.partition(".")[2] for row in rows], WAYS[typename]
    text = operation(way.text.replace("FIELDS", selection(schema, typename, fields)))
    given = await scene.values(text)
    for viewer in VIEWERS:
        answer = await scene.ask(viewer, text, given)
        found = outcomes.of_fields(answer, way.path, fields)
        assert found == {row.key.partition(".")[2]: row.cells[viewer] for row in rows}, viewer
        if set(found.values()) == {outcomes.HIDDEN}:
            await hides(scene, viewer, text, given, answer)


async def hides(scene: Scene, viewer: str, text: str, given: Mapping[str, Any], answer: Answer) -> None:
    """What somebody may not know of is answered as if it were not there: the same bytes, but for the ids asked for."""
    hidden = HIDDEN.keys() & set(names(text))
    if hidden:
        missing = absent(given)
        same = answer.response.text
        for name in hidden:
            same = same.replace(given[name], missing[name])
        other = await scene.ask(viewer, text, missing)
        assert (other.response.status_code, other.response.text) == (answer.response.status_code, same)


def selection(schema: GraphQLSchema, typename: str, fields: list[str]) -> str:
    """Fields of a type, of objects no more than that they are there."""
    type_ = schema.type_map[typename]
    assert isinstance(type_, GraphQLObjectType)
    return " ".join(f"{each}{_below(type_, each)}" for each in fields)


def _below(type_: GraphQLObjectType, field: str) -> str:
    named = get_named_type(type_.fields[field].type)
    if is_leaf_type(named):
        return ""
    return " { nodes { __typename } }" if named.name.endswith("Connection") else " { __typename }"
