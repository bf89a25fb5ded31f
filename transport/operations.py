"""Operations: what a request asks, whichever way it came, and who asks it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import structlog
from graphql import ExecutionResult, OperationDefinitionNode, OperationType

from auth.machines import Machine
from auth.readings import Readings
from auth.references import References
from auth.sign_ins import SignIns
from auth.viewers import Viewer
from auth.visibility import MADE_HERE
from auth.visits import Visit
from engine.documents.document import Document
from engine.documents.documents import Documents
from engine.documents.invalid import InvalidDocument
from engine.documents.limits import Limits
from engine.executor import Caller, Executor
from engine.subscriptions import Subscribed, Subscriptions
from models.database import Database
from models.errors import ErrorCode, TookTooLong
from resolvers.accounts.budgets import SHARED as CHARGE
from resolvers.accounts.budgets import Charge
from resolvers.languages import Language
from resolvers.ratings.waiting import Waits
from schema.callers import CallerShape
from transport import answers
from transport.budgets import Budgets
from transport.disconnects import TOO_LONG
from transport.persisted import Persisted
from transport.readings import readings
from transport.requests import BadRequest, Parameters
from transport.tally import Tally

log = structlog.get_logger()


@dataclass(slots=True)
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


# Nothing, as long as nothing was charged.
NOT_YET = Charge(0)


@dataclass
class Operation:
    """An operation of a valid document, with its variables, by which request it came, and what it was charged."""

    document: Document
    definition: OperationDefinitionNode
    variables: dict[str, Any]
    request_id: str
    charge: Charge = NOT_YET
    began: float = field(default_factory=time.perf_counter)

    @property
    def kind(self) -> OperationType:
        """Whether it reads, changes or subscribes."""
        return self.definition.operation


class Asking(NamedTuple):
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
    readings: Readings
    changes: Waits
    # Says that a change was committed.
    ring: Callable[[], None]
    default_language: Language
    # Values that every statement may be told, whoever asks.
    shared: Mapping[str, Any]
    limits: Limits
    budgets: Budgets
    persisted: Persisted
    # How long reading may take.
    seconds: float
    tally: Tally
    # Whether each answer is a line of the log.
    logs: bool = False

    async def read(self, asked: Parameters, request_id: str, asking: Asking) -> Operation:
        """The operation that a request asks for; raises BadRequest or InvalidDocument, see `transport/refusals.py`."""
        document = await self._document(asked, asking)
        definition = document.operation(asked.operation_name)
        if definition is None:
            raise BadRequest(None, _which(asked), ErrorCode.OPERATION_RESOLUTION_FAILURE)
        return Operation(document, definition, document.given(asked.variables), request_id)

    async def _document(self, asked: Parameters, asking: Asking) -> Document:
        """The document; of what is wrong with it, strangers are told no names that they did not give."""
        text = asked.query
        if asked.digest is not None or self.persisted.only:
            text = await self.persisted.text(asked.digest, asked.query)
        assert text is not None
        try:
            document = self.documents.read(text)
        except InvalidDocument as invalid:
            raise (invalid if asking.caller else invalid.without_suggestions) from None
        if asked.digest is not None and asked.query is not None:
            await self.persisted.keep(asked.digest, text)
        return document

    async def admit(self, operation: Operation, asking: Asking) -> Charge:
        """Let an operation in, and charge for it; raises LimitError or BudgetSpent."""
        cost = operation.document.cost(operation.definition, operation.variables)
        self.limits.check_cost(cost)
        operation.charge = await self.budgets.charge(asking.caller, asking.visit.address, cost)
        return operation.charge

    def payload(self, operation: Operation, result: ExecutionResult) -> dict[str, Any]:
        """An answer as it goes out; it is counted, and told to the log where that is wished."""
        found = answers.payload(result, operation.request_id)
        seconds, name = time.perf_counter() - operation.began, operation.document.called(operation.definition)
        errors, kind = found.get("errors"), operation.kind.value
        self.tally.answered(kind, name or "", errors, seconds)
        if self.logs:
            log.info(
                "answered",
                request_id=operation.request_id,
                kind=kind,
                operation=name,
                code=errors[0]["extensions"]["code"] if errors else None,
                cost=operation.charge.cost,
                milliseconds=round(seconds * 1000, 1),
            )
        return found

    async def answer_in_time(self, operation: Operation, asking: Asking) -> ExecutionResult:
        """The same as `answer`; raises TookTooLong where reading takes longer than it may. A change is made to its end."""
        work = asyncio.ensure_future(self.answer(operation, asking))
        if operation.kind is not OperationType.QUERY:
            return await asyncio.shield(work)
        try:
            async with asyncio.timeout(self.seconds):
                return await work
        except TimeoutError:
            raise TookTooLong(TOO_LONG) from None

    async def answer(self, operation: Operation, asking: Asking) -> ExecutionResult:
        """The answer to a query or a mutation. The trail is told first of what an official reads."""
        caller = self._caller(operation, asking)
        if caller.context.viewer is not None:
            await self._tell(operation, caller.context.viewer)
        result = await self.executor.execute(operation.document, operation.definition, operation.variables, caller)
        if operation.kind is OperationType.MUTATION:
            self.ring()
        return result

    async def told(
        self, operation: Operation, asking: Asking, askings: Askings
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The answers to a subscription, one for each event, which is charged for as the operation was.

        Raises what refuses an event, which ends it: among others BudgetSpent, and TookTooLong.
        """

        async def anew() -> Caller:
            now = await askings()
            operation.charge = await self.budgets.charge(now.caller, now.visit.address, operation.charge.cost)
            return await self._listener(operation, now)

        subscribed = Subscribed(operation.document, operation.definition, operation.variables)
        listener = await self._listener(operation, asking)
        try:
            async with aclosing(self.subscriptions.told(subscribed, listener, anew)) as results:
                async for result in results:
                    yield result
        except TimeoutError:
            raise TookTooLong(TOO_LONG) from None

    async def _listener(self, operation: Operation, asking: Asking) -> Caller:
        """Who is told of events; the trail is told that they are."""
        caller = self._caller(operation, asking)
        if caller.context.viewer is not None:
            await self._tell(operation, caller.context.viewer)
        return caller

    async def _tell(self, operation: Operation, viewer: Viewer) -> None:
        """Tell the trail of what an official is about to read."""
        asked = readings(self.executor.schema, operation.document, operation.definition, operation.variables)
        for each in asked:
            await self.readings.tell(viewer, each)

    def _caller(self, operation: Operation, asking: Asking) -> Caller:
        asks, language = asking.caller, asking.language
        viewer = replace(asks, request_id=operation.request_id) if isinstance(asks, Viewer) else None
        machine = replace(asks, request_id=operation.request_id) if isinstance(asks, Machine) else None
        # What is told to many subscribers at once is worked out once, so it may not differ by their budgets.
        charge = NOT_YET if operation.kind is OperationType.SUBSCRIPTION else operation.charge
        shared: dict[str, Any] = {MADE_HERE: None, CHARGE: charge, **self.shared}
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
