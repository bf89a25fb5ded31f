"""Answers in GraphQL's form: errors with their codes, faults masked, the right media type."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson
import structlog
from graphql import ExecutionResult, GraphQLError
from starlette.responses import Response

from engine.errors import ArgumentError, LimitError
from models.errors import ErrorCode, InputError, PortalError

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"

log = structlog.get_logger()


def error(code: ErrorCode, message: str, **extensions: Any) -> dict[str, Any]:
    """An error that belongs to no field."""
    return {"message": message, "extensions": {"code": code.value, **extensions}}


def refusal(refused: PortalError) -> dict[str, Any]:
    """An error for a whole request that the portal refuses."""
    return error(refused.code, refused.message)


def formatted(errors: Iterable[GraphQLError], code: ErrorCode, request_id: str) -> list[dict[str, Any]]:
    """GraphQL errors as they go out, sorted by path; `code` is for those of GraphQL itself.

    What is not expected is logged with the request's id, and only that id goes out.
    """
    found = [_formatted(each, code, request_id) for each in errors]
    return sorted(found, key=lambda each: [str(step) for step in each.get("path", ())])


def payload(result: ExecutionResult, request_id: str) -> dict[str, Any]:
    """An answer as it goes out; one that was refused before it was executed has no data."""
    found: dict[str, Any] = {}
    if result.errors:
        found["errors"] = formatted(result.errors, ErrorCode.BAD_USER_INPUT, request_id)
    if result.data is not None or any(each.path is not None for each in result.errors or ()):
        found["data"] = result.data
    return found


def _formatted(each: GraphQLError, code: ErrorCode, request_id: str) -> dict[str, Any]:
    answer = each.formatted
    found: dict[str, Any] = {"message": each.message, "extensions": {"code": code.value}}
    for part in ("locations", "path"):
        if part in answer:
            found[part] = answer[part]
    original = each.original_error
    if isinstance(original, (InputError, ArgumentError)):
        found["extensions"] = _input(original)
    elif isinstance(original, PortalError):
        found["extensions"] = {"code": original.code.value}
    elif isinstance(original, LimitError):
        found["extensions"] = {"code": original.limit.value}
    elif original is not None and not isinstance(original, GraphQLError):
        return found | fault(original, request_id)
    elif original is None and each.path is not None:
        return found | fault(each, request_id)
    return found


def _input(refused: InputError | ArgumentError) -> dict[str, Any]:
    field = refused.field if isinstance(refused, InputError) else refused.argument
    code = ErrorCode.BAD_USER_INPUT.value
    return {"code": code, "argument": field, "reason": refused.reason}


def fault(cause: Exception, request_id: str) -> dict[str, Any]:
    """An error for what nobody expected: its cause is logged, and the request's id goes out."""
    log.error("fault", request_id=request_id, path=getattr(cause, "path", None), exc_info=cause)
    return error(
        ErrorCode.INTERNAL_SERVER_ERROR,
        "Something went wrong here; the request's id helps us to find out what.",
        requestId=request_id,
    )


def media_type(accept: str | None) -> str | None:
    """The media type to answer with: plain JSON to whoever takes anything, a stream only where nothing else is taken.

    None for whoever takes none of them.
    """
    if not accept:
        return JSON
    qualities = _qualities(accept)
    graphql, plain = _quality(qualities, GRAPHQL_JSON), _quality(qualities, JSON)
    if not graphql and not plain:
        return EVENTS if takes_events(accept) else None
    return GRAPHQL_JSON if graphql > plain or (graphql == plain and GRAPHQL_JSON in qualities) else JSON


def takes_events(accept: str | None) -> bool:
    """Whether a client names server-sent events among what it takes."""
    return _qualities(accept or "").get(EVENTS, 0.0) > 0


def prefers_html(accept: str | None) -> bool:
    """Whether a browser asks for a page: it names HTML, and nothing of ours before it."""
    qualities = _qualities(accept or "")
    html = qualities.get("text/html", 0.0)
    return html > 0 and html >= max(qualities.get(GRAPHQL_JSON, 0), qualities.get(JSON, 0))


def _qualities(accept: str) -> dict[str, float]:
    found = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        found[name.lower()] = _parameter(parameters)
    return found


def _parameter(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def _quality(qualities: Mapping[str, float], name: str) -> float:
    ranges = (name, f"{name.split('/', maxsplit=1)[0]}/*", "*/*")
    return next((qualities[range_] for range_ in ranges if range_ in qualities), 0.0)


@cache
def _name(header: str) -> bytes:
    """The name of a header of the portal's, as it is sent."""
    return header.lower().encode("latin-1")


class Answer(Response):
    """A GraphQL response; `has_errors` is whether something of it was refused. Starlette's own takes three times as long."""

    def __init__(self, payload: Mapping[str, Any], status: int, media: str, headers: Mapping[str, str]) -> None:
        self.body = orjson.dumps(payload)
        self.status_code = status
        self.background = None
        self.has_errors = "errors" in payload
        self.raw_headers = [
            *[(_name(name), value.encode("latin-1")) for name, value in headers.items()],
            (b"content-length", b"%d" % len(self.body)),
            (b"content-type", f"{media}; charset=utf-8".encode("latin-1")),
        ]


def response(payload: Mapping[str, Any], status: int, media: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A GraphQL response."""
    return Answer(payload, status, media, headers or {})
