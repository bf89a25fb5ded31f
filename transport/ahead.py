"""Requests to /graphql, ahead of all routes: finding the way there costs a twentieth of a small answer."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/graphql"
METHODS = ("POST", "GET")


@dataclass(frozen=True)
class Ahead:
    """Middleware that gives what `endpoint` can answer to it; other methods and WebSockets go on to the routes."""

    app: ASGIApp
    endpoint: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        asks = scope["type"] == "http" and scope["path"] == PATH and scope["method"] in METHODS
        await (self.endpoint if asks else self.app)(scope, receive, send)
