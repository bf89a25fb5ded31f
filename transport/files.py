"""Files that are made while they are sent: how they are refused, how many at once, and how they end."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager

from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from engine.errors import EngineError
from models.errors import ErrorCode, InputError, Overloaded, PortalError
from schema.questions import Refused
from transport import answers, refusals
from transport.budgets import BudgetSpent, headers_of
from transport.disconnects import Watches
from transport.request_ids import new_request_id

STATUSES = {**refusals.STATUSES, ErrorCode.NOT_FOUND: 404, ErrorCode.OVERLOADED: 503}
# Who comes while too many files are made may try again in so many seconds.
RETRY = {"Retry-After": "30"}
# Who takes nothing for so long is given up: a moment of the database is held for each file.
STALLED_SECONDS = 60

Pieces = AsyncGenerator[bytes]


class Turnstile:
    """Lets so many in at once; the others are refused, as they would wait for long."""

    def __init__(self, places: int) -> None:
        self._free = places

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be in for the length of a block; raises Overloaded."""
        if not self._free:
            raise Overloaded("Too many files are being made: try again in half a minute.")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


async def file(request: Request, pieces: Pieces, media_type: str, name: str, headers: Mapping[str, str]) -> Response:
    """A file as it is made. What is wrong before its first piece is there is answered as a refusal."""
    try:
        first = await Watches().unless_gone(request, anext(pieces))
    except ClientDisconnect:
        raise
    except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
        return refused(cause)
    sent = _Sent(request, first, pieces, media_type, name)
    sent.headers.update(headers)
    return sent


class _Sent(Response):
    """A file on its way. One that fails half-way is broken off, so that nobody takes it for whole."""

    def __init__(self, request: Request, first: bytes, pieces: Pieces, media_type: str, name: str) -> None:
        self.status_code, self.background = 200, None
        # A stranger's formula or script in it shall not be opened in the portal's name.
        self.init_headers(
            {
                "Content-Type": media_type,
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            }
        )
        self._request, self._first, self._pieces = request, first, pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await Watches().unless_gone(self._request, self._send(send))
        except ClientDisconnect:
            return

    async def _send(self, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await _sent(send, self._first)
            async for piece in self._pieces:
                await _sent(send, piece)
            await _sent(send, b"", more=False)
        finally:
            await self._pieces.aclose()


async def _sent(send: Send, piece: bytes, *, more: bool = True) -> None:
    """Send a piece, and wait until the client has taken enough of those before."""
    async with asyncio.timeout(STALLED_SECONDS):
        await send({"type": "http.response.body", "body": piece, "more_body": more})


def given(request: Request, *names: str) -> dict[str, str]:
    """The parameters of an address, each at most once; raises InputError for others."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in names:
            raise InputError(name, f"is no parameter of this address, which takes {', '.join(names)}")
        if name in found:
            raise InputError(name, "comes twice")
        found[name] = value
    return found


def refused(cause: Exception) -> Response:
    """The answer where no file is made: errors as a query would have them, with a status of HTTP."""
    errors = cause.errors if isinstance(cause, Refused) else [GraphQLError(str(cause), original_error=cause)]
    # Where in the portal's own query something is wrong says nothing to whoever asked for a file.
    told = [GraphQLError(each.message, original_error=each.original_error) for each in errors]
    status = _status(told[0].original_error)
    body = {"errors": answers.formatted(told, ErrorCode.BAD_USER_INPUT, new_request_id())}
    headers = dict(RETRY) if status == STATUSES[ErrorCode.OVERLOADED] else {}
    if isinstance(cause, BudgetSpent):
        headers = {**headers_of(cause.charge), "Retry-After": str(cause.charge.seconds)}
    return answers.response(body, status, answers.JSON, {"Cache-Control": "no-store", **headers})


def _status(cause: Exception | None) -> int:
    if isinstance(cause, PortalError):
        return STATUSES.get(cause.code, 400)
    return 400 if cause is None or isinstance(cause, EngineError | GraphQLError) else 500
