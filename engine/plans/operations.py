"""Operations and their plans: kept with their document, lent by another one, or made.

Planning takes processor time, which in a dear operation is seconds. That is done in a thread beside the event loop, one at a time, so that
others go on being answered.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeVar

from graphql import FieldNode, GraphQLError, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode

from engine.documents.definitions import name_of
from engine.meanings.decisions import Decisions
from engine.meanings.fields import Entity
from engine.meanings.requests import Path, Request, signature
from engine.plans.objects import Child, Planning
from engine.plans.outlines import NoOutline, Outline, kept
from engine.plans.queries import Draft, QueryPlan, Root, types_given
from engine.plans.selections import Selections
from engine.plans.templates import Template, Templates
from engine.plans.variants import fitting


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


Made = TypeVar("Made")

# What costs more points than that is planned in the thread: each is worth up to a millisecond of planning.
DEAR = 100


@dataclass(frozen=True)
class QueryPlans:
    """Finds the plans of queries, and makes them."""

    schema: GraphQLSchema
    entities: Mapping[str, Entity]
    templates: Templates = field(default_factory=Templates)
    _thread: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, 1, "plans"))

    async def lent(self, asked: Asked, request: Request, outline: Outline) -> Template | None:
        """A plan for a new document that another one asked much like, where there is one; `request` as it reads it."""
        weight = asked.root.document.weight
        return await self.templates.of(request, outline, weight, partial(self._to_lend, asked))

    async def of(self, asked: Asked) -> QueryPlan:
        """The plan of a query, made once a shape: once more for each set of types among its ids.

        And once more for what is true of its values, where it depends on that.
        """
        request, document = asked.root.request, asked.root.document
        shape = name_of(asked.operation), signature(request.variables.coerced), request.shape
        get: Callable[[Hashable], QueryPlan | None] = document.plans.get
        untyped, plan = fitting(get, shape, request)
        if plan is not None:
            return plan
        draft = self._draft(asked)
        typed, plan = fitting(get, (*shape, tuple(draft.types.values())), request)
        if plan is None:
            outline = asked.outline
            plan = await self._worked_out(asked, partial(draft.plan, kept(outline.names) if outline else None))
            document.remember(typed if plan.by_types else untyped, plan)
            if outline is not None:
                self.templates.meet(request, outline)
        return plan

    async def _to_lend(self, asked: Asked, operation: OperationDefinitionNode) -> tuple[QueryPlan, set[Path]]:
        """The plan of the operation that stands for a query's skeleton, and the places of its leaves that are stored columns."""
        draft = self._draft(Asked(self.schema, asked.root, operation))
        return await self._worked_out(asked, partial(draft.plan, None)), draft.stored

    async def _worked_out(self, asked: Asked, work: Callable[[], Made]) -> Made:
        """Do what takes the time in planning, which touches nothing that is kept; in the thread where it may take long."""
        variables = asked.root.request.variables.coerced
        if asked.root.document.cost(asked.operation, variables) <= DEAR:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _draft(self, asked: Asked) -> Draft:
        decisions = Decisions(asked.root.request)
        children = dict(self._children(asked, decisions))
        types = {key: types_given(child, self.entities) for key, child in children.items()}
        return Draft(asked.query, asked.fields, children, types, decisions)

    def _children(self, asked: Asked, decisions: Decisions) -> Iterator[tuple[str, Child]]:
        """The root fields to plan, without those whose arguments graphql-core will refuse itself."""
        for key, nodes in asked.fields.items():
            if nodes[0].name.value in asked.query.fields:
                planning = Planning(self.entities, asked.selections, asked.root.request, decisions=decisions)
                with suppress(GraphQLError):
                    yield key, Child.of(planning, asked.query, nodes, (key,))
