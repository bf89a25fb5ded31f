"""Mutants: documents of which a few tokens are other than they were. Many still parse; few are still valid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from graphql import GraphQLEnumType, GraphQLSchema, Lexer, Source, TokenKind

OPENING = {"(": ")", "{": "}", "[": "]"}
VALUES = ["null", "true", "1", "-1.5", "99999999999", '"x"', "[1]", "[[1]]", "{}", "NOVEL", "$v0", "$v1"]
SPICE = ["!", "@skip(if: true)", "@include(if: $v0)", "@deprecated", "__typename", "... on Node", "a:", "id", "= null"]


@dataclass(frozen=True)
class Mutation:
    """Makes mutants; `words` are the names that a schema knows."""

    random: Random
    words: Sequence[str]

    def mutant(self, text: str) -> str:
        """The text with one or two changes."""
        tokens = tokens_of(text)
        for _ in range(self.random.choice([1, 1, 2])):
            change: Callable[[list[str]], None] = self.random.choice(
                [self._exchange, self._rename, self._value, self._drop, self._repeat, self._insert]
            )
            if tokens:
                change(tokens)
        return " ".join(tokens)

    def _exchange(self, tokens: list[str]) -> None:
        """A name takes the place of another one."""
        names = _names(tokens)
        if names:
            tokens[self.random.choice(names)] = tokens[self.random.choice(names)]

    def _rename(self, tokens: list[str]) -> None:
        """A name becomes one that the schema knows."""
        names = _names(tokens)
        if names:
            tokens[self.random.choice(names)] = self.random.choice(self.words)

    def _value(self, tokens: list[str]) -> None:
        """What is behind a colon becomes another value."""
        places = [at + 1 for at, each in enumerate(tokens[:-1]) if each == ":"]
        if places:
            at = self.random.choice(places)
            tokens[at : _end(tokens, at)] = tokens_of(self.random.choice(VALUES))

    def _drop(self, tokens: list[str]) -> None:
        at = self._at(tokens)
        del tokens[at : _end(tokens, at)]

    def _repeat(self, tokens: list[str]) -> None:
        """A piece once more, in another place or its own."""
        at = self._at(tokens)
        end = _end(tokens, min(at + self.random.randint(0, 3), len(tokens) - 1))
        place = self.random.choice([end, end, self._at(tokens)])
        tokens[place:place] = tokens[at:end]

    def _insert(self, tokens: list[str]) -> None:
        at = self._at(tokens)
        tokens[at:at] = tokens_of(self.random.choice(SPICE))

    def _at(self, tokens: list[str]) -> int:
        return self.random.randrange(len(tokens))


def tokens_of(text: str) -> list[str]:
    """The tokens of a document, as they are written."""
    lexer = Lexer(Source(text))
    tokens = []
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        tokens.append(text[token.start : token.end])
    return tokens


def words_of(schema: GraphQLSchema) -> list[str]:
    """The names of a schema's types, fields, arguments and members of enumerations."""
    words = set()
    for type_ in schema.type_map.values():
        words.add(type_.name)
        if isinstance(type_, GraphQLEnumType):
            words.update(type_.values)
        for name, field in getattr(type_, "fields", {}).items():
            words.update((name, *getattr(field, "args", ())))
    return sorted(word for word in words if not word.startswith("__"))


def _names(tokens: Sequence[str]) -> list[int]:
    return [at for at, each in enumerate(tokens) if each[0].isalpha() or each[0] == "_"]


def _end(tokens: Sequence[str], at: int) -> int:
    """Where the piece ends that begins there: behind the bracket that closes it."""
    depth = 0
    for end in range(at, len(tokens)):
        depth += (tokens[end] in OPENING) - (tokens[end] in OPENING.values())
        if depth <= 0:
            return end + 1
    return len(tokens)
