"""What operations cost is known before they run, from their documents and the sizes that variables give."""

from typing import Any

import pytest

from engine.documents.costs import GIVEN, Cost, Costs, Length
from engine.documents.documents import Documents
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


def test_an_argument_costs_where_it_is_given() -> None:
    ranking, slice_ = WEIGHTS["Query.ranking"], WEIGHTS["Query.ranking(slice:)"]
    for given, points in (
        ("first: 1", 0),
        ("slice: null", 0),
        ("slice: {}", slice_),
        ("slice: {channels: [ONLINE]}", slice_),
    ):
        assert cost(f"{{ ranking({given}) {{ totalCount }} }}") == ranking + points
    text = "query ($s: RatingSlice) { ranking(slice: $s) { totalCount } }"
    for variables, points in (({}, 0), ({"s": None}, 0), ({"s": {"channels": ["ONLINE"]}}, slice_)):
        assert cost(text, **variables) == ranking + points
    default = text.replace("RatingSlice)", "RatingSlice = {})")
    assert (cost(default), cost(default, s=None)) == (ranking + slice_, ranking)
    # In a list as often as it is long.
    rated = "{ organizations(first: 3) { nodes { rating(slice: {}) { value } } } }"
    assert cost(rated) == ROOT + 3 * (1 + 1 + WEIGHTS["Organization.rating(slice:)"])


@pytest.mark.parametrize("value", [0, -1, 0.0, False, "", []])
def test_an_argument_that_is_given_costs_whatever_its_value(value: Any) -> None:
    assert Length(((None, value),), GIVEN).at({}) == 1
    assert Length((("v", None),), GIVEN).at({"v": value}) == 1
    assert Length((("v", value),), GIVEN).at({"v": None}) == 0


AREA, SPHERES = "area { code }", "spheres { code }"  # a point, and five


@pytest.mark.parametrize(
    ("fragments", "points"),
    [
        (f"... on Organization {{ {AREA} }} ... on Sphere {{ code }}", 1),
        (f"... on Sphere {{ code }} ... on Organization {{ {AREA} }} ... on Organization {{ {SPHERES} }}", 6),
        (f"... on Organization {{ {SPHERES} }} ... on Service {{ category {{ code }} }}", 5),
        # What applies to all counts beside the dearest: what is within it is looked at by itself.
        (f"... on Node {{ ... on Organization {{ {AREA} }} }} ... on Sphere {{ categories {{ code }} }}", 6),
        (f"... {{ ... on Organization {{ {AREA} }} }} ... on Organization {{ {AREA} }}", 2),
        (f"...O ... on Organization {{ {AREA} }} ... on Service {{ category {{ code }} }}", 2),
    ],
)
def test_of_fragments_that_exclude_each_other_the_dearest_counts(fragments: str, points: int) -> None:
    named = f" fragment O on Organization {{ {AREA} }}" if "...O" in fragments else ""
    assert cost(f'{{ node(id: "A") {{ {fragments} }} }}{named}') == 1 + points
    assert cost(f'{{ nodes(ids: ["A", "B"]) {{ {fragments} }} }}{named}') == 2 * (1 + points)


def test_which_is_the_dearest_can_depend_on_variables() -> None:
    pages = [f"children(first: ${name}) {{ nodes {{ code }} }}" for name in "ab"]
    text = "query ($a: Int, $b: Int, $i: ID!) { node(id: $i) { ... on Organization { %s } ... on Sphere { categories { code } } } }"
    assert cost((text % pages[0]).replace(", $b: Int", ""), a=2) == 1 + 5
    assert cost((text % pages[0]).replace(", $b: Int", ""), a=9) == 1 + 1 + 9
    assert cost((text % (pages[0] + " other: " + pages[1])), a=9, b=1) == 1 + (1 + 9) + (1 + 1)


@pytest.mark.timeout(20)
def test_choices_in_one_another_are_looked_at_once() -> None:
    """What applies to several types is not reckoned for each of them, at each level anew."""
    links = " ".join(
        f"fragment F{each} on Node {{ ... on Organization {{ parent {{ ...F{each + 1} }} }} id"
        " ... on Sphere { code } ... on Service { code } ... on Area { code } }"
        for each in range(15)
    )
    text = f'query ($n: Int) {{ node(id: "A") {{ ...F0 }} }} {links} fragment F15 on Organization {{ {{}} }}'
    text = text.replace("{}", "children(first: $n) { nodes { code } }")
    assert cost(text, n=4) == 1 + 15 + 1 + 4


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
        parent, _, coordinate = name.partition(".")
        field, _, argument = coordinate.rstrip(":)").partition("(")
        found = SCHEMA.type_map[parent].fields[field]  # type: ignore[attr-defined]
        assert not argument or argument in found.args, name


def test_costs_are_added_and_multiplied() -> None:
    assert Cost(2).plus(Cost(3)).times(4) == Cost(20)


def test_each_operation_is_reckoned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "{ spheres { code name } }"
    for _ in range(2):  # it is kept from the second time on
        assert cost(text) == 5
    monkeypatch.delattr(Costs, "of")
    assert cost(text) == 5
