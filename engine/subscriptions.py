"""Subscriptions: a stream of events, each answered as an operation of its own.

An event is a Python object of which some fields hold keys of entities, as a mutation's payload
(`plans/payloads.py`): what is selected of it is read anew for each event, by whoever is asking then. Events are told
apart by their attributes: two that are equal have one answer.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, create_source_event_stream
from graphql import Executor as Execution

from engine.documents.definitions import name_of
from engine.documents.document import Document
from engine.executor import Caller, Executor
from engine.recent import Recent

# Who asks, found out anew: what they may see can have changed since they subscribed. Raises where they may not any more.
Callers = Callable[[], Awaitable[Caller]]
# So many answers are remembered for the others who are told of the same.
REMEMBERED = 100


@dataclass(frozen=True)
class Subscribed:
    """An operation that subscribes, with its variables."""

    document: Document
    operation: OperationDefinitionNode
    variables: dict[str, Any]


@dataclass(frozen=True)
class Subscriptions:
    """Answers subscriptions. What is selected is read inside `turns`, so many at once, each for some `seconds` at most."""

    executor: Executor
    turns: asyncio.Semaphore
    seconds: float
    _answers: Recent[Any, asyncio.Task[ExecutionResult]] = field(default_factory=lambda: Recent(REMEMBERED))

    async def told(
        self, subscribed: Subscribed, caller: Caller, callers: Callers
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The answers, one for each event, until the stream ends or is closed; a refusal is the only one.

        `caller` is who subscribes, `callers` tells who asks at each event. Raises TimeoutError where reading takes too long.
        """
        events = await self._events(subscribed, caller)
        if isinstance(events, ExecutionResult):
            yield events
            return
        try:
            async with aclosing(events) as stream:
                async for event in stream:
                    yield await self._answer(event, subscribed, await callers())
        except self.executor.refusals as error:
            yield ExecutionResult(None, [GraphQLError(str(error), original_error=error)])

    async def _events(self, subscribed: Subscribed, caller: Caller) -> Any:
        """The stream of events, or what refuses it."""
        built = Execution.build(
            self.executor.schema,
            subscribed.document.placed,
            context_value=caller.context,
            raw_variable_values=subscribed.variables,
            operation_name=name_of(subscribed.operation),
        )
        if isinstance(built, list):
            return ExecutionResult(None, built)
        source = create_source_event_stream(built)
        return await source if isawaitable(source) else source

    async def _answer(self, event: Any, subscribed: Subscribed, caller: Caller) -> ExecutionResult:
        """The answer for one event: made once for all who ask the same about it, as the same."""
        told = [vars(event), subscribed.variables, caller.shared]
        key = subscribed.document, name_of(subscribed.operation), caller.shape, orjson.dumps(told, default=repr)
        task = self._answers.get(key)
        if task is None or _has_failed(task):
            task = asyncio.create_task(self._made(event, subscribed, caller))
            self._answers.put(key, task)
        # Whoever leaves takes nothing from the others who wait.
        return await asyncio.shield(task)

    async def _made(self, event: Any, subscribed: Subscribed, caller: Caller) -> ExecutionResult:
        async with self.turns, asyncio.timeout(self.seconds):
            return await self.executor.told(
                event, subscribed.document, subscribed.operation, subscribed.variables, caller
            )


def _has_failed(task: asyncio.Task[ExecutionResult]) -> bool:
    """Whether there is no answer: those who ask next may have more luck."""
    return task.done() and (task.cancelled() or task.exception() is not None)
