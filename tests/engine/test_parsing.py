"""What is parsed with tokens found in another way is what graphql-core parses, or refuses."""

import pytest
from graphql import DocumentNode, GraphQLError, Token, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents.parsing import parsed

MOST = 60

# What documents are made of, and what they may have by mistake.
PIECES = [
    *"{}()[]:!$@|&=,",
    *(" ", "\n", "\r", "\r\n", "\t", "\ufeff", "# a comment\n", "#\r", "..."),
    *(
        "query",
        "a",
        "_1",
        "name: b",
        "\n  a: b\n  c\n",
        "{ a }",
        "{ a { b } }",
        "fragment F on T { a }",
        "(x: 1)",
        "($x: [Int!] = [1, 2])",
    ),
    *(
        '"text"',
        '"""block\n  text"""',
        '"\\u0041"',
        "1",
        "-2.5e3",
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
documents = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def told(text: str, *, plainly: bool) -> object:
    """The tree with all places and tokens, or the refusal with its place."""
    try:
        tree = parsed(text, MOST) if plainly else parse(text, max_tokens=MOST)
    except GraphQLError as error:
        return error.message, error.locations
    return tree.to_dict(locations=True), tree.token_count, [seen(token) for token in tokens(tree)]


def tokens(tree: DocumentNode) -> list[Token]:
    """All tokens, comments included."""
    found, token = [], tree.loc.start_token if tree.loc else None
    while token is not None:
        found.append(token)
        token = token.next
    return found


def seen(token: Token) -> tuple[object, ...]:
    return token.kind, token.start, token.end, token.line, token.column, token.value


@settings(max_examples=600, deadline=None)
@given(text=documents)
def test_what_is_parsed_or_refused_is_the_same(text: str) -> None:
    assert told(text, plainly=True) == told(text, plainly=False)
    whole = f"query Q {{ a {text} b }}"
    assert told(whole, plainly=True) == told(whole, plainly=False)


@pytest.mark.parametrize(
    "text",
    [
        *("{ " + "x " * names + "a: b " * MOST + "}" for names in range(3)),
        "{ " + "a: b " * (MOST // 3 - 1) + "#\n" * MOST + "c }",
        "{ a b: c" + "\n#" * (2 * MOST) + " }",
        "#\n" * (2 * MOST) + "{ a }",
        "{ a(x: [[[1]]]) }",
    ],
)
def test_so_is_what_has_many_tokens(text: str) -> None:
    assert told(text, plainly=True) == told(text, plainly=False)


def test_what_nests_too_deeply_is_refused() -> None:
    with pytest.raises(RecursionError):
        parsed("{ a " * 1_000, max_tokens=10_000)


def test_no_token_knows_the_one_before() -> None:
    assert all(token.prev is None for token in tokens(parsed('{ a # so\n b(c: "d") }', MOST)))
