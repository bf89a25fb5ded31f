"""The questions of the benchmark: valid wherever they are asked, and drawn from a real country."""

from pathlib import Path
from typing import Any

import pytest
import strawberry
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate

from benchmarks import queries
from benchmarks.peers.orm.query import Query as OrmQuery
from benchmarks.queries import QUERIES, Query
from schema.schema import executable

MERCURIUS = Path(queries.__file__).parent / "peers/node/mercurius/schema.graphql"

every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


def orm() -> GraphQLSchema:
    return strawberry.Schema(OrmQuery)._schema


@every_query
@pytest.mark.parametrize("build", [executable, orm, lambda: build_schema(MERCURIUS.read_text())])
def test_a_document_is_valid_for_the_portal_and_the_peers_of_its_dialect(query: Query, build: Any) -> None:
    assert validate(build(), parse(query.document())) == []


@every_query
def test_both_dialects_ask_with_the_same_variables(query: Query) -> None:
    assert variables(query.document()) == variables(query.document("postgraphile"))


def variables(document: str) -> set[str]:
    (operation,) = parse(document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return {each.variable.name.value for each in operation.variable_definitions or ()}


@pytest.mark.parametrize("name", ["Q1", "Q2", "Q4", "Q6"])
def test_variables_are_drawn_at_random_and_the_same_for_the_same_seed(seeded_url: str, name: str) -> None:
    (query,) = (each for each in QUERIES if each.name == name)
    drawn = query.draw(seeded_url, 10, "seed")
    assert len(drawn) == 10
    assert drawn == query.draw(seeded_url, 10, "seed")
    assert drawn != query.draw(seeded_url, 10, "other")
    # A list goes on behind a row by a cursor, which is made of the row's keys.
    assert set(drawn[0]) == ({"name", "id"} if name == "Q2" else variables(query.document()))


def test_a_country_that_is_too_small_is_told(seeded_url: str) -> None:
    (ranking,) = (each for each in QUERIES if each.name == "Q5")
    with pytest.raises(LookupError, match="Q5 finds nothing to ask for"):
        ranking.draw(seeded_url, 10, "seed")


def test_only_the_floods_have_documents_that_differ() -> None:
    assert [query.name for query in QUERIES if query.distinct] == ["flood", "values", "fields"]
