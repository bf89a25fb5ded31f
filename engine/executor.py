"""Where an operation comes in and its answer goes out."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, replace
from inspect import isawaitable
from typing import Any, Literal, NamedTuple, Protocol

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_named_type,
    is_abstract_type,
)

from engine.answers.completion import read_records
from engine.answers.generated import Irregular
from engine.answers.records import Values
from engine.documents.definitions import name_of
from engine.documents.documents import Document, Likeness
from engine.meanings.decisions import Decisions
from engine.meanings.fields import Entity
from engine.meanings.requests import Request, signature
from engine.plans.objects import Child, Planning
from engine.plans.payloads import PayloadPlan, has_references
from engine.plans.queries import Bound, QueryPlan, Root, bound, types_given
from engine.plans.selections import Selections
from engine.plans.templates import NoOutline, Outline, Template, reworded
from engine.plans.variants import fitting
from engine.recent import Recent

# How many plans are kept to be lent to new documents.
TEMPLATES = 500

# In which ways operations are answered, as they are counted.
Way = Literal["assembled", "borrowed", "alike", "stepped back", "changed", "told"]


class Reads(Protocol):
    """The database, as far as the engine needs it."""

    async def read(self, statements: Sequence[Bound]) -> list[Sequence[Values]]:
        """The rows of each statement, all of one snapshot."""


class Caller(NamedTuple):
    """Who asks: what of it decides over SQL text, its values, and the context of mutations."""

    shape: Hashable
    shared: Mapping[str, Any]
    context: Any


@dataclass(frozen=True)
class Executor:
    """Executes valid documents: reads by compiled statements, writes by their resolvers.

    `refusals` are the exceptions with which the database refuses a value. `completions` counts
    the operations whose answers were assembled by a plan of their own, a borrowed one or that of a likeness, those
    for which graphql-core was needed, and mutations and the events of subscriptions, which it completes, too.

    It makes the schema its own: the resolvers of its changes and subscriptions are wrapped, so that another executor of
    the same schema would wrap them once more.
    """

    schema: GraphQLSchema
    entities: Mapping[str, Entity]
    database: Reads
    refusals: tuple[type[Exception], ...] = ()
    completions: Counter[str] = field(default_factory=Counter)
    templates: Recent[Hashable, Template] = field(default_factory=lambda: Recent(TEMPLATES))

    def __post_init__(self) -> None:
        read_records(self.schema)
        mutation, subscription = self.schema.mutation_type, self.schema.subscription_type
        for each in mutation.fields.values() if mutation else ():
            each.resolve = self._with_references(each.resolve)
        for each in subscription.fields.values() if subscription else ():
            each.resolve = self._with_references(lambda root, info, **arguments: root.event)

    def over(self, database: Reads) -> "Executor":
        """The same for reads, plans included, over another database: such as one moment of it."""
        # Not made anew, which would wrap the schema's resolvers again.
        other = copy(self)
        object.__setattr__(other, "database", database)
        return other

    async def execute(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        caller: Caller,
    ) -> ExecutionResult:
        """The answer of one operation. Raises only where the database is away."""
        if isinstance(document, Likeness):
            alike = await self._alike(document, operation, variables, caller)
            if alike is not None:
                return self._counted("alike", alike)
            document = document.whole()
            operation = next(iter(document.operations.values()))
        coerced = document.variables(self.schema, operation).coerced(variables)
        if isinstance(coerced, list):
            return ExecutionResult(None, coerced)
        root = Root(Request(coerced, caller.shape, caller.shared), document)
        way: Way = "changed"
        if operation.operation is OperationType.QUERY:
            answer = await self._query(root, operation)
            if answer is not None:
                return answer
            way = "stepped back"
        return self._counted(way, await self._reference(root, operation, variables, caller))

    async def told(
        self,
        event: Any,
        document: Document,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        caller: Caller,
    ) -> ExecutionResult:
        """The answer of a subscription for one event, whose entities are read now."""
        coerced = document.variables(self.schema, operation).coerced(variables)
        if isinstance(coerced, list):
            return ExecutionResult(None, coerced)
        root = Root(Request(coerced, caller.shape, caller.shared), document, event)
        return self._counted("told", await self._reference(root, operation, variables, caller))

    async def _alike(
        self, document: Likeness, operation: OperationDefinitionNode, variables: dict[str, Any], caller: Caller
    ) -> ExecutionResult | None:
        """The answer of a document that differs from another in names alone; None where there is an error to tell."""
        coerced = document.variables(self.schema, operation).coerced(variables)
        if isinstance(coerced, list):
            return None
        root = Root(Request(coerced, caller.shape, caller.shared), document)
        with suppress(Irregular, *self.refusals):
            plan = self._plan(root, operation)
            if plan.names is not None:
                await self._run(root, plan)
                return ExecutionResult(reworded(root.assembled(), plan.names, document.words), None)
        return None

    async def _query(self, root: Root, operation: OperationDefinitionNode) -> ExecutionResult | None:
        """The answer of a query; None where something of it is irregular, for which all rows are there then."""
        try:
            borrowed = await self._borrowed(root, operation) if root.document.is_new else None
            if borrowed is not None:
                return self._counted("borrowed", borrowed)
            await self._run(root, self._plan(root, operation))
            return self._counted("assembled", ExecutionResult(root.assembled(), None))
        except Irregular:
            return None
        except self.refusals as error:
            return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])

    async def _borrowed(self, root: Root, operation: OperationDefinitionNode) -> ExecutionResult | None:
        """The answer of a new document by another one's plan, if one asked for the same, and nothing of it is irregular."""
        request, document = root.request, root.document
        document.is_new = False
        selections = Selections.of(self.schema, document.tree, request.variables)
        outline = self._outline(selections, operation)
        if outline is None:
            return None
        _, template = self._template(request, outline)
        if template is None:
            return None
        theirs = Root(template.request_for(request, outline), document)
        await self._run(theirs, template.plan)
        with suppress(Irregular):
            return ExecutionResult(template.naming_for(outline)(theirs.assembled()), None)
        return None

    def _template(self, request: Request, outline: Outline) -> tuple[Hashable, Template | None]:
        """The template for a request of that outline, if there is one, and its key."""
        shape = request.shape, outline.structure
        return fitting(self.templates.get, shape, lambda found: found.request_for(request, outline))

    def _outline(self, selections: Selections, operation: OperationDefinitionNode) -> Outline | None:
        query = self.schema.query_type
        assert query is not None
        with suppress(NoOutline):
            return Outline.of(selections, query, selections.fields(query, [operation.selection_set]))
        return None

    async def _reference(
        self, root: Root, operation: OperationDefinitionNode, variables: dict[str, Any], caller: Caller
    ) -> ExecutionResult:
        """The answer as graphql-core completes it: of a mutation, and of whatever is irregular."""
        result = execute(
            self.schema,
            root.document.tree,
            root_value=root,
            context_value=caller.context,
            variable_values=variables,
            operation_name=name_of(operation),
        )
        return await result if isawaitable(result) else result

    def _counted(self, way: Way, result: ExecutionResult) -> ExecutionResult:
        self.completions[way] += 1
        return result

    async def _run(self, root: Root, plan: QueryPlan) -> None:
        """Run the statements of a query's root fields, all in one snapshot."""
        root.expect(plan)
        prepared: dict[str, list[Bound]] = {}
        for key, field_ in plan.fields.items():
            try:
                prepared[key] = bound(field_.plan, root.request)
            except Exception as error:  # noqa: BLE001 - whatever it is becomes the field's error
                root.refuse(key, error)
        statements = [statement for own in prepared.values() for statement in own]
        results = iter(await self.database.read(statements) if statements else ())
        for key, own in prepared.items():
            rows = [next(results) for _ in own]
            try:
                root.answer(key, plan.fields[key].plan.read(rows, root.request))
            except Exception as error:  # noqa: BLE001 - whatever it is becomes the field's error
                root.refuse(key, error)

    def _plan(self, root: Root, operation: OperationDefinitionNode) -> QueryPlan:
        """The plan of a query, made once a shape: once more for each set of types among its ids.

        And once more for what is true of its values, where it depends on that.
        """
        request, document = root.request, root.document
        shape = name_of(operation), signature(request.variables.coerced), request.shape
        get: Callable[[Hashable], QueryPlan | None] = document.plans.get
        untyped, plan = fitting(get, shape, lambda _: request)
        if plan is not None:
            return plan
        query = self.schema.query_type
        assert query is not None
        selections = Selections.of(self.schema, document.tree, request.variables)
        decisions = Decisions(request)
        children = dict(self._children(selections, decisions, query, operation))
        types = {key: types_given(child, self.entities) for key, child in children.items()}
        typed, plan = fitting(get, (*shape, tuple(types.values())), lambda _: request)
        if plan is None:
            keys = selections.fields(query, [operation.selection_set])
            outline = self._outline(selections, operation)
            plan = QueryPlan.of(query, keys, children, types, decisions, outline.names if outline else None)
            document.plans.put(typed if plan.by_types else untyped, plan)
            if outline is not None:
                self.templates.put(self._template(request, outline)[0], Template(plan, outline))
        return plan

    def _children(
        self,
        selections: Selections,
        decisions: Decisions,
        query: GraphQLObjectType,
        operation: OperationDefinitionNode,
    ) -> Iterator[tuple[str, Child]]:
        """The root fields to plan, without those whose arguments graphql-core will refuse itself."""
        for key, nodes in selections.fields(query, [operation.selection_set]).items():
            if nodes[0].name.value in query.fields:
                planning = Planning(self.entities, selections, decisions.request, decisions=decisions)
                with suppress(GraphQLError):
                    yield key, Child.of(planning, query, nodes, (key,))

    def _with_references(self, resolve: Any) -> Any:
        """Let a mutation answer with an object that holds keys: its entities are read for it."""

        async def resolved(source: Root, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            plans = self._payload_plans(source, info)
            for plan in plans.values():
                plan.bound(source.request)
            result = resolve(source, info, **arguments)
            answer = await result if isawaitable(result) else result
            definition = getattr(answer, "__strawberry_definition__", None)
            chosen = plans.get(definition.name) if definition else None
            if chosen is None:
                return answer
            request = replace(source.request, payload=answer)
            return chosen.read(await self.database.read(chosen.bound(request)), request)

        return resolved

    def _payload_plans(self, root: Root, info: GraphQLResolveInfo[Any]) -> dict[str, PayloadPlan]:
        """The plans of all payloads that a mutation may answer with, by their type; made once a shape."""
        request = root.request
        shape = "payload", info.path.key, name_of(info.operation), signature(request.variables.coerced), request.shape
        plans: dict[str, PayloadPlan] | None = root.document.plans.get(shape)
        if plans is None:
            plans = dict(self._planned_payloads(root, info))
            root.document.plans.put(shape, plans)
        return plans

    def _planned_payloads(self, root: Root, info: GraphQLResolveInfo[Any]) -> Iterator[tuple[str, PayloadPlan]]:
        named = get_named_type(info.return_type)
        types = self.schema.get_possible_types(named) if is_abstract_type(named) else [named]
        selections = Selections.of(self.schema, root.document.tree, root.request.variables)
        for type_ in types:
            if isinstance(type_, GraphQLObjectType) and has_references(type_):
                planning = Planning(self.entities, selections, root.request)
                yield type_.name, PayloadPlan(planning, type_, info.field_nodes, str(info.path.key))
