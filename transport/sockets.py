"""GraphQL over WebSockets: the protocol graphql-transport-ws, of which a connection carries many operations.

Who asks is told by the handshake's headers, or by `authorization` in the payload of `connection_init`, where clients
in browsers cannot set headers.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, closing, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import ExecutionResult, OperationType
from starlette.websockets import WebSocket, WebSocketDisconnect

from models.errors import ErrorCode, PortalError
from transport import answers, languages
from transport.connections import SOCKET, Connections, Place, TooManyConnections
from transport.operations import Asking, Operation, Operations
from transport.refusals import refusal
from transport.request_ids import new_request_id
from transport.requests import checked
from transport.visitors import Visitors

PROTOCOL = "graphql-transport-ws"
# Whoever connects says so within so many seconds.
INIT_SECONDS = 10.0
# A client that takes nothing for so long is dropped.
SEND_SECONDS = 20.0
# So many operations at once on one connection.
MAXIMUM_OPERATIONS = 100


# Of a connection that is one too many: whoever gets this code tries again later by itself.
TRY_AGAIN_LATER = 1013

TOO_MANY = answers.error(
    ErrorCode.CONNECTION_LIMIT,
    f"More than {MAXIMUM_OPERATIONS} operations at once on a connection: open another one.",
)
# What sending raises where the client is gone, or takes nothing. TimeoutError is an OSError.
GONE = (RuntimeError, OSError, WebSocketDisconnect)


class Unanswerable(Exception):
    """An operation that is not executed, and why: errors in their published form."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


class Closed(Exception):
    """The connection is to be closed, with a code of the protocol and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Sockets:
    """Answers operations over WebSockets at /graphql."""

    operations: Operations
    visitors: Visitors
    connections: Connections

    async def respond(self, websocket: WebSocket) -> None:
        """Serve one connection until it ends."""
        if PROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(4406, "Subprotocol not acceptable")
            return
        await websocket.accept(PROTOCOL)
        serving = asyncio.current_task()
        assert serving is not None
        connection = Connection(self, websocket, serving)
        try:
            await connection.serve()
        except TooManyConnections as many:
            self.operations.tally.refused([answers.refusal(many)])
            await _close(websocket, TRY_AGAIN_LATER, many.message)
        except Closed as closed:
            await _close(websocket, closed.code, closed.reason)
        except (WebSocketDisconnect, OSError):
            pass  # the client is gone, or takes nothing any more
        except asyncio.CancelledError:
            if not connection.slow:
                raise
            connection.serving.uncancel()
        finally:
            await connection.end()

    async def asking(self, websocket: WebSocket, authorization: str | None) -> Asking:
        """Who asks now; raises the PortalError that forbids it."""
        visit = self.visitors.visit(websocket)
        told = websocket.headers.get("authorization") or authorization
        caller = await self.visitors.named(told, websocket.headers.get("cookie"), visit)
        language = languages.preferred(websocket.headers.get("accept-language"), self.operations.default_language)
        return Asking(caller, visit, language)


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    with suppress(*GONE):
        async with asyncio.timeout(SEND_SECONDS):
            await websocket.close(code, reason)


@dataclass
class Connection:
    """One connection, and what is asked on it. `serving` is the task that takes its messages."""

    sockets: Sockets
    websocket: WebSocket
    serving: asyncio.Task[Any]
    # Whether its client was found to take nothing.
    slow: bool = False
    _authorization: str | None = None
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def serve(self) -> None:
        """Take messages until the client is gone; raises Closed where it breaks the protocol, or TooManyConnections."""
        # Until it says who asks, it is a stranger's.
        address = self.sockets.visitors.visit(self.websocket).address
        with closing(self.sockets.connections.enter(SOCKET, None, address)) as place:
            try:
                async with asyncio.timeout(INIT_SECONDS):
                    await self._begin(place, _message(await self.websocket.receive_text()))
            except TimeoutError:
                raise Closed(4408, "Connection initialisation timeout") from None
            while True:
                await self._take(_message(await self.websocket.receive_text()))

    async def end(self) -> None:
        """End all that is still running; a change that has begun is made."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _begin(self, place: Place, message: dict[str, Any]) -> None:
        """The first message says who asks."""
        while message["type"] == "ping":
            await self._send({"type": "pong"})
            message = _message(await self.websocket.receive_text())
        if message["type"] != "connection_init":
            raise Closed(4401, "Unauthorized")
        told = message.get("payload") or {}
        names = {name.lower(): value for name, value in told.items()} if isinstance(told, dict) else {}
        authorization = names.get("authorization")
        self._authorization = authorization if isinstance(authorization, str) else None
        try:
            asking = await self._asking()
            place.belongs(asking.caller, asking.visit.address)
        except TooManyConnections:
            raise
        except PortalError as refused:
            raise Closed(4403, refused.message[:120]) from None
        await self._send({"type": "connection_ack"})

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "subscribe":
                await self._subscribe(_id_of(message), message.get("payload"))
            case "complete":
                self._cancel(_id_of(message))
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                pass
            case "connection_init":
                raise Closed(4429, "Too many initialisation requests")
            case _:
                raise Closed(4400, "Invalid message: its type is not known")

    async def _subscribe(self, id_: str, payload: Any) -> None:
        if id_ in self._running:
            raise Closed(4409, f"Subscriber for {id_} already exists"[:120])
        if len(self._running) >= MAXIMUM_OPERATIONS:
            self.sockets.operations.tally.refused([TOO_MANY])
            await self._send({"id": id_, "type": "error", "payload": [TOO_MANY]})
            return
        task = asyncio.create_task(self._run(id_, payload))
        self._running[id_] = task
        task.add_done_callback(lambda done: self._running.pop(id_, None))

    def _cancel(self, id_: str) -> None:
        # Its id may be used again at once.
        task = self._running.pop(id_, None)
        if task is not None:
            task.cancel()

    async def _asking(self) -> Asking:
        return await self.sockets.asking(self.websocket, self._authorization)

    async def _run(self, id_: str, payload: Any) -> None:
        """Answer one operation; what goes wrong while sending ends the connection where it is read."""
        with suppress(*GONE):
            errors = await self._answer(id_, payload, new_request_id())
            if errors is None:
                await self._send({"id": id_, "type": "complete"})
            else:
                await self._send({"id": id_, "type": "error", "payload": errors})

    async def _answer(self, id_: str, payload: Any, request_id: str) -> list[dict[str, Any]] | None:
        """Send all answers of an operation; the errors that end it, if any."""
        try:
            operations, asking = self.sockets.operations, await self._asking()
            operation = await operations.read(checked(payload, reads_only=False), request_id, asking)
            await operations.admit(operation, asking)
            async with aclosing(self._results(operation, asking)) as results:
                async for result in results:
                    await self._next(id_, operations.payload(operation, result))
        except GONE:
            raise
        except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
            if isinstance(cause, Unanswerable):
                return cause.errors
            errors = refusal(cause, answers.JSON, request_id).errors
            self.sockets.operations.tally.refused(errors)
            return errors
        return None

    async def _next(self, id_: str, answer: dict[str, Any]) -> None:
        """Send an answer; raises Unanswerable for one that is only a refusal."""
        if "data" not in answer:
            raise Unanswerable(answer["errors"])
        await self._send({"id": id_, "type": "next", "payload": answer})

    async def _results(self, operation: Operation, asking: Asking) -> AsyncGenerator[ExecutionResult, None]:
        operations = self.sockets.operations
        if operation.kind is OperationType.SUBSCRIPTION:
            async with aclosing(operations.told(operation, asking, self._asking)) as results:
                async for result in results:
                    yield result
            return
        yield await operations.answer_in_time(operation, asking)

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.websocket.send_text(orjson.dumps(message).decode())
        except TimeoutError:
            # Who takes nothing is not heard any more, either. To say so would be to wait for them again.
            self.slow = True
            if asyncio.current_task() is not self.serving:
                self.serving.cancel()
            raise


def _message(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Closed(4400, "Invalid message: it is not JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise Closed(4400, "Invalid message: it is an object with a type")
    return found


def _id_of(message: dict[str, Any]) -> str:
    id_ = message.get("id")
    if not isinstance(id_, str) or not id_:
        raise Closed(4400, "Invalid message: it has an id")
    return id_
