"""Plans are kept, and nothing of the requests that they were made for: neither secrets nor what takes much memory."""

from random import Random

import pytest

from engine.errors import ArgumentError, anew
from engine.plans.templates import TEMPLATE_TOKENS
from tests.engine.library import Library
from tests.engine.net import Net
from tests.leavings import left


@pytest.mark.timeout(120)
async def test_nothing_is_left_of_what_was_asked_and_refused(net: Net) -> None:
    before = set(map(id, left()))
    for seed in range(15):
        await net.hold(Random(seed), 30)  # noqa: S311 - it is to be repeated
    assert [each for each in left() if id(each) not in before] == []


@pytest.mark.parametrize(
    "query",
    [
        'query($is: String = "?") { authors(nameIs: $is, first: -1) { totalCount } }',
        'query($is: String = "?") { authors(nameIs: $is, after: "?") { totalCount } }',
        "query($n: Int = 0) { books { shelfMark(number: $n) } }",
        'query($id: ID = "?") { nodes(ids: [$id]) { id } }',
        'query($is: [String!]! = ["?"]) { authorsByName(names: $is) { name } }',
    ],
)
async def test_nothing_is_left_of_one_request(library: Library, query: str) -> None:
    before = set(map(id, left()))
    await library.execute(query)
    assert [each for each in left() if id(each) not in before] == []
    assert len(library.documents.read(query).plans) == 1


def test_an_error_made_anew_is_the_same_without_its_trace() -> None:
    kept = ArgumentError("first", "must not be negative")
    kept.add_note("of the test")
    with pytest.raises(ArgumentError) as raised:
        raise anew(kept)
    assert raised.value is not kept
    assert kept.__traceback__ is None
    assert vars(raised.value) == vars(kept)
    assert str(raised.value) == str(kept)


async def test_the_documents_of_plans_that_are_lent_are_bounded_in_memory(library: Library) -> None:
    """A long text that is refused has a plan as well, and its document stands behind it."""
    templates = library.executor.plans.templates
    long = "x" * (TEMPLATE_TOKENS * 330 // 20)
    for number in range(30):
        fields = " ".join(f"a{bit}: greeting(loudly: {str(bool(number >> bit & 1)).lower()})" for bit in range(5))
        for name in ("name", "id"):
            await library.execute(f'{{ authors(first: 1, nameIs: "{long}") {{ nodes {{ {fields} {name} }} }} }}')
    assert 2 <= len(templates) <= 10
