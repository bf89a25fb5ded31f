"""Documents that ask for too much are refused, quickly, before anything walks through all of them."""

import pytest

from engine.documents import Documents, InvalidDocument
from engine.errors import LimitError
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


# A limit that visits a fragment again for each of its spreads would not end.
@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("query", "told"),
    [
        pytest.param(nested(7), "23 deep", id="deep"),
        pytest.param(nested(1_000), "nested too deeply", id="too deep to be read"),
        pytest.param(chain(11, "allBooks {{ author {{ {} }} }}", "name"), "24 deep", id="deep by fragments"),
        pytest.param("{" + " __typename" * 1_001 + " }", "1000 fields", id="wide"),
        pytest.param(chain(30, "{0} {0}", "name"), "1000 fields", id="doubling"),
        pytest.param(chain(9, "a: allBooks {{ author {{ {0} {0} }} }}", "name"), "1000 fields", id="both"),
        pytest.param(chain(400, "{}", "name"), "fragments nest too deeply", id="a long chain"),
        pytest.param("{" + " __typename" * 4_001 + " }", "4000 tokens", id="long"),
    ],
)
def test_too_much(documents: Documents, query: str, told: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        documents.read(query)
    (error,) = refused.value.errors
    assert isinstance(error.original_error, LimitError)
    assert told in error.message


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(nested(6), id="deep"),
        pytest.param("{" + " ".join(f"a{each}: __typename" for each in range(1_000)) + "}", id="wide"),
        pytest.param(chain(100, "{}", "name"), id="a chain"),
    ],
)
async def test_much(library: Library, query: str) -> None:
    assert await library.data(query)


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
