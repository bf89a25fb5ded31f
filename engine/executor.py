"""Where an operation comes in and its answer goes out."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Protocol

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
)
from graphql.execution.values import get_variable_values

from engine.arguments import Request, signature
from engine.completion import read_records
from engine.documents import Document
from engine.errors import ArgumentError
from engine.fields import Entity, Nodes, Reference, meaning_of
from engine.objects import Child, Planning
from engine.planner import RootPlan, ids_in, plan_root
from engine.records import Record, Shape
from engine.references import plan_references
from engine.selections import Selections

Rows = Sequence[Sequence[Any]]
Bound = tuple[str, Mapping[str, Any]]


class Reads(Protocol):
    """The database, as far as the engine needs it."""

    async def read(self, statements: Sequence[Bound]) -> list[Rows]:
        """The rows of each statement, all of one snapshot."""


@dataclass(frozen=True)
class Caller:
    """Who asks: what of it decides over SQL text, its values, and the context of mutations."""

    shape: Hashable
    shared: Mapping[str, Any]
    context: Any


@dataclass(frozen=True)
class Executor:
    """Executes valid documents: reads by compiled statements, writes by their resolvers.

    `refusals` are the exceptions with which the database refuses a value.
    """

    schema: GraphQLSchema
    entities: Mapping[str, Entity]
    database: Reads
    refusals: tuple[type[Exception], ...] = ()

    def __post_init__(self) -> None:
        read_records(self.schema)
        mutation = self.schema.mutation_type
        for field in mutation.fields.values() if mutation else ():
            field.resolve = self._with_references(field.resolve)

    async def execute(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        caller: Caller,
    ) -> ExecutionResult:
        """The answer of one operation. Raises only where the database is away."""
        coerced = get_variable_values(self.schema, operation.variable_definitions or (), variables)
        if isinstance(coerced, list):
            return ExecutionResult(None, coerced)
        request = Request(coerced, caller.shape, caller.shared)
        root = Root(request, document)
        if operation.operation is OperationType.QUERY:
            try:
                await self._read(root, document, operation)
            except self.refusals as error:
                return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
        result = execute(
            self.schema,
            document.tree,
            root_value=root,
            context_value=caller.context,
            variable_values=variables,
            operation_name=operation.name.value if operation.name else None,
        )
        return await result if isawaitable(result) else result

    async def _read(self, root: "Root", document: Document, operation: OperationDefinitionNode) -> None:
        """Run the statements of a query's root fields, all in one snapshot."""
        prepared: dict[str, tuple[RootPlan, list[Bound]]] = {}
        for key, plan in self._plans(root, document, operation).items():
            try:
                prepared[key] = plan, bound(plan, root.request)
            except Exception as error:  # noqa: BLE001 - whatever it is becomes the field's error
                root.answer(key, error)
        statements = [statement for _, own in prepared.values() for statement in own]
        results = iter(await self.database.read(statements) if statements else ())
        for key, (plan, own) in prepared.items():
            rows = [next(results) for _ in own]
            try:
                root.answer(key, plan.read(rows, root.request))
            except Exception as error:  # noqa: BLE001 - whatever it is becomes the field's error
                root.answer(key, error)

    def _plans(self, root: "Root", document: Document, operation: OperationDefinitionNode) -> Mapping[str, RootPlan]:
        """The plan of each root field, or what it refuses; planned once a shape."""
        query = self.schema.query_type
        assert query is not None
        request = root.request
        selections = Selections.of(self.schema, document.tree, request.variables)
        children = dict(self._children(selections, request, query, operation))
        types = {key: node_types(child, self.entities) for key, child in children.items()}
        shape = self._shape(operation, request, tuple(types.values()))
        plans: dict[str, RootPlan] | None = document.plans.get(shape)
        if plans is None:
            plans = {key: planned(child, types[key]) for key, child in children.items() if child.meaning}
            document.plans.put(shape, plans)
        return plans

    def _children(
        self,
        selections: Selections,
        request: Request,
        query: GraphQLObjectType,
        operation: OperationDefinitionNode,
    ) -> Iterator[tuple[str, Child]]:
        """The root fields to plan, without those whose arguments graphql-core will refuse itself."""
        for key, nodes in selections.fields(query, [operation.selection_set]).items():
            if nodes[0].name.value in query.fields:
                planning = Planning(self.entities, selections, request, {})
                with suppress(GraphQLError):
                    yield key, Child.of(planning, query, nodes, (key,))

    def _shape(self, operation: OperationDefinitionNode, request: Request, more: Hashable) -> Hashable:
        name = operation.name.value if operation.name else None
        return name, signature(request.variables.coerced), request.shape, more

    def _with_references(self, resolve: Any) -> Any:
        """Let a mutation answer with an object that holds keys: its entities are read for it."""

        async def resolved(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            result = resolve(source, info, **arguments)
            answer = await result if isawaitable(result) else result
            return await self._referenced(answer, source, info)

        return resolved

    async def _referenced(self, answer: Any, root: "Root", info: GraphQLResolveInfo[Any]) -> Any:
        definition = getattr(answer, "__strawberry_definition__", None)
        type_ = self.schema.type_map.get(definition.name) if definition else None
        if not isinstance(type_, GraphQLObjectType) or not references(type_):
            return answer
        request = root.request
        selections = Selections.of(self.schema, root.document.tree, request.variables)
        planning = Planning(self.entities, selections, request, {})
        plan = plan_references(planning, type_, info.field_nodes, answer, str(info.path.key))
        results = await self.database.read(bound(plan, request))
        return plan.read(results, request)


class Root(Record):
    """The root of an operation: the answers of its fields, or what they refused."""

    __slots__ = ("document",)

    def __init__(self, request: Request, document: Document) -> None:
        super().__init__(Shape(""), None, request)
        self.document = document

    def answer(self, key: str, value: Any) -> None:
        """Set the value of a root field; graphql-core raises an exception where it stands."""
        self.shape.readers[key] = lambda values, request: value


def references(type_: GraphQLObjectType) -> bool:
    """Whether a type has fields that hold keys of entities."""
    return any(isinstance(meaning_of(field), Reference) for field in type_.fields.values())


def planned(child: Child, types: Sequence[str]) -> RootPlan:
    """The plan of a root field; one that planning refuses answers with the refusal."""
    try:
        return plan_root(child, types)
    except Exception as error:  # noqa: BLE001 - whatever it is becomes the field's error
        return refused(error)


def refused(error: Exception) -> RootPlan:
    """A plan without statements, whose answer is an error."""
    trace = error.__traceback__

    def read(results: Sequence[Rows], request: Request) -> Any:
        # Each raising adds to the trace of an exception, and this one is kept.
        raise error.with_traceback(trace)

    return RootPlan((), read)


def bound(plan: RootPlan, request: Request) -> list[Bound]:
    """The statements of a plan with a request's parameters; raises what an argument refuses."""
    return [(each.text, each.parameters(request)) for each in plan.statements]


def node_types(child: Child, entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """The types among the ids that `node` or `nodes` were given: they belong to the shape."""
    if not isinstance(child.meaning, Nodes):
        return ()
    try:
        ids = ids_in(child.arguments, child.meaning).value(child.planning.request)
    except ArgumentError:
        return ()  # refused again, and told, when the plan is bound
    return tuple(sorted({name for name, _ in ids if name in entities}))
