"""Operations and their plans: kept with their document, lent by another one, or made."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from graphql import FieldNode, GraphQLError, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode

from engine.documents.definitions import name_of
from engine.meanings.decisions import Decisions
from engine.meanings.fields import Entity
from engine.meanings.requests import signature
from engine.plans.objects import Child, Planning
from engine.plans.queries import QueryPlan, Root, types_given
from engine.plans.selections import Selections
from engine.plans.templates import NoOutline, Outline, Template
from engine.plans.variants import fitting
from engine.recent import Recent

# How many plans are kept to be lent to new documents, and how much memory they may take, in tokens: each keeps the
# tokens and the text of the document that it was made for.
TEMPLATES = 500
TEMPLATE_TOKENS = 100_000


@dataclass(eq=False)
class Asked:
    """A query as it is asked now; what it selects is worked out where a plan is looked for, and once."""

    schema: GraphQLSchema
    root: Root
    operation: OperationDefinitionNode

    @property
    def query(self) -> GraphQLObjectType:
        """The type of the root."""
        type_ = self.schema.query_type
        assert type_ is not None
        return type_

    @cached_property
    def selections(self) -> Selections:
        """What its document selects with its variables."""
        return Selections.of(self.schema, self.root.document.tree, self.root.request.variables)

    @cached_property
    def fields(self) -> Mapping[str, list[FieldNode]]:
        """Its root fields."""
        return self.selections.fields(self.query, [self.operation.selection_set])

    @cached_property
    def outline(self) -> Outline | None:
        """Its outline, if it has one."""
        with suppress(NoOutline):
            return Outline.of(self.selections, self.query, self.fields)
        return None


def _templates() -> Recent[Hashable, Template]:
    return Recent(TEMPLATES, TEMPLATE_TOKENS)


@dataclass(frozen=True)
class QueryPlans:
    """Finds the plans of queries, and makes them."""

    schema: GraphQLSchema
    entities: Mapping[str, Entity]
    templates: Recent[Hashable, Template] = field(default_factory=_templates)

    def lent(self, asked: Asked) -> Template | None:
        """The plan of another document that asked for the same under other names and with other values."""
        return self._template(asked, asked.outline)[1] if asked.outline else None

    def of(self, asked: Asked) -> QueryPlan:
        """The plan of a query, made once a shape: once more for each set of types among its ids.

        And once more for what is true of its values, where it depends on that.
        """
        request, document = asked.root.request, asked.root.document
        shape = name_of(asked.operation), signature(request.variables.coerced), request.shape
        get: Callable[[Hashable], QueryPlan | None] = document.plans.get
        untyped, plan = fitting(get, shape, lambda _: request)
        if plan is not None:
            return plan
        decisions = Decisions(request)
        children = dict(self._children(asked, decisions))
        types = {key: types_given(child, self.entities) for key, child in children.items()}
        typed, plan = fitting(get, (*shape, tuple(types.values())), lambda _: request)
        if plan is None:
            outline = asked.outline
            plan = QueryPlan.of(
                asked.query, asked.fields, children, types, decisions, outline.names if outline else None
            )
            document.plans.put(typed if plan.by_types else untyped, plan)
            if outline is not None:
                self.templates.put(self._template(asked, outline)[0], Template.of(plan, outline), document.weight)
        return plan

    def _template(self, asked: Asked, outline: Outline) -> tuple[Hashable, Template | None]:
        """The template for a query of that outline, if there is one, and its key."""
        request = asked.root.request
        shape = request.shape, outline.structure
        return fitting(self.templates.get, shape, lambda found: found.request_for(request, outline))

    def _children(self, asked: Asked, decisions: Decisions) -> Iterator[tuple[str, Child]]:
        """The root fields to plan, without those whose arguments graphql-core will refuse itself."""
        for key, nodes in asked.fields.items():
            if nodes[0].name.value in asked.query.fields:
                planning = Planning(self.entities, asked.selections, asked.root.request, decisions=decisions)
                with suppress(GraphQLError):
                    yield key, Child.of(planning, asked.query, nodes, (key,))
