"""What is sketched is what graphql-core parses, without places; what it refuses, or is allowed no more, is not sketched."""

from pathlib import Path

import pytest
from graphql import GraphQLError, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents.sketches import SKIPPED, TOKEN, sketched

MOST = 60
DOCUMENTS = Path(__file__).parents[2] / "benchmarks" / "documents"

# What documents are made of, and what they may have by mistake.
PIECES = [
    *"{}()[]:!$@|&=,.-0",
    *(" ", "\n", "\r", "\r\n", "\t", "\ufeff", "# a comment\n", "#\r", "..."),
    *(
        "query",
        "mutation",
        "subscription M { a }",
        "a",
        "_1",
        "name: b",
        "\n  a: b\n  c\n",
        "{ a }",
        "{ a { b } }",
        "fragment F on T { a }",
        "fragment on on T { a }",
        "...F",
        "... on T @skip(if: $x) { a }",
        "...on",
        "... { a }",
        "@include(if: true)",
        "(x: 1)",
        "(x: {a: [B, null], c: {}}, y: [], z: $v)",
        "($x: [Int!] = [1, 2])",
        "($x: [[I!]!]! = {a: $x})",
        "($x: I @d = 1)",
    ),
    *(
        '"text"',
        '"текст 😀"',
        '"a\tb"',
        '"a\nb"',
        '""',
        '"""block\n  text"""',
        '"\\u0041"',
        '"\ud83d"',
        "1",
        "-2.5e3",
        "-0",
        "1e5",
        "1.",
        "01",
        "1a",
        "0x",
        "..",
        "é",
        "\0",
        '"',
        "'",
        "?",
        "😀",
        "\u2028",
    ),
]
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def told(text: str, max_tokens: int = MOST) -> object:
    """The tree as graphql-core makes it, without places; None where it refuses."""
    try:
        tree = parse(text, max_tokens=max_tokens, no_location=True)
    except (GraphQLError, RecursionError):
        return None
    return tree.to_dict(), tree.token_count


def seen(text: str, max_tokens: int = MOST) -> object:
    """The same of what is sketched."""
    tree = sketched(text, max_tokens)
    return None if tree is None else (tree.to_dict(), tree.token_count)


def hold(text: str, max_tokens: int = MOST) -> None:
    """See that a text is not sketched, or as it is parsed."""
    assert seen(text, max_tokens) in (None, told(text, max_tokens))


@settings(max_examples=1_000, deadline=None)
@given(text=texts)
def test_what_is_sketched_is_what_is_parsed(text: str) -> None:
    for whole in (text, f"query Q {{ a {text} b }}", f"{{ a(b: {text}) c }}", f"query ({text}) {{ a }}"):
        hold(whole)


# What has everything that is plain.
PLAIN = """
query First($a: [Int!]! = [1, -2], $b: S = {c: "d", e: [F, true, null], g: -1.5e3}, $h: ID) @live {
  ...Named @skip(if: $a), i: j(k: {l: $b, m: "текст 😀"}, n: 0) @include(if: false) { __typename on, query }
  ... on Type @a @b { fragment }
  ... @c { true }, y: z { a x: w on: on }
}\r\n\ufeff
fragment Named on Type @d { on: null }
query Second { a }
"""


@pytest.mark.parametrize(
    "text", ["{ a }", "query { a }", PLAIN, *(each.read_text() for each in DOCUMENTS.glob("[!s]*.graphql"))]
)
def test_what_is_plain_is_sketched(text: str) -> None:
    assert seen(text, 1_000) == told(text, 1_000) is not None


# One of each kind, and words that mean something in some places.
TOKENS = [*"{}()[]:!=$@", "...", "on", "a", "query", "fragment", "true", "1", "-1.5", '"a"', "&"]
WHOLE = " ".join(TOKEN.findall(PLAIN.strip(SKIPPED))).split(" ")


@pytest.mark.parametrize("start", range(len(WHOLE) + 1))
def test_so_is_what_is_almost_plain(start: int) -> None:
    """Each token in turn taken out, exchanged for each kind, or with one of each kind before it."""
    for behind, token in [(1, ""), *((behind, token) for behind in (0, 1) for token in TOKENS)]:
        hold(" ".join((*WHOLE[:start], token, *WHOLE[start + behind :])), 1_000)


@settings(max_examples=600, deadline=None)
@given(edits=st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 1), st.sampled_from(TOKENS)), max_size=4))
def test_so_is_what_is_less_plain(edits: list[tuple[int, int, str]]) -> None:
    tokens = WHOLE
    for start, behind, token in edits:
        tokens = [*tokens[:start], token, *tokens[start + behind :]]
    hold(" ".join(tokens), 1_000)


@pytest.mark.parametrize(
    "text", ["mutation { a }", "subscription { a }", "{ a # so\n}", '{ a(b: "\\n") }', "type T { a: B }", ""]
)
def test_what_is_not_plain_is_not_sketched(text: str) -> None:
    assert sketched(text, MOST) is None


@pytest.mark.parametrize("more", ["x ", "a: b ", "a: b { c } ", "...F "])
def test_so_is_what_has_too_many_tokens(more: str) -> None:
    for times in range(MOST + 1):
        text = "{ " + more * times + "}"
        hold(text)
        assert times == 0 or seen(text) == told(text)


@pytest.mark.parametrize(
    "text",
    [
        "{ " + "a" * 101 + " }",
        "{ a" + " " * 20_000 + "}",
        "{ a " * 100 + "}" * 100,
        "{ a(b: " + "[" * 100 + "]" * 100 + ") }",
    ],
)
def test_what_is_very_long_or_deep_is_not_sketched(text: str) -> None:
    assert sketched(text, 1_000) is None
    assert told(text, 1_000) is not None
