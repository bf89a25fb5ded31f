"""A plan may be for values of which something is true: others get one of their own, and each is kept."""

import itertools
from typing import Any

import pytest
from graphql.execution.values import VariableValues

from engine.meanings import decisions
from engine.meanings.decisions import Decisions
from engine.meanings.requests import Request
from tests.engine.library import Library

QUERY = "query($a: Int!, $b: Int!) { books { first: shelfMark(number: $a) second: shelfMark(number: $b) } }"


def expected(a: int, b: int) -> list[dict[str, int]]:
    return [{"first": book * 1000 + a, "second": book * 1000 + b} for book in range(1, 5)]


async def text_of(library: Library, query: str, **variables: Any) -> str:
    await library.data(query, **variables)
    ((text, _),) = library.statements
    return text


async def test_each_has_a_plan_for_what_is_true_of_its_values(library: Library) -> None:
    library.documents.plans_each = 10
    pairs = [(0, 0), (0, 5), (5, 0), (5, 6)]
    texts = {pair: await text_of(library, QUERY, a=pair[0], b=pair[1]) for pair in pairs}
    assert len(set(texts.values())) == len(pairs)
    for a, b in itertools.product((0, 7, 8), repeat=2):
        assert await text_of(library, QUERY, a=a, b=b) == texts[5 if a else 0, (6 if a else 5) if b else 0]
    assert len(library.documents.read(QUERY).plans) == len(pairs)


@pytest.mark.parametrize("order", list(itertools.permutations([(0, 0), (0, 5), (5, 6)])))
async def test_answers_do_not_depend_on_who_asked_before(library: Library, order: Any) -> None:
    for a, b in (*order, *order):
        assert (await library.data(QUERY, a=a, b=b))["books"] == expected(a, b)


async def test_variants_are_forgotten_as_other_plans_are(library: Library) -> None:
    for a, b in itertools.product((0, 5), repeat=2):
        assert (await library.data(QUERY, a=a, b=b))["books"] == expected(a, b)
    for a, b in itertools.product((0, 5), repeat=2):
        assert (await library.data(QUERY, a=a, b=b))["books"] == expected(a, b)
    assert len(library.documents.read(QUERY).plans) == library.documents.plans_each


async def test_a_plan_is_lent_only_to_whom_the_same_is_true_of(library: Library) -> None:
    ways: list[str] = []
    for key, number in (("a", 0), ("b", 5), ("c", 0), ("d", 6), ("e", 0)):
        before = library.executor.completions.copy()
        data = await library.data(f"{{ books {{ {key}: shelfMark(number: {number}) }} }} # without a form")
        assert data == {"books": [{key: book * 1000 + number} for book in range(1, 5)]}
        ways += library.executor.completions - before
    assert ways == ["assembled", "borrowed", "borrowed", "borrowed", "borrowed"]
    assert len(library.executor.plans.templates) == len({"zero", "another number"})


async def test_what_a_plan_may_depend_on_is_bounded(library: Library) -> None:
    keys = [f"m{number}" for number in range(decisions.MAXIMUM + 3)]
    fields = " ".join(f"{key}: shelfMark(number: ${key})" for key in keys)
    query = f"query({', '.join(f'${key}: Int!' for key in keys)}) {{ books {{ {fields} }} }}"
    nothing = dict.fromkeys(keys, 0)
    text = await text_of(library, query, **nothing)
    assert text.count(" + ") == 3
    assert await text_of(library, query, **nothing | {keys[-1]: 5}) == text
    assert (await library.data(query, **nothing | {keys[-1]: 5}))["books"][0] == dict.fromkeys(keys, 1000) | {
        keys[-1]: 1005
    }


def test_nothing_is_true_of_a_value_that_is_refused() -> None:
    def refused(request: object) -> int:
        raise ValueError

    asked = Request(VariableValues({}, {}), "", {})
    assert Decisions(asked).holds(lambda request: 0, lambda value: value == 0)
    assert not Decisions(asked).holds(refused, lambda value: True)
