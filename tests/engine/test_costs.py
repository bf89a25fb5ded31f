"""What operations cost is known before they run, from their documents and the sizes that variables give."""

from typing import Any

import pytest

from engine.costs import Cost, Costs
from engine.documents import Documents
from schema.schema import executable
from schema.tariff import LISTS, WEIGHTS, tariff_of

SCHEMA = executable()
DOCUMENTS = Documents(SCHEMA, tariff=tariff_of(SCHEMA))
PAGE = "query ($n: Int) { organizations(first: $n) { nodes { code area { code } } } }"
# The field itself, and what is there once.
ROOT = WEIGHTS["Query.organizations"]


def cost(text: str, **variables: Any) -> int:
    document = DOCUMENTS.read(text)
    operation = document.operation(None)
    assert operation
    return document.cost(operation, variables)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{ __typename }", 1),
        ('{ organization(by: {code: "A"}) { code name } }', 1),
        ('{ organization(by: {code: "A"}) { area { code } rating { value } } }', 3),
        ('{ organization(by: {code: "A"}) { spheres { code } } }', 1 + 5),
        ('{ organization(by: {code: "A"}) { rank { position } } }', 1 + WEIGHTS["Organization.rank"]),
        ("{ organizations { nodes { code } } }", ROOT + 20),
        ("{ organizations(first: 3) { nodes { area { code } } } }", ROOT + 3 * 2),
        ("{ organizations(last: 3) { nodes { code } } }", ROOT + 3),
        ("{ organizations(first: 1000) { nodes { code } } }", ROOT + 100),
        ("{ organizations(first: 3) { totalCount pageInfo { hasNextPage } } }", ROOT + 1),
        ("{ organizations(first: 3) { edges { node { code } } } }", ROOT + 3 * 2),
        ("{ organizations(first: 3) { ...C } } fragment C on OrganizationConnection { nodes { code } }", ROOT + 3),
        (
            "{ organizations(first: 3) { ... { nodes { ...O } } } } fragment O on Organization { area { code } }",
            ROOT + 6,
        ),
        ("{ organizations(first: 2) { nodes { children(first: 3) { nodes { code } } } } }", ROOT + 2 * (1 + 1 + 3)),
        ('{ organizationsByCode(codes: ["A", "B", "C"]) { code } }', 3),
        ('{ nodes(ids: ["A", "B"]) { id } }', 2),
        ('{ node(id: "A") { id } }', 1),
        (
            "{ organizationsOnMap(within: {west: 1, south: 1, east: 2, north: 2}, limit: 7) { leftOut organizations { code } } }",
            WEIGHTS["Query.organizationsOnMap"] + 7,
        ),
        ("{ __schema { types { name fields { name } } } }", 100),
    ],
)
def test_points(text: str, points: int) -> None:
    assert cost(text) == points


@pytest.mark.parametrize(
    ("given", "length"),
    [
        ({}, 20),
        ({"n": None}, 20),
        ({"n": 0}, 0),
        ({"n": 7}, 7),
        ({"n": 1e6}, 100),
        ({"n": -5}, 0),
        ({"": 0, "n": 9}, 9),
    ],
)
def test_lists_are_as_long_as_variables_say(given: dict[str, Any], length: int) -> None:
    assert cost(PAGE, **given) == ROOT + 2 * length


def test_a_default_counts_where_nothing_is_sent() -> None:
    text = PAGE.replace("$n: Int", "$n: Int = 5")
    assert (cost(text), cost(text, n=6), cost(text, n=None)) == (ROOT + 10, ROOT + 12, ROOT + 40)


def test_references_of_gateways_count_each() -> None:
    text = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { code } } }"
    assert cost(text, r=[{}] * 30) == 30


def test_a_change_costs_more_than_a_read() -> None:
    assert cost("mutation { signOut { __typename } }") >= 20
    given = "($input: SignInInput!) { signIn(input: $input) { __typename } }"
    assert cost(f"mutation {given}") >= 200


@pytest.mark.timeout(20)
def test_fragments_in_one_another_are_looked_at_once() -> None:
    links = " ".join(f"fragment F{each} on Organization {{ parent {{ ...F{each + 1} }} }}" for each in range(12))
    text = f'{{ organization(by: {{code: "A"}}) {{ ...F0 }} }} {links} fragment F12 on Organization {{ code }}'
    assert cost(text) == 13


def test_what_is_weighed_is_in_the_schema() -> None:
    for name in (*WEIGHTS, *LISTS):
        parent, _, field = name.partition(".")
        assert field in SCHEMA.type_map[parent].fields, name  # type: ignore[attr-defined]


def test_costs_are_added_and_multiplied() -> None:
    assert Cost(2).plus(Cost(3)).times(4) == Cost(20)


def test_each_operation_is_reckoned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "{ spheres { code name } }"
    assert cost(text) == 5
    monkeypatch.delattr(Costs, "of")
    assert cost(text) == 5
