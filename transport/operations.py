"""Operations: what a request asks, whichever way it came, and who asks it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import ExecutionResult, OperationDefinitionNode, OperationType

from auth.machines import Machine
from auth.references import References
from auth.sign_ins import SignIns
from auth.viewers import Viewer
from auth.visibility import MADE_HERE
from auth.visits import Visit
from engine.documents import Document, Documents, InvalidDocument
from engine.executor import Caller, Executor
from engine.subscriptions import Subscribed, Subscriptions
from models.database import Database
from models.errors import ErrorCode
from resolvers.languages import Language
from resolvers.ratings.watching import Waits
from schema.callers import CallerShape
from transport import answers
from transport.requests import Parameters


@dataclass(frozen=True)
class Context:
    """What resolvers of mutations and subscriptions are given."""

    database: Database
    viewer: Viewer | None
    visit: Visit
    language: Language
    default_language: Language
    sign_ins: SignIns
    machine: Machine | None
    references: References
    changes: Waits
    shared: dict[str, Any]


class Unanswerable(Exception):
    """A request that is not executed, and why: errors in their published form."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True)
class Operation:
    """An operation of a valid document, with its variables, and by which request it came."""

    document: Document
    definition: OperationDefinitionNode
    variables: dict[str, Any]
    request_id: str

    @property
    def kind(self) -> OperationType:
        """Whether it reads, changes or subscribes."""
        return self.definition.operation


@dataclass(frozen=True)
class Asking:
    """Who asks, from where, and in which language."""

    caller: Viewer | Machine | None
    visit: Visit
    language: Language


# Finds out anew who asks; raises the PortalError that forbids it meanwhile.
Askings = Callable[[], Awaitable[Asking]]


@dataclass(frozen=True)
class Operations:
    """Reads operations, and answers them."""

    executor: Executor
    subscriptions: Subscriptions
    documents: Documents
    database: Database
    sign_ins: SignIns
    references: References
    changes: Waits
    # Says that a change was committed.
    ring: Callable[[], None]
    default_language: Language
    # Values that every statement may be told, whoever asks.
    shared: Mapping[str, Any]

    def read(self, asked: Parameters, request_id: str) -> Operation:
        """The operation that a request asks for; raises Unanswerable."""
        try:
            document = self.documents.read(asked.query)
        except InvalidDocument as invalid:
            code = ErrorCode.GRAPHQL_VALIDATION_FAILED if invalid.parsed else ErrorCode.GRAPHQL_PARSE_FAILED
            raise Unanswerable(answers.formatted(invalid.errors, code, request_id)) from None
        definition = document.operation(asked.operation_name)
        if definition is None:
            raise Unanswerable([answers.error(ErrorCode.OPERATION_RESOLUTION_FAILURE, _which(asked))])
        return Operation(document, definition, asked.variables, request_id)

    async def answer(self, operation: Operation, asking: Asking) -> ExecutionResult:
        """The answer to a query or a mutation."""
        caller = self._caller(operation, asking)
        result = await self.executor.execute(operation.document, operation.definition, operation.variables, caller)
        if operation.kind is OperationType.MUTATION:
            self.ring()
        return result

    def told(self, operation: Operation, askings: Askings) -> AsyncIterator[ExecutionResult]:
        """The answers to a subscription, one for each event."""

        async def caller() -> Caller:
            return self._caller(operation, await askings())

        subscribed = Subscribed(operation.document, operation.definition, operation.variables)
        return self.subscriptions.told(subscribed, caller)

    def _caller(self, operation: Operation, asking: Asking) -> Caller:
        asks, language = asking.caller, asking.language
        viewer = replace(asks, request_id=operation.request_id) if isinstance(asks, Viewer) else None
        machine = replace(asks, request_id=operation.request_id) if isinstance(asks, Machine) else None
        shared: dict[str, Any] = {MADE_HERE: None, **self.shared}
        if viewer is not None:
            shared |= {"rater_id": viewer.rater_id, "account_id": viewer.account_id, "session_id": viewer.session_id}
        makes_unseen = viewer is None and operation.kind is OperationType.MUTATION
        shape = CallerShape(language, viewer is not None, makes_unseen)
        context = Context(
            self.database,
            viewer,
            asking.visit,
            language,
            self.default_language,
            self.sign_ins,
            machine,
            self.references,
            self.changes,
            shared,
        )
        return Caller(shape, shared, context)


def _which(asked: Parameters) -> str:
    if asked.operation_name is None:
        return "The document has several operations: name one in operationName."
    return f"The document has no operation {asked.operation_name}."
