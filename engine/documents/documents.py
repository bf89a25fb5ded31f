"""Documents: parsed and validated once, or known by their form."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import DocumentNode, GraphQLError, GraphQLSchema, validate

from engine.documents.acceptance import Acceptance
from engine.documents.costs import Costs, Tariff
from engine.documents.definitions import name_of, operations_of
from engine.documents.document import Document, Plans
from engine.documents.forms import Form, form_of
from engine.documents.freshness import Freshness, Hint
from engine.documents.invalid import InvalidDocument
from engine.documents.likenesses import Likenesses
from engine.documents.limits import Limits
from engine.documents.parsing import parsed
from engine.documents.rules import RULES
from engine.documents.sketches import sketched
from engine.errors import Limit, LimitError
from engine.recent import Recent

# Of so many texts it is known that they were there before.
MET = 10_000


@dataclass
class Documents:
    """The valid documents seen lately, and their plans: bounded in number and in memory.

    Those that come once, and are answered by the plan of others, are not kept: however many they are, they leave nothing
    behind, and drive nobody out. `weight` bounds the memory of all of them, in tokens. `ways` counts the new documents that
    were known by their form, those that were accepted at sight, and those that were validated in full.
    """

    schema: GraphQLSchema
    maximum: int = 1_000
    plans_each: int = 50
    weight: int = 200_000
    limits: Limits = field(default_factory=Limits)
    tariff: Tariff = field(default_factory=Tariff)
    hints: Mapping[str, Hint] = field(default_factory=dict)
    ways: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._known: Recent[str, Document] = Recent(self.maximum, self.weight)
        self._met: Recent[int, bool] = Recent(MET)
        self.likenesses = Likenesses(self.schema, self.maximum, self.weight // 10, self.limits.tokens, self.whole)
        self._acceptance = Acceptance(self.schema)
        self._freshness = Freshness(self.schema, self.hints)

    def __len__(self) -> int:
        """How many documents are remembered."""
        return len(self._known)

    def read(self, source: str) -> Document:
        """The document of a text; raises InvalidDocument."""
        return self._known.get(source) or self._new(source)

    def _new(self, source: str) -> Document:
        """A document that is not known: the likeness of another one, if one has its form."""
        form = form_of(source)
        likeness = form and self.likenesses.of(source, form)
        if likeness:
            self.ways["alike"] += 1
        return likeness or self._whole(source, form)

    def whole(self, source: str, form: Form | None = None) -> Document:
        """The document of a text, read in full if it is not known; raises InvalidDocument. It answers for others of the form."""
        return self._known.get(source) or self._whole(source, form)

    def _whole(self, source: str, form: Form | None) -> Document:
        tree = self._checked(source)
        operations = {name_of(each): each for each in operations_of(tree)}
        costs = Costs(self.schema, self.tariff, tree)
        document = Document(
            source, tree, operations, Plans(self.plans_each, self.weight), costs, self._freshness, self._keep
        )
        self._meet(document)
        if form is not None:
            self.likenesses.keep(source, form, document)
        return document

    def _meet(self, document: Document) -> None:
        """Keep a document that comes for the second time; others are kept once there is a plan of their own."""
        mark = hash(document.source)
        if self._met.get(mark):
            document.is_new = False
            document.keep(document)
        self._met.put(mark, True)

    def _keep(self, document: Document) -> None:
        self._known.put(document.source, document, document.weight)

    def _checked(self, source: str) -> DocumentNode:
        tree = sketched(source, self.limits.tokens) or self._parsed(source)
        errors = self._limit_errors(tree)
        if not errors and not self._accepts(tree):
            tree = tree if tree.loc else self._parsed(source)
            errors = validate(self.schema, tree, RULES)
        if errors:
            raise InvalidDocument(errors, parsed=True)
        return tree

    def _parsed(self, source: str) -> DocumentNode:
        try:
            return parsed(source, self.limits.tokens)
        except GraphQLError as error:
            told = _limit(LimitError(Limit.TOKENS, error.message)) if _is_limit(error) else error
        except RecursionError:
            told = _limit(LimitError(Limit.DEPTH, "The document is nested too deeply to be parsed."))
        raise InvalidDocument([told], parsed=False) from None

    def _accepts(self, tree: DocumentNode) -> bool:
        """Whether it is plain that there is nothing to tell: what is not, graphql-core tells."""
        accepted = self._acceptance.accepts(tree)
        self.ways["accepted" if accepted else "validated"] += 1
        return accepted

    def _limit_errors(self, tree: DocumentNode) -> list[GraphQLError]:
        """What goes beyond the limits; asked before validation, whose rules would walk through all of it."""
        try:
            self.limits.check(tree)
        except LimitError as error:
            return [_limit(error)]
        except RecursionError:
            return [_limit(LimitError(Limit.DEPTH, "The document's fragments nest too deeply."))]
        return []


def _limit(error: LimitError) -> GraphQLError:
    return GraphQLError(error.message, original_error=error)


def _is_limit(error: GraphQLError) -> bool:
    """Whether the parser gave up on a document that is too large; it has no other sign for that."""
    return error.message.endswith("Parsing aborted.")
