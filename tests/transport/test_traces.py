"""Traces, as a collector gets them: a span for the request, its operation, the plan, and each statement."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.clients import client_of

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@contextmanager
def collecting() -> Iterator[tuple[str, list[Any]]]:
    """A collector that listens for the length of a block: its address, and the spans that it was sent."""
    spans: list[Any] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = ExportTraceServiceRequest.FromString(body)
            spans.extend(span for each in sent.resource_spans for scope in each.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/traces", spans
        finally:
            server.shutdown()
            thread.join()


def values(span: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


async def test_what_a_collector_is_sent(seeded_url: str, tmp_path: Path) -> None:
    text = "query Named($code: String!) { organizationsByCode(codes: [$code]) { code } }"
    with collecting() as (url, spans):
        async with client_of(seeded_url, tmp_path, traces_url=url) as client:
            answer = await client.query(text, {"code": "SECRET-VALUE"}, headers={"traceparent": PARENT})
            assert answer.data == {"organizationsByCode": [None]}
    named = {span.name: span for span in spans}
    request, operation, plan, statement = (
        named[name] for name in ("POST /graphql", "query Named", "plan", "statement")
    )
    assert request.trace_id.hex() in PARENT
    assert request.parent_span_id.hex() in PARENT
    assert operation.parent_span_id == request.span_id
    assert plan.parent_span_id == statement.parent_span_id == operation.span_id
    assert values(request)["http.response.status_code"] == 200
    assert values(request)["portal.request_id"] == answer.response.headers["x-request-id"]
    assert values(plan) == {"portal.plan.made": True}
    assert values(statement)["db.query.text"].startswith("SELECT")
    assert not any("SECRET-VALUE" in str(value) for span in spans for value in values(span).values())


async def test_a_change_is_a_transaction(seeded_url: str, tmp_path: Path) -> None:
    with collecting() as (url, spans):
        async with client_of(seeded_url, tmp_path, traces_url=url) as client:
            token = client.token_for("user-000100")
            await client.query("query Signed { viewer { kind } }", token=token)
    assert {"transaction", "query Signed"} <= {span.name for span in spans}
