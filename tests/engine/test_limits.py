"""Documents that ask for too much are refused, quickly, before anything walks through all of them."""

import pytest

from engine.documents.documents import Documents
from engine.documents.invalid import InvalidDocument
from engine.documents.limits import Limits
from engine.errors import Limit, LimitError
from models.errors import ErrorCode
from tests.engine.library import Library, schema


@pytest.fixture
def documents() -> Documents:
    return Documents(schema())


def chain(length: int, step: str, end: str) -> str:
    """Fragments of which each spreads the next one."""
    links = [f"fragment F{number} on Author {{ {step.format(f'...F{number + 1}')} }}" for number in range(length)]
    return f"{{ author {{ ...F0 }} }} {' '.join(links)} fragment F{length} on Author {{ {end} }}"


def nested(depth: int) -> str:
    step = "books(first: 1) { nodes { author { "
    return '{ author(nameIs: "Cid") { ' + step * depth + "name" + " } } }" * depth + " } }"


def roots(number: int) -> str:
    return "{" + " __typename" * number + "}"


def aliased(number: int) -> str:
    return "{ author { " + " ".join(f"a{each}: name" for each in range(number)) + " } }"


def conditional(number: int) -> str:
    """A fragment that has its directives twice, as it is spread twice."""
    return (
        "{ ...F ...F } fragment F on Query { author { name"
        + " ... @include(if: true) { name }" * (number // 2)
        + " } }"
    )


def many(more: str) -> str:
    """A thousand fields, and more: fifty, of which each spreads a fragment of nineteen."""
    authors = " ".join(f"a{each}: author {{ ...F }}" for each in range(49))
    return f"{{ {authors} last: author {{ ...F{more} }} }} fragment F on Author {{ {'name ' * 19} }}"


# What is allowed stands before what is not: one more of the same.
EDGES = {
    Limit.DEPTH: (nested(6), nested(7)),
    Limit.FIELDS: (many(""), many(" name")),
    Limit.ROOT_FIELDS: (roots(50), roots(51)),
    Limit.ALIASES: (aliased(200), aliased(201)),
    Limit.DIRECTIVES: (conditional(100), conditional(102)),
    Limit.TOKENS: (roots(49), roots(4_001)),
}


@pytest.mark.parametrize("limit", EDGES)
async def test_a_limit_from_both_sides(library: Library, documents: Documents, limit: Limit) -> None:
    allowed, refused = EDGES[limit]
    assert await library.data(allowed)
    with pytest.raises(InvalidDocument) as caught:
        documents.read(refused)
    (error,) = caught.value.errors
    assert isinstance(error.original_error, LimitError)
    assert error.original_error.limit is limit


# A limit that visits a fragment again for each of its spreads would not end.
@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("query", "limit", "told"),
    [
        pytest.param(nested(7), Limit.DEPTH, "23 deep", id="deep"),
        pytest.param(nested(1_000), Limit.DEPTH, "nested too deeply", id="too deep to be read"),
        pytest.param(
            chain(11, "allBooks {{ author {{ {} }} }}", "name"), Limit.DEPTH, "24 deep", id="deep by fragments"
        ),
        pytest.param("{ author {" + " name" * 1_001 + " } }", Limit.FIELDS, "1000 fields", id="wide"),
        pytest.param(chain(30, "{0} {0}", "name"), Limit.FIELDS, "1000 fields", id="doubling"),
        pytest.param(chain(30, "{0} {0}", "a: name"), Limit.FIELDS, "1000 fields", id="doubling aliases"),
        pytest.param(
            chain(9, "a: allBooks {{ author {{ {0} {0} }} }}", "name"), Limit.FIELDS, "1000 fields", id="both"
        ),
        pytest.param(chain(400, "{}", "name"), Limit.DEPTH, "fragments nest too deeply", id="a long chain"),
        pytest.param("{" + " __typename" * 4_001 + " }", Limit.TOKENS, "4000 tokens", id="long"),
        pytest.param("{ __typename" + " @a" * 101 + " }", Limit.DIRECTIVES, "100 directives", id="unknown directives"),
        pytest.param("query" + " @a" * 101 + " { __typename }", Limit.DIRECTIVES, "100 directives", id="on the query"),
        pytest.param(
            "{ ...R } fragment R on Query {" + " __typename" * 51 + "}", Limit.ROOT_FIELDS, "50 root", id="roots"
        ),
    ],
)
def test_too_much(documents: Documents, query: str, limit: Limit, told: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        documents.read(query)
    (error,) = refused.value.errors
    assert isinstance(error.original_error, LimitError)
    assert error.original_error.limit is limit
    assert told in error.message


async def test_a_chain_of_fragments_is_answered(library: Library) -> None:
    assert await library.data(chain(100, "{}", "name"))


@pytest.mark.parametrize(
    "query", ["{ __schema { types { name } } }", '{ ...S } fragment S on Query { __type(name: "A") { name } }']
)
def test_introspection_can_be_off(query: str) -> None:
    Documents(schema()).read(query)
    with pytest.raises(InvalidDocument) as refused:
        Documents(schema(), limits=Limits(introspection=False)).read(query)
    original = refused.value.errors[0].original_error
    assert isinstance(original, LimitError)
    assert original.limit is Limit.INTROSPECTION


def test_gateways_are_not_told_the_schema_either_then() -> None:
    with pytest.raises(InvalidDocument) as refused:
        Documents(schema(), limits=Limits(introspection=False)).read("{ _service { sdl } }")
    original = refused.value.errors[0].original_error
    assert isinstance(original, LimitError)
    assert original.limit is Limit.INTROSPECTION


def test_every_limit_has_a_code_of_its_own() -> None:
    assert {each.value for each in Limit} <= {each.value for each in ErrorCode}


@pytest.mark.parametrize(
    "query",
    [
        "{ author { ...F } } fragment F on Author { name ...F }",
        "{ author { ...F } } fragment F on Author { ...G } fragment G on Author { ...F }",
        "{ author { ...Nowhere } }",
    ],
)
def test_fragments_that_do_not_end_are_left_to_validation(documents: Documents, query: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        documents.read(query)
    assert refused.value.errors[0].original_error is None
