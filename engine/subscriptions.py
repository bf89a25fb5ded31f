"""Subscriptions: a stream of events, each answered as an operation of its own.

An event is a Python object of which some fields hold keys of entities, as a mutation's payload
(`references.py`): what is selected of it is read anew for each event, by whoever is asking then.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, create_source_event_stream
from graphql import Executor as Execution

from engine.documents import Document
from engine.executor import Caller, Executor

# Who asks, found out anew: what they may see can have changed since they subscribed. Raises where they may not any more.
Callers = Callable[[], Awaitable[Caller]]


async def subscribe(
    executor: Executor,
    document: Document,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
    callers: Callers,
    turns: AbstractAsyncContextManager[Any],
) -> AsyncIterator[ExecutionResult]:
    """The answers, one for each event, until the stream ends or is closed; a refusal is the only one.

    What is selected is read inside `turns`, which can be entered as often as may be read at once.
    """
    events = await _events(executor, document, operation, variables, await callers())
    if isinstance(events, ExecutionResult):
        yield events
        return
    try:
        async with aclosing(events) as stream:
            async for event in stream:
                async with turns:
                    answer = await executor.told(event, document, operation, variables, await callers())
                yield answer
    except executor.refusals as error:
        yield ExecutionResult(None, [GraphQLError(str(error), original_error=error)])


async def _events(
    executor: Executor,
    document: Document,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
    caller: Caller,
) -> Any:
    """The stream of events, or what refuses it."""
    built = Execution.build(
        executor.schema,
        document.tree,
        context_value=caller.context,
        raw_variable_values=variables,
        operation_name=operation.name.value if operation.name else None,
    )
    if isinstance(built, list):
        return ExecutionResult(None, built)
    source = create_source_event_stream(built)
    return await source if isawaitable(source) else source
