"""Variables and arguments are coerced as graphql-core does it, whatever was asked before."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from engine.meanings.coercion import Variables, filling
from schema.schema import executable

ORGANIZATIONS = "query ($code: String, $depth: Int, $codes: [String!]) {{ organizations({}) {{ totalCount }} }}"
BELOW = "filter: {subordinateTo: {code: $code}, maxDepth: $depth, spheres: $codes, kinds: [$code]}"

# A document, the variables that it was first asked with, and others of which as many are there, and as many null.
ASKED: Mapping[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "constants": (ORGANIZATIONS.format('first: 5, filter: {spheres: "HEALTH", closed: null}'), {}, {}),
    "a variable": (
        "query ($code: String!) { organization(by: {code: $code}) { code } }",
        {"code": "A"},
        {"code": "B\u2028"},
    ),
    "variables within": (
        ORGANIZATIONS.format(BELOW),
        {"code": "A", "depth": 1, "codes": ["X", "Y"]},
        {"code": "B", "depth": 2, "codes": []},
    ),
    "variables that are away or null": (
        ORGANIZATIONS.format(BELOW),
        {"code": "A", "codes": None},
        {"code": "B", "codes": None},
    ),
    "a variable of another type": (
        "query ($order: OrganizationOrder = NAME, $first: Int!) { organizations(orderBy: $order, first: $first) { totalCount } }",
        {"first": 1},
        {"first": 2},
    ),
}

REFUSED: Mapping[str, tuple[str, dict[str, Any]]] = {
    "missing": ("query ($code: String!) { organization(by: {code: $code}) { code } }", {}),
    "null": ("query ($code: String!) { organization(by: {code: $code}) { code } }", {"code": None}),
    "of another type": ("query ($code: String!) { organization(by: {code: $code}) { code } }", {"code": 5}),
    "too large": ("query ($first: Int) { organizations(first: $first) { totalCount } }", {"first": 2**31}),
    "no member": (
        "query ($order: OrganizationOrder) { organizations(orderBy: $order) { totalCount } }",
        {"order": "?"},
    ),
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return executable()


@pytest.mark.parametrize(("text", "first", "then"), ASKED.values(), ids=ASKED)
def test_arguments_are_made_as_graphql_core_makes_them(
    schema: GraphQLSchema, text: str, first: dict[str, Any], then: dict[str, Any]
) -> None:
    operation, node = _parsed(text)
    field = _field(schema, node)
    fill = filling(field, node, _coerced(schema, operation, first))
    assert fill is not None
    for given in (then, first):
        variables = _coerced(schema, operation, given)
        made, expected = fill(variables.coerced), get_argument_values(field, node, variables)
        assert made == expected
        assert list(made) == list(expected)


def test_a_variable_that_a_scalar_takes_in_is_left_to_graphql_core(schema: GraphQLSchema) -> None:
    text = 'query ($code: String!) { _entities(representations: [{__typename: "Sphere", code: $code}]) { __typename } }'
    operation, node = _parsed(text)
    assert filling(_field(schema, node), node, _coerced(schema, operation, {"code": "HEALTH"})) is None


@pytest.mark.parametrize(("text", "first", "then"), ASKED.values(), ids=ASKED)
def test_variables_are_coerced_as_graphql_core_does(
    schema: GraphQLSchema, text: str, first: dict[str, Any], then: dict[str, Any]
) -> None:
    operation, _ = _parsed(text)
    variables = Variables(schema, operation)
    for given in (first, then):
        coerced, expected = variables.coerced(given), _coerced(schema, operation, given)
        assert isinstance(coerced, VariableValues)
        assert coerced.coerced == expected.coerced
        assert [(name, each.value, str(each.signature.type)) for name, each in coerced.sources.items()] == [
            (name, each.value, str(each.signature.type)) for name, each in expected.sources.items()
        ]


@pytest.mark.parametrize(("text", "given"), REFUSED.values(), ids=REFUSED)
def test_variables_are_refused_as_graphql_core_does(schema: GraphQLSchema, text: str, given: dict[str, Any]) -> None:
    operation, _ = _parsed(text)
    refused, expected = (
        Variables(schema, operation).coerced(given),
        get_variable_values(schema, operation.variable_definitions or (), given),
    )
    assert isinstance(refused, list)
    assert isinstance(expected, list)
    assert [str(each) for each in refused] == [str(each) for each in expected]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("[Channel!]", lambda members: members),
        ("RatingSlice", lambda members: {"channels": members}),
        ("[[[Channel!]!]]", lambda members: [None, [[], members]]),
    ],
)
def test_a_list_of_members_is_short(schema: GraphQLSchema, type_: str, value: Callable[[list[str]], Any]) -> None:
    operation, _ = _parsed(f"query ($code: String, $v: {type_}) {{ __typename }}")
    variables = Variables(schema, operation)
    assert isinstance(variables.coerced({"v": value(["ONLINE"] * 100)}), VariableValues)
    refused = variables.coerced({"v": value(["ONLINE"] * 101)})
    assert isinstance(refused, list)
    assert [each.message for each in refused] == [
        "Variable '$v' has a list of more than 100 members of an enumeration."
    ]
    assert [each.column for each in refused[0].locations or ()] == [len("query ($code: String, ") + 1]


def _parsed(text: str) -> tuple[OperationDefinitionNode, FieldNode]:
    operation = parse(text).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    node = operation.selection_set.selections[0]
    assert isinstance(node, FieldNode)
    return operation, node


def _field(schema: GraphQLSchema, node: FieldNode) -> Any:
    assert schema.query_type is not None
    return schema.query_type.fields[node.name.value]


def _coerced(schema: GraphQLSchema, operation: OperationDefinitionNode, given: dict[str, Any]) -> VariableValues:
    coerced = get_variable_values(schema, operation.variable_definitions or (), given)
    assert isinstance(coerced, VariableValues)
    return coerced
