"""The endpoints of OAuth 2.0 for machines: forms in, JSON out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from auth.authorization import INTROSPECTION, REVOCATION, TOKEN, Authorization, Reply
from models.errors import DatabaseUnavailable

FORM = "application/x-www-form-urlencoded"
MAXIMUM_BODY, MAXIMUM_FIELDS = 65_536, 20
# What is answered here is for whoever has asked alone.
PRIVATE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True)
class OAuth:
    """Hands forms to the authorization server."""

    authorization: Authorization

    @property
    def routes(self) -> list[Route]:
        return [Route(path, self._at(path), methods=["POST"]) for path in (TOKEN, INTROSPECTION, REVOCATION)]

    def _at(self, endpoint: str) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            reply = await self._reply(endpoint, request)
            return JSONResponse(dict(reply.body), reply.status, {**reply.headers, **PRIVATE})

        return respond

    async def _reply(self, endpoint: str, request: Request) -> Reply:
        try:
            form = await _form(request)
        except ValueError as error:
            return Reply(400, {"error": "invalid_request", "error_description": str(error)})
        try:
            return await self.authorization.reply(endpoint, form, request.headers)
        except DatabaseUnavailable:
            return Reply(503, {"error": "temporarily_unavailable"}, {"Retry-After": "1"})


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; raises ValueError for anything else, and for a field that comes twice."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise ValueError(f"The body must be {FORM}.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAXIMUM_BODY:
            raise ValueError("The body is too long.")
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAXIMUM_FIELDS)
    except ValueError:
        raise ValueError("The body is no form.") from None
    if len(dict(fields)) != len(fields):
        raise ValueError("A field comes twice.")
    return dict(fields)
