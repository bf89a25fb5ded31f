"""What a client asks over HTTP: the parameters of one GraphQL request, checked."""

from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from models.errors import ErrorCode

MAXIMUM_BODY = 1_000_000


class BadRequest(Exception):
    """A request that is no GraphQL request; answered with the status."""

    def __init__(self, status: int, message: str, code: ErrorCode = ErrorCode.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


@dataclass(frozen=True)
class Parameters:
    """A GraphQL request."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None
    reads_only: bool


async def parameters(request: Request) -> Parameters:
    """The parameters of a GET or POST; raises BadRequest."""
    if request.method == "GET":
        given = dict(request.query_params)
        for name in ("variables", "extensions"):
            if name in given:
                given[name] = _json(given[name].encode(), name)
        return checked(given, reads_only=True)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadRequest(415, "The body must be application/json.")
    return checked(_json(await _body(request), "The body"), reads_only=False)


async def _body(request: Request) -> bytes:
    """The body, read no further than its limit."""
    too_long = BadRequest(413, f"The body has more than {MAXIMUM_BODY} bytes.", ErrorCode.LIMIT_EXCEEDED)
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > MAXIMUM_BODY:
        raise too_long
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAXIMUM_BODY:
            raise too_long
        chunks.append(chunk)
    return b"".join(chunks)


def _json(text: bytes, name: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(400, f"{name} is not JSON: {error}.") from None


def checked(given: Any, *, reads_only: bool) -> Parameters:
    """The parameters in what was sent; raises BadRequest."""
    if isinstance(given, list):
        raise BadRequest(400, "Batches of requests are not taken: send one request.")
    if not isinstance(given, dict):
        raise BadRequest(400, "The body must be a JSON object with a query.")
    query = given.get("query")
    if not isinstance(query, str) or not query:
        raise BadRequest(400, "query must be a text.")
    variables = given.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest(400, "variables must be an object.")
    name = given.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadRequest(400, "operationName must be a text.")
    extensions = given.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadRequest(400, "extensions must be an object.")
    return Parameters(query, variables or {}, name or None, reads_only)
