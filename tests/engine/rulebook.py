"""Documents for each of GraphQL's rules, over a small schema that has all that a schema can have."""

from collections.abc import Mapping, Sequence

from graphql import (
    ASTValidationRule,
    DeferStreamDirectiveLabel,
    DeferStreamDirectiveOnRootField,
    DeferStreamDirectiveOnValidOperationsRule,
    ExecutableDefinitionsRule,
    FieldsOnCorrectTypeRule,
    FragmentsOnCompositeTypesRule,
    KnownArgumentNamesRule,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    KnownOperationTypesRule,
    KnownTypeNamesRule,
    LoneAnonymousOperationRule,
    MaxIntrospectionDepthRule,
    NoFragmentCyclesRule,
    NoUndefinedVariablesRule,
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    SingleFieldSubscriptionsRule,
    StreamDirectiveOnListField,
    UniqueArgumentNamesRule,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    UniqueInputFieldNamesRule,
    UniqueOperationNamesRule,
    UniqueVariableNamesRule,
    ValuesOfCorrectTypeRule,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    build_schema,
)

from engine.documents.rules import OneOfVariables, ShortEnumerations

SCHEMA = build_schema("""
type Query {
  book(by: BookRef!): Book
  books(where: Filter, genres: [Genre!], first: Int! = 10, grid: [[Int!]!], since: Date): [Book!]!
  item(id: ID!): Item
  found(by: BookRef, either: [BookRef!], text: String, least: Float, only: Boolean): [Found!]
}
interface Item { id: ID! title(language: String): String }
type Book implements Item {
  id: ID!
  title(language: String): String
  pages: Int!
  price: Float
  genre: Genre
  author: Author
  sequel: Book
  similar(first: Int, where: Filter): [Book!]!
}
type Map implements Item { id: ID! title(language: String): String legend: String pages: Int scale: Float! }
type Author { name: String! books: [Book!]! item: Item }
union Found = Book | Author
input BookRef @oneOf { id: ID isbn: String where: Filter }
input Filter { text: String genre: Genre least: Int! = 0 point: Point not: Filter all: [Filter!] since: Date }
input Point { x: Float! y: Float! }
enum Genre { NOVEL POEM }
scalar Date
type Mutation { add(input: Point!, titles: [String!]): Found }
directive @mark(note: String) repeatable on QUERY | FIELD | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @stream(if: Boolean! = true, label: String, initialCount: Int! = 0) on FIELD
type Subscription { added: Book ticks: Int }
""")
QUERIES_ONLY = build_schema("type Query { a: Int }")


def chain(length: int, end: str) -> str:
    """Fragments of which each spreads the next one."""
    links = (f"fragment F{number} on Query {{ ...F{number + 1} }}" for number in range(length))
    return f"{{ ...F0 }} {' '.join(links)} fragment F{length} on Query {{ {end} }}"


DEEP = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
BOOK = '{ book(by: {id: "x"}) { %s } }'
BOOKS = "{ books(%s) { id } }"

# For each rule, what it refuses.
REFUSED: Mapping[type[ASTValidationRule], Sequence[str]] = {
    ExecutableDefinitionsRule: ["{ __typename } type New { a: Int }", "{ __typename } extend type Query { a: Int }"],
    UniqueOperationNamesRule: [
        "query A { __typename } query A { __typename }",
        "query A { __typename } mutation A { __typename }",
    ],
    LoneAnonymousOperationRule: ["{ __typename } query A { __typename }", "{ __typename } { __typename }"],
    SingleFieldSubscriptionsRule: ["subscription { ticks again: ticks }", "subscription { __typename }"],
    KnownTypeNamesRule: [
        "{ ... on Nothing { id } }",
        "{ ...F } fragment F on Nothing { id }",
        "query ($v: Nothing) { item(id: $v) { id } }",
        "query ($v: [Nothing!] = []) { books(genres: $v) { id } }",
    ],
    FragmentsOnCompositeTypesRule: [
        "{ ... on Int { id } }",
        "{ ... on Point { x } }",
        "{ ...F } fragment F on Genre { id }",
    ],
    VariablesAreInputTypesRule: [
        "query ($v: Book) { item(id: $v) { id } }",
        "query ($v: [Item!]!) { item(id: $v) { id } }",
        "query ($v: Found = null) { item(id: $v) { id } }",
    ],
    ScalarLeafsRule: [
        "{ books }",
        "{ books { id { a } } }",
        "{ books { genre { __typename } } }",
        "{ item(id: 1) }",
        "{ found { ... on Book { pages { } } } }",
        "{ books { ...F } } fragment F on Book { author }",
    ],
    FieldsOnCorrectTypeRule: [
        "{ nothing }",
        "{ books { nothing } }",
        "{ item(id: 1) { pages } }",
        "{ found { name } }",
        "{ found { ... on Author { pages } } }",
        "{ ...F } fragment F on Query { books { nothing } }",
        "mutation { books { id } }",
        "{ books { __schema { queryType { name } } } }",
    ],
    UniqueFragmentNamesRule: ["{ ...F } fragment F on Query { books { id } } fragment F on Query { books { id } }"],
    KnownFragmentNamesRule: ["{ ...F }", "{ books { ...F } }", "{ ...F } fragment F on Query { ...G }"],
    NoUnusedFragmentsRule: [
        "{ __typename } fragment F on Query { __typename }",
        "{ __typename } fragment F on Query { ...G } fragment G on Query { __typename }",
        "{ ...G } fragment G on Query { __typename } fragment F on Query { ...G }",
        "fragment F on Query { __typename }",
    ],
    PossibleFragmentSpreadsRule: [
        "{ books { ... on Author { name } } }",
        "{ books { ...F } } fragment F on Author { name }",
        "{ item(id: 1) { ... on Author { name } } }",
        "{ found { ... on Map { id } } }",
        "{ books { ... { ... on Map { id } } } }",
        "{ found { ... on Book { ...F } } } fragment F on Author { name }",
    ],
    NoFragmentCyclesRule: [
        "{ ...F } fragment F on Query { ...F }",
        "{ ...F } fragment F on Query { ...G } fragment G on Query { ... { ...F } }",
        BOOK % "...F" + " fragment F on Book { sequel { ...G } } fragment G on Book { sequel { ...F } }",
        "{ ...G } fragment F on Query { ...F } fragment G on Query { ...F }",
    ],
    UniqueVariableNamesRule: ["query ($v: ID!, $v: ID!) { item(id: $v) { id } }"],
    NoUndefinedVariablesRule: [
        "{ item(id: $v) { id } }",
        "query ($v: ID!) { item(id: $v) { id } b: item(id: $w) { id } }",
        "{ books { id @skip(if: $v) } }",
        "{ ... @include(if: $v) { __typename } }",
        "{ book(by: {id: $v}) { id } }",
        "{ books(where: {all: [{not: {genre: $v}}]}) { id } }",
        "{ ...F } fragment F on Query { item(id: $v) { id } }",
        "query A($v: ID!) { ...F } query B { ...F } fragment F on Query { item(id: $v) { id } }",
    ],
    NoUnusedVariablesRule: [
        "query ($v: ID!) { __typename }",
        "query A($v: ID!) { ...F } query B($v: ID!) { __typename } fragment F on Query { item(id: $v) { id } }",
        "query ($v: ID!, $w: ID = 1) { item(id: $v) { id } }",
    ],
    KnownDirectivesRule: [
        "{ books @nothing { id } }",
        "query @skip(if: true) { __typename }",
        "{ ... @mark { __typename } }",
        "{ ...F } fragment F on Query @include(if: true) { __typename }",
        "query ($v: ID! @skip(if: true)) { item(id: $v) { id } }",
        "{ books @deprecated { id } }",
    ],
    UniqueDirectivesPerLocationRule: [
        "{ books @skip(if: true) @skip(if: true) { id } }",
        "{ ... @include(if: true) @skip(if: true) @include(if: true) { __typename } }",
        "{ ...F @skip(if: false) @skip(if: false) } fragment F on Query { __typename }",
    ],
    DeferStreamDirectiveOnRootField: ["mutation { ... @defer { add(input: {x: 1, y: 1}) { __typename } } }"],
    DeferStreamDirectiveOnValidOperationsRule: ["subscription { added { ... @defer { id } } }"],
    DeferStreamDirectiveLabel: [
        '{ ... @defer(label: "a") { __typename } ... @defer(label: "a") { __typename } }',
        "query ($v: String) { ... @defer(label: $v) { __typename } }",
    ],
    StreamDirectiveOnListField: ["{ item(id: 1) @stream { id } }"],
    KnownArgumentNamesRule: [
        "{ item(id: 1, nothing: 1) { id } }",
        "{ __typename(id: 1) }",
        "{ books @skip(if: true, nothing: 1) { id } }",
        "{ books { id(first: 1) } }",
    ],
    UniqueArgumentNamesRule: ["{ item(id: 1, id: 1) { id } }", "{ books @skip(if: true, if: true) { id } }"],
    ValuesOfCorrectTypeRule: [
        "{ item(id: 1.5) { id } }",
        "{ item(id: true) { id } }",
        "{ item(id: NOVEL) { id } }",
        "{ item(id: null) { id } }",
        "{ item(id: [1]) { id } }",
        "{ item(id: {x: 1}) { id } }",
        BOOKS % "first: 1.5",
        BOOKS % "first: 2147483648",
        BOOKS % "first: -2147483649",
        BOOKS % "first: 99999999999999999999",
        BOOKS % 'first: "1"',
        BOOKS % "first: null",
        BOOKS % 'genres: "NOVEL"',
        BOOKS % "genres: NOTHING",
        BOOKS % "genres: [NOVEL, null]",
        BOOKS % "genres: [NOVEL, 1]",
        BOOKS % "genres: [[NOVEL]]",
        BOOKS % "grid: [1, [2], [[3]]]",
        BOOKS % "grid: [[1], null]",
        BOOKS % "where: []",
        BOOKS % 'where: "x"',
        BOOKS % "where: {nothing: 1}",
        BOOKS % "where: {text: 1}",
        BOOKS % "where: {least: null}",
        BOOKS % "where: {genre: true}",
        BOOKS % "where: {point: {x: 1}}",
        BOOKS % 'where: {point: {x: 1, y: "1"}}',
        BOOKS % "where: {all: [{}, null]}",
        BOOKS % "where: {all: [{not: {all: [{genre: NOTHING}]}}]}",
        '{ found(least: "1") { __typename } }',
        "{ found(only: 1) { __typename } }",
        "{ found(text: true) { __typename } }",
        "{ book(by: {}) { id } }",
        '{ book(by: {id: 1, isbn: "x"}) { id } }',
        "{ book(by: {id: null}) { id } }",
        "{ book(by: null) { id } }",
        "{ book(by: {nothing: 1}) { id } }",
        'query ($v: BookRef! = {id: 1, isbn: "x"}) { book(by: $v) { id } }',
        "query ($v: BookRef! = {isbn: null}) { book(by: $v) { id } }",
        "query ($v: Int! = null) { books(first: $v) { id } }",
        'query ($v: Int = "1") { books(first: $v) { id } }',
        "query ($v: [Genre!] = [NOVEL, NOTHING]) { books(genres: $v) { id } }",
        "query ($v: [Genre!] = [null]) { books(genres: $v) { id } }",
        "query ($v: Filter = {point: {x: 1}}) { books(where: $v) { id } }",
        '{ books { id @skip(if: "true") } }',
        "{ books { id @include(if: null) } }",
    ],
    ProvidedRequiredArgumentsRule: [
        "{ item { id } }",
        "{ book { id } }",
        "{ books { id @skip } }",
        "{ ... @include { __typename } }",
        "mutation { add { __typename } }",
    ],
    VariablesInAllowedPositionRule: [
        "query ($v: ID) { item(id: $v) { id } }",
        "query ($v: ID = null) { item(id: $v) { id } }",
        "query ($v: String!) { item(id: $v) { id } }",
        "query ($v: [ID!]!) { item(id: $v) { id } }",
        "query ($v: Genre!) { books(genres: $v) { id } }",
        "query ($v: [Genre]!) { books(genres: $v) { id } }",
        "query ($v: [[Genre!]!]!) { books(genres: $v) { id } }",
        "query ($v: Genre) { books(genres: [$v]) { id } }",
        "query ($v: [Int!]!) { books(grid: $v) { id } }",
        "query ($v: [Int!]) { books(grid: [$v]) { id } }",
        "query ($v: [[Int]!]!) { books(grid: $v) { id } }",
        "query ($v: String) { books(first: $v) { id } }",
        "query ($v: Int) { found(least: $v) { __typename } }",
        "query ($v: Float) { books(where: {point: {x: $v, y: 1}}) { id } }",
        "query ($v: Point!) { books(where: $v) { id } }",
        "query ($v: ID) { found(by: {id: $v}) { __typename } }",
        "query ($v: String!) { book(by: {id: $v}) { id } }",
        "query ($v: Boolean) { books { id @skip(if: $v) } }",
        "query ($v: String!) { ... @include(if: $v) { __typename } }",
        "query ($v: ID) { ...F } fragment F on Query { item(id: $v) { id } }",
        "query A($v: ID!) { ...F } query B($v: ID) { ...F } fragment F on Query { item(id: $v) { id } }",
        "query ($v: Filter) { books(where: {all: [$v]}) { id } }",
    ],
    OneOfVariables: [
        "query ($v: ID) { book(by: {id: $v}) { id } }",
        'query ($v: ID = "x") { book(by: {id: $v}) { id } }',
        "query ($v: ID) { found(either: [{id: $v}]) { __typename } }",
        "query ($v: ID) { found(either: {id: $v}) { __typename } }",
        "fragment F on Query { book(by: {id: $v}) { id } } query ($v: ID) { ...F }",
        "query A($v: ID!) { ...F } query B($v: ID) { ...F } fragment F on Query { book(by: {id: $v}) { id } }",
    ],
    ShortEnumerations: [
        BOOKS % f"genres: [{'NOVEL ' * 101}]",
        f"query ($v: Genre!) {{ books(genres: [{'$v ' * 101}]) {{ id }} }}",
        f"query ($v: [Genre!] = [{'NOVEL ' * 101}]) {{ books(genres: $v) {{ id }} }}",
    ],
    OverlappingFieldsCanBeMergedRule: [
        BOOK % "id id: title",
        BOOK % "a: id a: pages",
        BOOK % 'title title(language: "be")',
        BOOK % 'title(language: "be") title(language: "ru")',
        BOOK % "similar(first: 1) { id } similar(first: 2) { id }",
        BOOK % "similar(first: 1) { id } similar { id }",
        BOOK % "sequel { a: id } sequel { a: pages }",
        BOOK % "sequel { author { a: name } } ... { sequel { author { a: __typename } } }",
        BOOK % "... { a: id } ... on Book { a: pages }",
        BOOK % "...F id: pages" + " fragment F on Book { id }",
        BOOK % "...F ...G" + " fragment F on Book { a: id } fragment G on Book { a: pages }",
        BOOK % "...F" + " fragment F on Book { a: id ...G } fragment G on Book { a: pages }",
        BOOK % "...F" + " fragment F on Book { a: id a: pages }",
        BOOK % "sequel { ...F } sequel { a: pages }" + " fragment F on Book { a: id }",
        BOOK % "author { books { a: id } } ...F" + " fragment F on Book { author { books { a: pages } } }",
        "{ item(id: 1) { ... on Book { pages } ... on Map { pages } } }",
        "{ item(id: 1) { ... on Book { a: pages } ... on Map { a: scale } } }",
        "{ item(id: 1) { title ... on Book { title: genre } } }",
        '{ item(id: 1) { id } item(id: "1") { id } }',
        "query ($v: ID!, $w: ID!) { item(id: $v) { id } item(id: $w) { id } }",
        "{ found { ... on Book { author { a: name } } ... on Author { author: books { a: id } } } }",
    ],
    UniqueInputFieldNamesRule: [
        "{ book(by: {id: 1, id: 1}) { id } }",
        "{ books(where: {all: [{text: null, text: null}]}) { id } }",
        "query ($v: Filter = {text: null, text: null}) { books(where: $v) { id } }",
    ],
    MaxIntrospectionDepthRule: [DEEP],
}

# What is refused only of a schema without subscriptions.
UNSUPPORTED: Mapping[type[ASTValidationRule], Sequence[str]] = {
    KnownOperationTypesRule: ["subscription { a }", "mutation { a }", "query A { a } subscription B { a }"],
}

# What no rule refuses, but validation gives up on.
TOO_MUCH = [
    chain(220, "__typename"),
    "{" + " __typename" * 900 + " }",
    BOOK % ("sequel { id pages } " * 400),
]

# What is plainly valid.
PLAIN = [
    "{ __typename }",
    "query { }",
    BOOK % "id title a: title(language: null) pages price genre author { name books { id } }",
    '{ books(where: {text: "x", genre: NOVEL, least: 1, point: {x: 1, y: -1.5e3}, not: {}, all: {text: "y"}, since: "2026"}) { id } }',
    "{ books(genres: [NOVEL, POEM], first: -5, grid: [[1, 2], [], 3], since: 5) { id } b: books(genres: POEM) { id } }",
    '{ found(text: """block""", least: 5, only: false) { __typename ... on Book { id } ... on Author { name } } }',
    '{ item(id: "x") { id ... on Book { pages } ... on Map { scale } } }',
    'mutation { add(input: {x: 0, y: 0}, titles: "one") { ... on Item { id title } } }',
    "query A { books { id } } query B { found { __typename } } mutation C { __typename }",
    "query ($v: ID!) { item(id: $v) { id } }",
    'query ($v: ID = 5) { item(id: $v) { id } book(by: {isbn: "x"}) { id } }',
    'query ($v: ID! = "x", $w: Int) { item(id: $v) { id } books(first: $w) { id } }',
    "query ($v: String!, $w: Filter!) { book(by: {isbn: $v}) { id } b: book(by: {where: $w}) { id } }",
    "query ($v: BookRef!, $w: BookRef! = {id: 1}) { book(by: $v) { id } b: book(by: $w) { id } }",
    "query ($v: [Genre!]!, $w: Genre!, $x: [[Int!]!] = [[1], 2]) { books(genres: $v, grid: $x) { id } b: books(genres: [$w, NOVEL]) { id } }",
    "query ($v: Int, $w: Int! = 1, $x: Filter) { books(where: {least: $v, all: [{least: $w, not: $x}]}) { id } }",
    "query ($v: Genre = NOVEL, $w: BookRef!) { books(genres: [$v]) { id } found(either: [$w, {id: 1}], by: $w) { __typename } }",
    "query ($v: Float!, $w: Boolean! = true, $x: Boolean = false) { books(where: {point: {x: $v, y: 1}}) { id @skip(if: $w) @include(if: $x) } }",
    'query ($v: Date = "2026-11-21") { books(since: $v) { id } ... @include(if: true) { b: books { id } } ...F @skip(if: false) } fragment F on Query { __typename }',
    BOOK % "id ...F ...G author { ...H }"
    + " fragment F on Book { id pages author { name } } fragment G on Item { id title } fragment H on Author { name books { ...G } }",
    "query A($v: ID!) { ...F } query B($v: ID!) { b: item(id: $v) { id } ...F } fragment F on Query { item(id: $v) { id title } }",
    "query ($v: Int) { book(by: {id: 1}) { similar(first: $v) { id } similar(first: $v) { pages } ... { similar(first: $v) { pages genre } } } }",
    "{ item(id: 1) { id title ... on Book { id title pages } ... on Map { id title scale } } item(id: 1) { __typename id } }",
    "{ found { ... on Item { ... on Book { ... { pages } } } ... on Book { pages author { name } } ... on Author { name } } }",
    '"""described""" query Q("""too""" $v: ID!) { item(id: $v) { id } }',
    chain(20, "books { id }"),
]  # fmt: skip

# What is valid too, and left to graphql-core.
LEFT = [
    "{ __schema { queryType { name } } }",
    '{ __type(name: "Book") { name } }',
    "subscription { ticks }",
    "query @mark { books @mark @mark { id } }",
    "{ ... @defer { books { id } } }",
    "{ books @stream { id } }",
    "query ($v: ID! @mark) { item(id: $v) { id } }",
    "{ ...F } fragment F on Query @mark { __typename }",
    "{ item(id: 1) { ... on Book { a: title } ... on Map { a: legend } } }",
    BOOKS % "first: 2147483647",
    BOOK % ("id " * 300),
]
