"""What a client asks over HTTP: the parameters of one GraphQL request, checked."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from starlette.requests import ClientDisconnect, Request

from models.errors import ErrorCode

MAXIMUM_BODY = 1_000_000
# SHA-256, in hexadecimal digits.
DIGEST = re.compile(r"[0-9a-f]{64}")


class BadRequest(Exception):
    """A request that is no GraphQL request; answered with the status, None being that of what cannot be executed."""

    def __init__(self, status: int | None, message: str, code: ErrorCode = ErrorCode.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


class Parameters(NamedTuple):
    """A GraphQL request: its document is named by its text, by its `digest`, or by both."""

    query: str | None
    digest: str | None
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
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > MAXIMUM_BODY:
        raise _too_long()
    body, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAXIMUM_BODY:
            raise _too_long()
    return body


def _too_long() -> BadRequest:
    return BadRequest(413, f"The body has more than {MAXIMUM_BODY} bytes.", ErrorCode.BODY_LIMIT)


def _json(text: bytes, name: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(400, f"{name} is not JSON: {error}.") from None


def checked(given: Any, *, reads_only: bool) -> Parameters:
    """The parameters in what was sent; raises BadRequest."""
    if isinstance(given, list):
        raise BadRequest(400, "Batches of requests are not taken: send one request.", ErrorCode.BATCH_OFF)
    if not isinstance(given, dict):
        raise BadRequest(400, "The body must be a JSON object with a query.")
    query = given.get("query")
    extensions = given.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadRequest(400, "extensions must be an object.")
    digest = _digest(given, extensions)
    if not (isinstance(query, str) and query) and (digest is None or query is not None):
        raise BadRequest(400, "query must be a text.")
    variables = given.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest(400, "variables must be an object.")
    name = given.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadRequest(400, "operationName must be a text.")
    return Parameters(query, digest, variables or {}, name or None, reads_only)


def is_asking(request: Request) -> bool:
    """Whether a GET has a document, by whichever name."""
    return not request.query_params.keys().isdisjoint(("query", "documentId", "extensions"))


def _digest(given: Mapping[str, Any], extensions: Mapping[str, Any] | None) -> str | None:
    """The digest that names the document: as `documentId`, or as clients of automatic persisted queries send it."""
    named = given.get("documentId")
    if named is None:
        persisted = extensions.get("persistedQuery") if extensions else None
        if persisted is None:
            return None
        if not isinstance(persisted, dict) or persisted.get("version") != 1:
            raise BadRequest(400, "persistedQuery must be an object of version 1.")
        named = persisted.get("sha256Hash")
    digest = named.removeprefix("sha256:").lower() if isinstance(named, str) else ""
    if not DIGEST.fullmatch(digest):
        raise BadRequest(400, "A document is named by its SHA-256, in 64 hexadecimal digits.")
    return digest
