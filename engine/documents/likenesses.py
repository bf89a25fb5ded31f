"""Likenesses: new documents that have the form of one that was read in full, which answers for them.

What differs may be the names that a client chose, and texts that it wrote where an argument takes any text. For other texts the original
is written once more with variables in their places (`lifting.py`), and a likeness brings their values.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from operator import attrgetter
from typing import Any

from graphql import GraphQLSchema, OperationDefinitionNode, OperationType

from engine.documents.document import Document, text_weight
from engine.documents.forms import Form
from engine.documents.invalid import InvalidDocument
from engine.documents.lifting import Lifted
from engine.recent import Recent

# All that a document is.
SHARED = attrgetter(*(each.name for each in fields(Document)))


@dataclass(eq=False, kw_only=True)
class Likeness(Document):
    """A new document that has the form of another one, whose tree, plans and costs it shares.

    `words` are the aliases of that one as they are here, `values` are those of its lifted texts; `whole` reads the text
    itself, for what has to be told in its words.
    """

    form: Form
    words: Mapping[str, str]
    values: Mapping[str, str]
    whole: Callable[[], Document]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """See `Document`. A name that does not begin the text belongs to its form, and is the original's."""
        if self.form.operation is None:
            return super().operation(name)
        return super().operation(None) if name in (None, self.form.operation) else None

    def called(self, operation: OperationDefinitionNode) -> str | None:
        """See `Document`."""
        return self.form.operation or super().called(operation)

    def given(self, variables: dict[str, Any]) -> dict[str, Any]:
        """See `Document`."""
        return {**variables, **self.values} if self.values else variables


@dataclass
class Original:
    """A text that was read in full, and its form; `lifted` once another text of that form had other values."""

    source: str
    form: Form
    lifted: Lifted | None = None


class Likenesses:
    """Knows one text of each form, and the texts that were answered by them, in bounds.

    `whole` reads a text in full.
    """

    def __init__(self, schema: GraphQLSchema, maximum: int, weight: int, whole: Callable[[str], Document]) -> None:
        self._schema = schema
        self._whole = whole
        self.originals: Recent[Hashable, Original] = Recent(maximum, weight)
        self.answered: Recent[str, bool] = Recent(maximum, weight)

    def keep(self, source: str, form: Form, document: Document) -> None:
        """Let a document answer for others of its form: only of one query is that known."""
        queries = [each.operation is OperationType.QUERY for each in document.operations.values()]
        if queries == [True]:
            self.originals.put(form.key, Original(source, form), 2 * text_weight(source))

    def of(self, source: str, form: Form) -> Likeness | None:
        """A new text as the likeness of another one, if one has its form.

        Whoever comes back is read in full, to get plans that need no renaming; not where values differ, of which there may be very many.
        """
        original = self.originals.get(form.key)
        if original is None or self.answered.get(source):
            return None
        if form.texts == original.form.texts:
            self.answered.put(source, True, text_weight(source))
            return self._like(original.source, {}, source, form, original.form)
        if original.lifted is None:
            original.lifted = Lifted.of(self._schema, self._whole(original.source).tree, original.form)
        values = original.lifted.values(form.texts)
        return None if values is None else self._like(original.lifted.source, values, source, form, original.form)

    def _like(self, original: str, values: Mapping[str, str], source: str, form: Form, theirs: Form) -> Likeness | None:
        words = dict(zip(theirs.aliases, form.aliases, strict=True))
        try:
            document = self._whole(original)
        except InvalidDocument:  # such as one that has too many tokens with its texts lifted
            return None
        return Likeness(*SHARED(document), form=form, words=words, values=values, whole=partial(self._whole, source))
