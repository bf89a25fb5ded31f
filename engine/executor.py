"""Where an operation comes in and its answer goes out."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, replace
from inspect import isawaitable
from typing import Any, Literal, NamedTuple, Protocol

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    execute,
)

from engine.answers.completion import read_records
from engine.answers.generated import Irregular
from engine.answers.records import Values
from engine.documents.definitions import name_of
from engine.documents.document import Document
from engine.documents.likenesses import Likeness
from engine.meanings.fields import Entity
from engine.meanings.requests import Request
from engine.plans.operations import Asked, QueryPlans
from engine.plans.outlines import Names, renamed, reworded
from engine.plans.payloads import PayloadPlans
from engine.plans.queries import Bound, QueryPlan, Root, bound

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


@dataclass(eq=False)
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

    def __post_init__(self) -> None:
        self.plans = QueryPlans(self.schema, self.entities)
        self.payloads = PayloadPlans(self.schema, self.entities)
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
        other.database = database
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
            return ExecutionResult(None, _placed(coerced, document, operation))
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
        """The answer of a document that differs from another in names and texts alone; None where there is an error to tell."""
        coerced = document.variables(self.schema, operation).coerced(variables)
        if isinstance(coerced, list):
            return None
        root = Root(Request(coerced, caller.shape, caller.shared), document)
        try:
            plan = await self._plan(Asked(self.schema, root, operation))
            if plan.names is None:
                document.in_vain()
                return None
            await self._run(root, plan)
            return ExecutionResult(_worded(root.assembled(), plan.names, document.words), None)
        except (Irregular, GraphQLError):  # the latter where graphql-core refuses to select root fields
            return None
        except self.refusals as error:
            return _refused(error)

    async def _query(self, root: Root, operation: OperationDefinitionNode) -> ExecutionResult | None:
        """The answer of a query; None where something of it is irregular, for which all rows are there then."""
        asked = Asked(self.schema, root, operation)
        try:
            borrowed = await self._borrowed(asked) if root.document.is_new else None
            if borrowed is not None:
                return self._counted("borrowed", borrowed)
            await self._run(root, await self._plan(asked))
            return self._counted("assembled", ExecutionResult(root.assembled(), None))
        except (Irregular, GraphQLError):  # the latter where graphql-core refuses to select root fields
            return None
        except self.refusals as error:
            return _refused(error)

    async def _borrowed(self, asked: Asked) -> ExecutionResult | None:
        """The answer of a new document by another one's plan, if one asked for the same, and nothing of it is irregular."""
        request, document = asked.root.request, asked.root.document
        document.is_new = False
        outline = asked.outline
        if outline is None:
            return None
        theirs = Root(replace(request, given=outline.given), document)
        template = await self.plans.lent(asked, theirs.request, outline)
        if template is None:
            return None
        await self._run(theirs, template.plan)
        with suppress(Irregular):
            return ExecutionResult(renamed(theirs.assembled(), outline.names), None)
        return None

    async def _plan(self, asked: Asked) -> QueryPlan:
        return await self.plans.of(asked)

    async def _reference(
        self, root: Root, operation: OperationDefinitionNode, variables: dict[str, Any], caller: Caller
    ) -> ExecutionResult:
        """The answer as graphql-core completes it: of a mutation, and of whatever is irregular."""
        result = execute(
            self.schema,
            root.document.placed,
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

    def _with_references(self, resolve: Any) -> Any:
        """Let a mutation answer with an object that holds keys: its entities are read for it."""

        async def resolved(source: Root, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            plans = self.payloads.of(source, info)
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


def _worded(answer: dict[str, Any], names: Names, words: Mapping[str, str]) -> Any:
    """An answer with other words for some of its keys."""
    return renamed(answer, reworded(names, words)) if words else answer


def _placed(
    errors: Sequence[GraphQLError], document: Document, operation: OperationDefinitionNode
) -> list[GraphQLError]:
    """What is wrong with variables, with the places of their declarations."""
    declared = document.placed_operation(operation).variable_definitions or ()
    places = {each.variable.name.value: each for each in declared}

    def placed(error: GraphQLError) -> GraphQLError:
        found = [each for each in error.nodes or () if isinstance(each, VariableDefinitionNode)]
        nodes = [places[each.variable.name.value] for each in found]
        return GraphQLError(error.message, nodes, original_error=error.original_error)

    return [placed(each) for each in errors]


def _refused(error: Exception) -> ExecutionResult:
    """What the database refused: of an argument, and so of no place in the document."""
    return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
