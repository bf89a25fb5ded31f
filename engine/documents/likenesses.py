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

from engine.documents.document import TOKEN_BYTES, Document, text_weight
from engine.documents.forms import Form
from engine.documents.invalid import InvalidDocument
from engine.documents.lifting import Lifted
from engine.recent import Recent

# What a form takes in memory for each of its parts, and how many parts it has whatever its aliases and texts.
PART_BYTES = 165
FORM_PARTS = 6

# All that a document is.
SHARED = attrgetter(*(each.name for each in fields(Document)))


@dataclass(eq=False, kw_only=True)
class Likeness(Document):
    """A new document that has the form of another one, whose tree, plans and costs it shares.

    `original` is that one. `words` are its aliases as they are here, `values` are those of its lifted texts; `whole` reads the text
    itself, for what has to be told in its words, and `in_vain` is told where nothing of this form can be answered so.
    """

    original: Document
    form: Form
    words: Mapping[str, str]
    values: Mapping[str, str]
    whole: Callable[[], Document]
    in_vain: Callable[[], None]

    def remember(self, shape: Hashable, plan: Any) -> None:
        """See `Document`: the plan is for all likenesses."""
        self.original.remember(shape, plan)

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
    """A text that was read in full, and its form; `lifted` once another document of that form had other texts.

    `stays` where lifting it is in vain: its texts cannot be lifted, or nothing of this form is answered alike.
    """

    source: str
    form: Form
    lifted: Lifted | None = None
    stays: bool = False

    @property
    def weight(self) -> int:
        """How much memory it takes, in tokens, with its form, of which each part is a text of its own."""
        parts = FORM_PARTS + 2 * len(self.form.aliases) + len(self.form.texts)
        texts = text_weight(self.source) + (text_weight(self.lifted.source) if self.lifted else 0)
        return 2 * texts + parts * PART_BYTES // TOKEN_BYTES


class Likenesses:
    """Knows one text of each form, and the texts that were answered by them, in bounds.

    `whole` reads a text in full, of at most so many tokens.
    """

    def __init__(
        self, schema: GraphQLSchema, maximum: int, weight: int, most_tokens: int, whole: Callable[[str], Document]
    ) -> None:
        self._schema = schema
        self._most_tokens = most_tokens
        self._whole = whole
        self.originals: Recent[Hashable, Original] = Recent(maximum, weight)
        self.answered: Recent[str, bool] = Recent(maximum, weight)

    def keep(self, source: str, form: Form, document: Document) -> None:
        """Let a document answer for others of its form: only of one query is that known.

        One that is lifted goes on answering for all. What was found out of a form by lifting is not found out again.
        """
        queries = [each.operation is OperationType.QUERY for each in document.operations.values()]
        known = self.originals.get(form.key)
        if queries == [True] and (known is None or known.lifted is None):
            self._put(Original(source, form, stays=known is not None and known.stays))

    def of(self, source: str, form: Form) -> Likeness | None:
        """A new text as the likeness of another one, if one has its form.

        Whoever comes back is read in full, to get plans that need no renaming; not where texts differ, of which there may be very many.
        """
        original = self.originals.get(form.key)
        if original is None or original.source == source or self.answered.get(source):
            return None
        if form.texts == original.form.texts:
            self.answered.put(source, True, text_weight(source))
            return self._like(original, original.source, {}, source, form)
        lifted = None if original.stays else original.lifted or self._lifted(original)
        if lifted is None:
            return None
        return self._like(original, lifted.source, lifted.values(form.texts), source, form)

    def _lifted(self, original: Original) -> Lifted | None:
        """Lift the texts of an original; None where they stay."""
        tree = self._whole(original.source).placed
        original.lifted = Lifted.of(self._schema, tree, original.form, self._most_tokens)
        original.stays = original.lifted is None
        self._put(original)
        return original.lifted

    def _put(self, original: Original) -> None:
        self.originals.put(original.form.key, original, original.weight)

    def _like(
        self, original: Original, known: str, values: Mapping[str, str], source: str, form: Form
    ) -> Likeness | None:
        words = dict(zip(original.form.aliases, form.aliases, strict=True))
        try:
            document = self._whole(known)
        except InvalidDocument:  # a limit that lifting went beyond
            self._stay(original)
            return None
        return Likeness(
            *SHARED(document),
            original=document,
            form=form,
            words=words,
            values=values,
            whole=partial(self._whole, source),
            in_vain=partial(self._stay, original),
        )

    def _stay(self, original: Original) -> None:
        """Lift the texts of a form no more."""
        original.lifted, original.stays = None, True
        self._put(original)
