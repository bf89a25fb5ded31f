"""The endpoint /graphql: GraphQL over HTTP (GET and POST), and GraphiQL for browsers."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import ExecutionResult, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from auth.visits import Visit
from models.errors import DatabaseUnavailable
from transport import answers, caching, languages
from transport.answers import Answer
from transport.budgets import headers_of
from transport.caching import Caching
from transport.connections import STREAM, Connections
from transport.disconnects import Watches, nobody_waits
from transport.event_streams import EventStream
from transport.graphiql import graphiql_page
from transport.heads import GraphQLRequest
from transport.operations import Asking, Operation, Operations
from transport.refusals import not_executed, refusal
from transport.request_ids import new_request_id
from transport.requests import BadRequest, Parameters, is_asking, parameters
from transport.visitors import Visitors

# The headers of a request that decide over its answer.
VARY = "Accept, Accept-Language, Authorization, Cookie"
# What caches are told of whatever is not for everybody.
NOT_KEPT = {"Cache-Control": "no-store"}
# Headers by which somebody may be signed in.
CREDENTIALS = ("authorization", "cookie")


@dataclass(frozen=True)
class Endpoint:
    """Answers requests to /graphql."""

    operations: Operations
    visitors: Visitors
    caching: Caching
    connections: Connections
    watches: Watches = field(default_factory=Watches)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: an application of ASGI by itself."""
        request = GraphQLRequest(scope, receive, send)
        try:
            response = await self.respond(request)
        except ClientDisconnect as cause:
            response = await nobody_waits(request, cause)
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """The answer to one request, whatever happens."""
        accept = request.headers.get("accept")
        if request.method == "GET" and answers.prefers_html(accept) and not is_asking(request):
            return graphiql_page(request)
        media = answers.media_type(accept)
        headers = {"X-Request-Id": new_request_id(), "Vary": VARY, **_caching(request)}
        if media is None:
            refused = BadRequest(406, f"The answer is {answers.GRAPHQL_JSON}, {answers.JSON} or {answers.EVENTS}.")
            return self._refused(refused, answers.JSON, headers)
        visit = self.visitors.visit(request)
        response = await self._respond(request, visit, media, headers)
        for name, value in visit.cookies.headers:
            response.headers.append(name, value)
        return response

    async def _respond(self, request: Request, visit: Visit, media: str, headers: dict[str, str]) -> Response:
        # What is refused as a whole is no stream.
        whole = answers.JSON if media == answers.EVENTS else media
        try:
            asked = await parameters(request)
            asking = await self._asking(request, visit)
            operation = await self.operations.read(asked, headers["X-Request-Id"], asking)
            _check_method(asked, operation, headers)
            if media == answers.EVENTS or operation.kind is OperationType.SUBSCRIPTION:
                return await self._stream(request, operation, asking, headers)
            headers |= headers_of(await self.operations.admit(operation, asking))
            if asked.reads_only and asked.digest is not None:
                return await self._kept(request, asked, operation, asking, media, headers)
            return await self._answer(request, operation, asking, media, headers)
        except ClientDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
            return self._refused(cause, whole, headers)

    async def _asking(self, request: Request, visit: Visit) -> Asking:
        language = languages.preferred(request.headers.get("accept-language"), self.operations.default_language)
        return Asking(await self.visitors.caller(request, visit), visit, language)

    async def _answer(
        self, request: Request, operation: Operation, asking: Asking, media: str, headers: dict[str, str]
    ) -> Answer:
        work = self.operations.answer(operation, asking)
        # A change is made once it is begun; only reading ends with whoever would have read it, or after its time.
        reads = operation.kind is OperationType.QUERY
        result = await (self.watches.unless_gone(request, work, self.operations.seconds) if reads else work)
        return self._executed(operation, result, media, headers)

    async def _kept(
        self,
        request: Request,
        asked: Parameters,
        operation: Operation,
        asking: Asking,
        media: str,
        headers: dict[str, str],
    ) -> Response:
        """The answer to a persisted document, which caches may keep; 304 where the client has it."""
        hint = operation.document.hint(operation.definition)
        if hint.fleeting:
            return await self._answer(request, operation, asking, media, headers | NOT_KEPT)
        who, language = caching.caller_of(asking.caller), asking.language.value
        tag = await self.caching.tag(asked.digest, asked.operation_name, asked.variables, who, language, media)
        kept = caching.headers_for(hint, asking.caller, tag)
        if caching.is_known(request, tag):
            self.operations.tally.unchanged += 1
            return Response(None, 304, {**headers, **kept})
        answer = await self._answer(request, operation, asking, media, headers)
        answer.headers.update(NOT_KEPT if answer.has_errors else kept)
        return answer

    async def _stream(
        self, request: Request, operation: Operation, asking: Asking, headers: dict[str, str]
    ) -> Response:
        """The answers as server-sent events: those of a subscription, or the one of another operation."""
        if not answers.takes_events(request.headers.get("accept")):
            raise BadRequest(406, f"A subscription is answered as {answers.EVENTS}, or over a WebSocket.")
        with ExitStack() as open_:
            open_.callback(self.connections.enter(STREAM, asking.caller, asking.visit.address).close)
            headers |= headers_of(await self.operations.admit(operation, asking))
            payload, refused = partial(self.operations.payload, operation), partial(self._broken_off, operation)
            return EventStream(self._told(request, operation, asking), payload, refused, open_.pop_all().close, headers)

    def _told(self, request: Request, operation: Operation, asking: Asking) -> AsyncGenerator[ExecutionResult, None]:
        if operation.kind is not OperationType.SUBSCRIPTION:
            return _once(self.operations, operation, asking)
        return self.operations.told(operation, asking, lambda: self._asking(request, asking.visit))

    def _broken_off(self, operation: Operation, cause: Exception) -> Mapping[str, Any]:
        """What the client of a stream is told of the exception that ends it."""
        refused = refusal(cause, answers.JSON, operation.request_id)
        self.operations.tally.refused(refused.errors)
        return {"errors": refused.errors}

    def _executed(
        self, operation: Operation, result: ExecutionResult, media: str, headers: Mapping[str, str]
    ) -> Answer:
        away = [
            each.original_error for each in result.errors or () if isinstance(each.original_error, DatabaseUnavailable)
        ]
        if away and result.data is None:
            raise away[0]
        payload = self.operations.payload(operation, result)
        status = 200 if "data" in payload else not_executed(media)
        return answers.response(payload, status, media, headers)

    def _refused(self, cause: Exception, media: str, headers: Mapping[str, str]) -> Answer:
        refused = refusal(cause, media, headers["X-Request-Id"])
        self.operations.tally.refused(refused.errors)
        return answers.response(
            {"errors": refused.errors}, refused.status, media, {**headers, **NOT_KEPT, **refused.headers}
        )


async def _once(operations: Operations, operation: Operation, asking: Asking) -> AsyncGenerator[ExecutionResult, None]:
    yield await operations.answer_in_time(operation, asking)


def _check_method(asked: Parameters, operation: Operation, headers: dict[str, str]) -> None:
    if asked.reads_only and operation.kind is OperationType.MUTATION:
        headers["Allow"] = "POST"
        raise BadRequest(405, "A GET can only read: send a POST.")


def _caching(request: Request) -> dict[str, str]:
    """What caches are told: nothing of what everybody is answered alike, and to keep nothing of all else."""
    alike = request.method == "GET" and not any(name in request.headers for name in CREDENTIALS)
    return {} if alike else NOT_KEPT
