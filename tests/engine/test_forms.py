"""Documents that differ in names alone are answered alike, and only those."""

import random
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from graphql import (
    REMOVE,
    FieldNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    NameNode,
    OperationDefinitionNode,
    StringValueNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents import forms
from engine.documents.documents import Documents
from engine.documents.forms import LONGEST, Form, form_of
from engine.documents.invalid import InvalidDocument
from engine.documents.lifting import MOST_TEXTS, Lifted
from engine.documents.likenesses import Likeness
from engine.errors import ArgumentError
from engine.executor import Caller
from schema.schema import executable
from tests.engine.library import Library, schema
from tests.engine.test_templates import asked

BOOKS = "query Books { all: authors(first: 2) { nodes { called: name books(first: 1) { totalCount } } } }"


@pytest.fixture(scope="module")
def library_schema() -> GraphQLSchema:
    return schema()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("query A { a: b }", "query B { c: b }"),
        ("query A($x: Int) { a: b(c: $x) }", "query Other($x: Int) { z: b(c: $x) }"),
        ("{ a: b { a: c d: e } }", "{ x: b { x: c y: e } }"),
        ("{ a : b,c\n,:d }", "{ x : b,y\n,:d }"),
        ('{ a: b(c: ")", d: "\\"(") }', '{ x: b(c: ")", d: "\\"(") }'),
        ("query{a:b}", "query{bc:b}"),
        ("fragment F on C { a: b } query A { d: e }", "fragment F on C { x: b } query A { y: e }"),
    ],
)
def test_names_are_no_part_of_a_form(text: str, other: str) -> None:
    one, two = form_of(text), form_of(other)
    assert one
    assert two
    assert one.key == two.key
    assert one != two


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("query A { a: b }", "{ a: b }"),
        ("query A { a: b }", "mutation A { a: b }"),
        ("{ a: b c: b }", "{ a: b a: b }"),
        ("{ a: b c }", "{ c: b c }"),
        ("{ a: b }", "{ a: c }"),
        ("{ a: b }", "{ a b }"),
        ("{ a: b(c: 1) }", "{ a: b(d: 1) }"),
        ("{ a: b(c: 1) }", "{ a: b(c: 2) }"),
        ('{ a(b: ")", c: "d") }', '{ a(b: ")", d: "d") }'),
        ("query A($x: Int) { b }", "query A($y: Int) { b }"),
        ("{ ...F } fragment F on A { b }", "{ ...G } fragment G on A { b }"),
        ("fragment F on C { a: b } query A { d: e }", "fragment F on C { a: b } query B { d: e }"),
    ],
)
def test_everything_else_is(text: str, other: str) -> None:
    one, two = form_of(text), form_of(other)
    assert one
    assert two
    assert one.key != two.key


@pytest.mark.parametrize(
    "text",
    [
        "{ a: b } # c: d",
        '{ a: b(c: """d""") }',
        "{ a: b(c: 1 }",
        "query ($x: Int = 1 @a(b: 1)) { a: b }",
        '"A description: of it" query { a: b }',
        "{ a: b } " + " " * LONGEST,
    ],
)
def test_what_is_not_taken_apart_with_certainty_has_no_form(text: str) -> None:
    assert form_of(text) is None


def test_a_text_that_makes_no_sense_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """If every parenthesis were looked for anew, this would take a day."""
    monkeypatch.setattr(forms, "LONGEST", 10_000_000)
    for end in (
        '("' + '(\\"' * 1_000_000,
        "(" * 1_000_000,
        "(" + '""' * 1_000_000,
        "a " * 1_000_000,
        "a" + " " * 1_000_000,
    ):
        form_of("{ a: b" + end)


PIECES = [
    "query",
    "{",
    "}",
    "(",
    ")",
    "a",
    "b",
    "c:",
    "a:",
    ":",
    "...",
    "on",
    "$a",
    '"a: ("',
    '"a"',
    '"b"',
    '(a: "a")',
    r'(a: "\"a")',
    '"',
    "1",
    "@a",
    "#",
    "\n",
    ",",
    " ",
]


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14), names=st.randoms(use_true_random=False))
def test_texts_of_one_form_parse_alike(pieces: list[str], names: random.Random) -> None:
    """However little sense a text makes: with other words in it, it has another form, or parses as before."""
    text = f"query A {{ x: a {' '.join(pieces)} }}"
    other = re.sub(r"[a-z]\b", lambda found: names.choice([found[0], *"abcd"]), text)
    one, two = form_of(text), form_of(other)
    if one is None or two is None or one.key != two.key:
        return
    words, texts = (dict(zip(*each, strict=True)) for each in ((one.aliases, two.aliases), (one.texts, two.texts)))
    assert _parsed(text, words, texts) == _parsed(other, {}, {})


class _Reworded(Visitor):
    """Gives a document other aliases and other texts, and its operation no name."""

    def __init__(self, words: dict[str, str], texts: dict[str, str]) -> None:
        super().__init__()
        self.words = words
        self.texts = texts

    def leave_string_value(self, node: StringValueNode, *_: object) -> StringValueNode:
        return replace(node, value=self.texts.get(node.value, node.value))

    def leave_field(self, node: FieldNode, *_: object) -> FieldNode:
        alias = node.alias and NameNode(value=self.words.get(node.alias.value, node.alias.value))
        return replace(node, alias=alias)

    def leave_operation_definition(self, node: OperationDefinitionNode, *_: object) -> OperationDefinitionNode:
        return replace(node, name=None)


def _parsed(text: str, words: dict[str, str], texts: dict[str, str]) -> str | None:
    try:
        return print_ast(visit(parse(text), _Reworded(words, texts)))
    except GraphQLSyntaxError:
        return None


async def test_a_document_of_a_known_form_is_answered_without_being_parsed(library: Library) -> None:
    await asked(library, BOOKS)
    other = BOOKS.replace("Books", "Works").replace("all", "every").replace("called", "title")
    alike = library.documents.read(other)
    assert isinstance(alike, Likeness)
    operation = alike.operation("Works")
    assert operation is not None
    assert alike.called(operation) == "Works"
    assert alike.operation("Books") is None
    result = await library.executor.execute(alike, operation, {}, Caller(shape=True, shared={}, context=None))
    assert result.data
    assert list(result.data) == ["every"]
    # Whoever comes back is read in full.
    own, way = await asked(library, other)
    assert (own, way) == (result.data, "borrowed")


async def test_a_name_behind_a_fragment_is_known(library: Library) -> None:
    text = "fragment Named on Author { a: name } query Authors { authors(first: 1) { nodes { ...Named } } }"
    await asked(library, text)
    alike = library.documents.read(text.replace("a: ", "b: "))
    assert isinstance(alike, Likeness)
    assert alike.operation("Others") is None
    operation = alike.operation("Authors")
    assert operation is not None
    assert alike.called(operation) == "Authors"
    result = await library.executor.execute(alike, operation, {}, Caller(shape=True, shared={}, context=None))
    assert result.data == {"authors": {"nodes": [{"b": "Ada"}]}}


PUBLISHED = """query Q($first: Int) {
    ada: author(nameIs: "Ada") { name greeting(to: "Bob") twice: greeting(to: "Bob") ...More }
    authors(first: $first) { nodes { name } }
} fragment More on Author { books(where: {title: "Apple"}) { nodes { title } } }"""


@pytest.mark.parametrize(
    ("others", "lifts"),
    [
        ({"Ada": "Cid"}, True),
        ({"Ada": "Nobody", "Bob": "", "Apple": "Ж"}, True),
        ({"Bob": "Apple"}, False),  # two are equal now that were not
        ({"Ada": r"\u0041da"}, False),  # an escape belongs to the form
    ],
)
async def test_other_texts_are_answered_by_the_same_document(
    library: Library, others: dict[str, str], lifts: bool
) -> None:
    await library.data(PUBLISHED, first=1)
    text = PUBLISHED
    for own, other in others.items():
        text = text.replace(f'"{own}"', f'"{other}"')
    for _ in range(2):  # as long as nobody asks for it in full
        alike = library.documents.read(text)
        assert isinstance(alike, Likeness) is lifts
    operation = alike.operation("Q")
    assert operation is not None
    caller = Caller(shape=True, shared={}, context=None)
    found = await library.executor.execute(alike, operation, alike.given({"first": 1}), caller)
    whole = library.documents.whole(text)
    expected = await library.executor.execute(whole, whole.operations["Q"], {"first": 1}, caller)
    assert not found.errors
    assert (found.data, found.errors) == (expected.data, expected.errors)
    assert library.executor.completions["alike"] == lifts


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ('query($x: String = "a") { author(nameIs: $x) { name } }', '"a"', '"b"'),
        ('{ a: author(nameIs: "a") { name } node(id: "a") { id } }', '"a"', '"b"'),  # of two types
        ('{ authorsByName(names: "a") { name } }', '"a"', '"b"'),  # a list of one
    ],
)
async def test_a_text_for_which_no_variable_can_stand_belongs_to_the_form(
    library: Library, text: str, own: str, other: str
) -> None:
    library.documents.read(text)
    assert not isinstance(library.documents.read(text.replace(own, other)), Likeness)
    assert isinstance(library.documents.read(text.replace("name }", "x: name }")), Likeness) is False


@pytest.mark.parametrize(
    ("text", "lifted"),
    [
        ('{ author(nameIs: "a") { name } }', "query($text0_0: String!) { author(nameIs: $text0_0 ) { name } }"),
        ('query { author(nameIs: "a") { name } }', "query($text0_0: String!) { author(nameIs: $text0_0 ) { name } }"),
        (
            'query text0_ { author(nameIs: "a") { name } }',
            "query text0_($text1_0: String!) { author(nameIs: $text1_0 ) { name } }",
        ),
        (
            'query A($b: ID!) { a: node(id: $b) { id } node(id:"b") { id } }',
            "query A($b: ID! $text0_0: ID!) { a: node(id: $b) { id } node(id: $text0_0 ) { id } }",
        ),
        (
            '{ authorsByName(names: ["a" "b","a"]) { name } }',
            "query($text0_0: String! $text0_1: String!) { authorsByName(names: [$text0_0 $text0_1, $text0_0]) { name } }",
        ),
        # One that stays keeps all the others.
        ('query($x: String = "a") { author(nameIs: $x) { name } b: author(nameIs: "b") { name } }', None),
        ('query($x: String = "a") { author(nameIs: $x) { name } b: author(nameIs: "a") { name } }', None),
        (r'{ author(nameIs: "a") { name } b: author(nameIs: "\u0061") { name } }', None),
        ('{ author(nameIs: "a") { name } node(id: "a") { id } }', None),
        ('{ authorsByName(names: "a") { name } }', None),
    ],
)
async def test_a_document_with_its_texts_lifted(library: Library, text: str, lifted: str | None) -> None:
    form = form_of(text)
    assert form
    found = Lifted.of(library.schema, parse(text), form, 1_000)
    assert (found and print_ast(parse(found.source))) == (lifted and print_ast(parse(lifted)))


def test_a_document_that_would_have_too_many_tokens_stays(library_schema: GraphQLSchema) -> None:
    texts = " ".join(f'"{number}"' for number in range(MOST_TEXTS))
    text = f"{{ authorsByName(names: [{texts}]) {{ name }} }}"
    form = form_of(text)
    assert form
    lifted = Lifted.of(library_schema, parse(text), form, 1_000)
    assert lifted
    most = parse(lifted.source).token_count
    assert Lifted.of(library_schema, parse(text), form, most - 1) is None


TEXTS = ["a", "b", "", "c,d", "\ufeff", "$text0_0", "text0_0", ")", "(", "{", "\x7f", "😀", "0", "a:"]
ESCAPED = [r"\u0061", r"\"", "tab\t", r"\n"]


def written(shape: random.Random, texts: list[str]) -> str:
    """A document of a shape, with texts in it that stand anywhere, and may be lifted or not."""

    def text() -> str:
        return f'"{shape.choice(ESCAPED) if shape.random() < 0.03 else shape.choice(texts)}"'

    def space() -> str:
        return shape.choice([" ", ",", "", " \n"])

    ways = [
        lambda: f"author(nameIs:{text()}) {{ name greeting(to:{text()}) }}",
        lambda: f"authors(first:1{space()}nameIs:{text()}{space()}last:null) {{ nodes {{ name }} }}",
        lambda: f"authorsByName(names:[{text()}{space()}{text()}]) {{ name }}",
        lambda: f"nodes(ids:[{text()}{shape.choice(['', ' 1 ', '1'])}{text()}]) {{ id }}",
        lambda: f"books(where:{{title:{text()}}}) {{ ...F }}",
        lambda: f"authorsByName(names:{text()}) {{ name }}",
    ]
    fields = [f"x{number}: {shape.choice(ways)()}" for number in range(shape.randrange(1, 5))]
    head = shape.choice(["", "query", "query A", "query text0_0", f"query A($x: String = {text()}) "])
    fields += ["z: author(nameIs: $x) { name }"] if "$x" in head else []
    below = f" fragment F on Book {{ title sides {{ author {{ q: greeting(to:{text()}) }} }} }}"
    return f"{head}{{ {' '.join(fields)} }}" + (below if "...F" in "".join(fields) else "")


class _PutBack(Visitor):
    """Puts texts where variables stand for them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__()
        self.values = values

    def leave_variable(self, node: VariableNode, *_: object) -> ValueNode:
        value = self.values.get(node.name.value)
        return node if value is None else StringValueNode(value=value)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> object:
        return REMOVE if node.variable.name.value in self.values else None


def test_what_is_lifted_reads_as_it_was_written(library_schema: GraphQLSchema) -> None:
    """A document's own tree, if it is the likeness of another one of its form, and valid as well."""
    alike = 0
    for seed in range(1_500):
        documents, choice = Documents(library_schema), random.Random(seed)  # noqa: S311 - it is to be repeated
        one, other = (written(random.Random(seed), choice.sample(TEXTS, 3)) for _ in range(2))  # noqa: S311
        with suppress(InvalidDocument):
            documents.read(one)
            found = documents.read(other)
            if isinstance(found, Likeness):
                Documents(library_schema).read(other)
                put_back = visit(visit(found.tree, _PutBack(found.values)), _Reworded({}, {}))
                assert print_ast(put_back) == print_ast(visit(parse(other), _Reworded({}, {})))
                alike += bool(found.values)
    assert alike > 200


@pytest.mark.parametrize(
    "text",
    [
        '{ node(id: "ID") { id ... on Author { name } } }',
        '{ __type(name: "ID") { name } }',
        '{ authorsByName(names: "ID") { name } }',
        '{ authors(first: 1, after: "ID") { nodes { name } } }',
        'query($x: String = "ID") { author(nameIs: $x) { name } }',
    ],
)
async def test_what_is_lifted_in_vain_is_not_lifted_again(
    library: Library, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    tried = []
    lift = Lifted.of

    def counted(*given: Any) -> Lifted | None:
        tried.append(given)
        return lift(*given)

    monkeypatch.setattr(Lifted, "of", counted)
    for number in range(10):
        await library.execute(text.replace("ID", f"id{number}"))
    assert len(tried) <= 1


def test_a_lifted_text_is_about_as_long_as_the_original(library_schema: GraphQLSchema) -> None:
    """However long the names are that its client gives, and however often it writes a text."""
    texts = " ".join(f'"{number % MOST_TEXTS}"' for number in range(20_000))
    text = f"query text{'_' * 100_000} {{ authorsByName(names: [{texts}]) {{ name }} }}"
    form = Form("key", (), tuple(map(str, range(MOST_TEXTS))), None)
    lifted = Lifted.of(library_schema, parse(text), form, 1_000_000)
    assert lifted
    assert len(lifted.source) < 4 * len(text)


def test_a_long_list_of_texts_stays(library_schema: GraphQLSchema) -> None:
    texts = " ".join(f'"{number}"' for number in range(MOST_TEXTS + 1))
    text = f"{{ authorsByName(names: [{texts}]) {{ name }} }}"
    form = form_of(text)
    assert form
    assert Lifted.of(library_schema, parse(text), form, 1_000) is None


async def test_what_is_refused_of_a_text_is_told_where_it_stands(library: Library) -> None:
    text = '{ authors(first: 1, after: "") { nodes { name } } }'
    await library.execute(text)
    other = text.replace('""', '"no cursor"').replace("{ authors", "{   authors")
    result = await library.execute(other)
    assert result.errors
    (error,) = result.errors
    assert error.path == ["authors"]
    assert (error.locations or [])[0].column == other.index("authors") + 1


async def test_what_is_refused_is_told_in_its_own_words(library: Library) -> None:
    await asked(library, "{ a: authors(first: 1) { nodes { name } } }")
    query = "query($n: Int) { a: authors(first: $n) { nodes { name } } }"
    await library.data(query, n=1)
    other = query.replace("a: ", "other: ")
    result = await library.execute(other, {"n": -1})
    assert result.errors
    (error,) = result.errors
    assert error.path == ["other"]
    assert isinstance(error.original_error, ArgumentError)
    assert (error.locations or [])[0].column == other.index("other") + 1
    assert library.executor.completions["alike"] == 0


async def test_variables_that_do_not_fit_are_told_where_they_stand(library: Library) -> None:
    query = "query Q($n: Int) { a: authors(first: $n) { nodes { name } } }"
    await library.data(query, n=1)
    result = await library.execute(query.replace("query Q", "query Longer"), {"n": "many"})
    assert result.errors
    assert (result.errors[0].locations or [])[0].column == len("query Longer(") + 1


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("query A { a: __typename }", True),
        ("mutation A { a: signOut { __typename } }", False),
        ("query A { a: __typename } query B { b: __typename }", False),
    ],
)
def test_only_a_query_alone_answers_for_others(text: str, alike: bool) -> None:
    documents = Documents(executable())
    documents.read(text)
    assert isinstance(documents.read(text.replace("a:", "other:")), Likeness) is alike


async def test_forms_and_what_was_answered_by_them_are_bounded(library: Library) -> None:
    for number in range(40):
        library.documents.read(f"{{ a{number}: __typename }}")
        library.documents.read(f"{{ {'__typename ' * (number + 1)} }}")
    likenesses = library.documents.likenesses
    assert len(likenesses.originals) == len(likenesses.answered) == library.documents.maximum
