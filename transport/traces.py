"""OpenTelemetry traces: a span each for the request, the operation, its plan and each statement.

Nothing of this is imported, or asked, unless traces are configured: these classes then stand in for those that they
extend. Spans have names, codes and texts of statements, never values, addresses or who asks.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.documents.document import Document
from engine.executor import Caller, Executor, Reads
from engine.meanings.fields import Entity
from engine.plans.operations import Asked
from engine.plans.queries import QueryPlan
from models.database import Database
from models.reading import ReadingConnection

PROPAGATOR = TraceContextTextMapPropagator()


class Traces:
    """Makes spans, and sends them in batches to a collector's address (OTLP over HTTP)."""

    def __init__(self, url: str) -> None:
        self._provider = TracerProvider(resource=Resource.create({"service.name": "rating-portal"}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url)))
        self._tracer = self._provider.get_tracer("rating-portal")

    def requests(self, app: ASGIApp) -> "TracedRequests":
        """An application whose requests are spans."""
        return TracedRequests(app, self._tracer)

    def database(self, *arguments: Any, **named: Any) -> Database:
        """A `Database` that makes spans."""
        database = TracedDatabase(*arguments, **named)
        database.tracer = self._tracer
        return database

    def executor(
        self,
        schema: GraphQLSchema,
        entities: Mapping[str, Entity],
        database: Reads,
        refusals: tuple[type[Exception], ...] = (),
    ) -> Executor:
        """An `Executor` that makes spans."""
        return TracedExecutor(schema, entities, database, refusals, tracer=self._tracer)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


@dataclass(frozen=True)
class TracedRequests:
    """An application whose requests are spans; the client's own trace goes on in them."""

    app: ASGIApp
    tracer: Tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        attributes = {"http.request.method": scope["method"], "url.path": scope["path"]}
        with self.tracer.start_as_current_span(
            f"{scope['method']} {scope['path']}",
            context=PROPAGATOR.extract(headers),
            kind=SpanKind.SERVER,
            attributes=attributes,
        ) as span:

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    given = dict(message["headers"]).get(b"x-request-id")
                    if given:
                        span.set_attribute("portal.request_id", given.decode())
                    if message["status"] >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            await self.app(scope, receive, sending)


@dataclass(eq=False)
class TracedExecutor(Executor):
    """Executes operations in spans of their own, and plans them in others."""

    tracer: Any = None

    async def execute(
        self, document: Document, operation: OperationDefinitionNode, variables: dict[str, Any], caller: Caller
    ) -> ExecutionResult:
        """See `Executor`."""
        kind, name = operation.operation.value, document.called(operation) or ""
        attributes = {"graphql.operation.type": kind, "graphql.operation.name": name}
        with self.tracer.start_as_current_span(f"{kind} {name}".strip(), attributes=attributes) as span:
            result = await super().execute(document, operation, variables, caller)
            span.set_attribute("graphql.errors", len(result.errors or ()))
            return result

    async def _plan(self, asked: Asked) -> QueryPlan:
        with self.tracer.start_as_current_span("plan") as span:
            plans = asked.root.document.plans
            known = len(plans)
            plan = await super()._plan(asked)
            span.set_attribute("portal.plan.made", len(plans) > known)
            return plan


class TracedDatabase(Database):
    """Runs statements in spans, and transactions of changes."""

    tracer: Tracer

    async def _rows(
        self, connection: ReadingConnection, text: str, parameters: Sequence[Any]
    ) -> Sequence[Sequence[Any]]:
        with self.tracer.start_as_current_span("statement", kind=SpanKind.CLIENT, attributes=_statement(text)) as span:
            rows = await super()._rows(connection, text, parameters)
            span.set_attribute("db.response.returned_rows", len(rows))
            return rows

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """See `Database`."""
        with self.tracer.start_as_current_span("transaction", kind=SpanKind.CLIENT):
            async with super().transaction() as connection:
                yield connection


def _statement(text: str) -> Mapping[str, str]:
    return {"db.system.name": "postgresql", "db.query.text": text}
