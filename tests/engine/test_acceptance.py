"""What is accepted at sight is valid: nothing that a rule refuses; and most of what is ordinary is."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from graphql import (
    ASTValidationRule,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    parse,
    validate,
)

from engine.documents.acceptance import Acceptance
from engine.documents.documents import Documents
from engine.documents.invalid import InvalidDocument
from engine.documents.rules import RULES
from schema.schema import executable
from tests.engine import rulebook
from tests.engine.disguises import Disguise
from tests.engine.faults import Fault
from tests.engine.leniencies import LENIENCIES
from tests.engine.mutants import Mutation, words_of
from tests.engine.operations import Asking
from tests.engine.pools import Pools

ROOT = Path(__file__).parents[2]
PORTAL = executable()

REFUSED = [(rule, query) for rule, queries in rulebook.REFUSED.items() for query in queries]
UNSUPPORTED = [(rule, query) for rule, queries in rulebook.UNSUPPORTED.items() for query in queries]


@pytest.fixture(scope="session")
def pools(seeded_url: str) -> Pools:
    return Pools.of(seeded_url)


@pytest.mark.parametrize(("rule", "query"), REFUSED)
def test_what_a_rule_refuses_is_not_accepted(rule: type[ASTValidationRule], query: str) -> None:
    hold_refused(rulebook.SCHEMA, rule, query)


@pytest.mark.parametrize(("rule", "query"), UNSUPPORTED)
def test_what_a_schema_does_not_have_is_not_accepted(rule: type[ASTValidationRule], query: str) -> None:
    hold_refused(rulebook.QUERIES_ONLY, rule, query)


def hold_refused(schema: GraphQLSchema, rule: type[ASTValidationRule], query: str) -> None:
    tree = parse(query)
    assert validate(schema, tree, [rule]), "The rule does not refuse it: the case is wrong."
    assert not Acceptance(schema).accepts(tree)


def test_there_is_a_case_for_each_rule() -> None:
    assert {*rulebook.REFUSED, *rulebook.UNSUPPORTED} == set(RULES)


@pytest.mark.parametrize("query", rulebook.TOO_MUCH)
def test_what_is_too_much_for_validation_is_not_accepted(query: str) -> None:
    tree = parse(query)
    assert "aborted" in validate(rulebook.SCHEMA, tree, RULES)[-1].message
    assert not Acceptance(rulebook.SCHEMA).accepts(tree)


@pytest.mark.parametrize("query", rulebook.PLAIN)
def test_what_is_plainly_valid_is_accepted(query: str) -> None:
    tree = parse(query)
    assert not validate(rulebook.SCHEMA, tree, RULES)
    assert Acceptance(rulebook.SCHEMA).accepts(tree)


@pytest.mark.parametrize("query", rulebook.LEFT)
def test_what_is_left_to_validation(query: str) -> None:
    tree = parse(query)
    assert not validate(rulebook.SCHEMA, tree, RULES)
    assert not Acceptance(rulebook.SCHEMA).accepts(tree)


def ordinary() -> Iterator[str]:
    """What users are shown, and what is measured."""
    # What is asked of a gateway is of a larger graph than the portal's.
    for page in [ROOT / "README.md", *(each for each in ROOT.glob("docs/**/*.md") if each.name != "federation.md")]:
        yield from re.findall(r"^```graphql\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    yield from (path.read_text() for path in ROOT.glob("benchmarks/documents/*.graphql"))


@pytest.mark.parametrize("query", list(ordinary()))
def test_what_is_ordinary_is_accepted(query: str) -> None:
    documents = Documents(PORTAL)
    documents.read(query)
    assert documents.ways == {"accepted": 1}


def test_most_of_what_is_hard_to_see_through_is_accepted(pools: Pools) -> None:
    acceptance = Acceptance(PORTAL)
    ways: Counter[bool] = Counter()
    for seed in range(150):
        tree = parse(disguised(Random(seed), pools))  # noqa: S311 - it is to be repeated
        ways[acceptance.accepts(tree)] += 1
        assert not validate(PORTAL, tree, RULES)
    assert ways[True] >= 0.9 * ways.total()


def disguised(random: Random, pools: Pools) -> str:
    """A document over the portal's schema with all that documents have, and valid."""
    asking = Asking(random, PORTAL, pools, random.randint(1, 25))
    return "\n".join(
        Disguise(random, f"Q{number}").written(asking.operation()) for number in range(random.choice([1, 1, 2]))
    )


def test_no_mutant_is_accepted_that_is_not_valid(pools: Pools) -> None:
    counts = hold_mutants(lambda random: disguised(random, pools), PORTAL, range(150), 4)
    assert min(counts["accepted"], counts["refused"]) > 25, counts


def test_no_mutant_of_the_rulebook_is_accepted_that_is_not_valid() -> None:
    counts = hold_mutants(lambda random: random.choice(rulebook.PLAIN), rulebook.SCHEMA, range(250), 8)
    assert min(counts["accepted"], counts["refused"]) > 100, counts


def hold_mutants(
    original: Callable[[Random], str], schema: GraphQLSchema, seeds: Sequence[int], each: int
) -> Counter[str]:
    """Hold mutants of documents to what graphql-core says of them; how many were of which kind."""
    acceptance, words = Acceptance(schema), words_of(schema)
    counts: Counter[str] = Counter()
    for seed in seeds:
        random = Random(seed)  # noqa: S311 - it is to be repeated
        text = original(random)
        for _ in range(each):
            counts[kind_of(acceptance, schema, Mutation(random, words).mutant(text))] += 1
    return counts


def kind_of(acceptance: Acceptance, schema: GraphQLSchema, text: str) -> str:
    try:
        tree = parse(text)
    except GraphQLSyntaxError:
        return "unparsed"
    accepted = acceptance.accepts(tree)
    refused = validate(schema, tree, RULES)
    assert not (accepted and refused), (text, refused)
    return "accepted" if accepted else "refused" if refused else "left"


@pytest.mark.parametrize(("rule", "query"), REFUSED[:: len(REFUSED) // 12])
def test_the_errors_are_those_of_validation(rule: type[ASTValidationRule], query: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        Documents(rulebook.SCHEMA).read(query)
    expected: list[GraphQLError] = validate(rulebook.SCHEMA, parse(query), RULES)
    assert [each.formatted for each in refused.value.errors] == [each.formatted for each in expected]


def test_a_fragment_may_come_before_its_operation() -> None:
    """And still use its variables, also for a field of @oneOf."""
    fragment = "fragment F on Query { organization(by: {code: $code}) { code } }"
    Documents(PORTAL).read(f"{fragment} query ($code: String!) {{ ...F }}")
    with pytest.raises(InvalidDocument, match="must be non-nullable"):
        Documents(PORTAL).read(f"{fragment} query ($code: String) {{ ...F }}")
    with pytest.raises(InvalidDocument, match="is not defined"):
        Documents(PORTAL).read(f"{fragment} {{ ...F }}")


# A walk that visits a fragment again for each of its spreads would not end.
@pytest.mark.timeout(20)
def test_fragments_that_double_are_walked_once() -> None:
    doubling = " ".join(f"fragment F{each} on Query {{ ...F{each + 1} ...F{each + 1} }}" for each in range(60))
    assert Acceptance(rulebook.SCHEMA).accepts(
        parse(f"{{ ...F0 }} {doubling} fragment F60 on Query {{ books {{ id }} }}")
    )


@pytest.mark.long
@pytest.mark.parametrize("leniency", LENIENCIES.values(), ids=LENIENCIES)
def test_a_leniency_is_caught(leniency: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong = leniency
    monkeypatch.setattr(owner, name, wrong(getattr(owner, name)))
    with pytest.raises(AssertionError):
        hold_rulebook()


def test_nothing_is_caught_where_nothing_is_let_through() -> None:
    """Or the test above would say nothing."""
    hold_rulebook()


def hold_rulebook() -> None:
    """Hold all that no document may be accepted for, and then mutants of what is plainly valid."""
    for rule, query in REFUSED:
        hold_refused(rulebook.SCHEMA, rule, query)
    for query in rulebook.TOO_MUCH:
        assert not Acceptance(rulebook.SCHEMA).accepts(parse(query))
    hold_mutants(lambda random: random.choice(rulebook.PLAIN), rulebook.SCHEMA, range(20), 8)
