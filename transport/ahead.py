"""Requests to /graphql, ahead of all routes: finding the way there costs a twentieth of a small answer."""

from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/graphql"
METHODS = ("POST", "GET")


class Ahead(Starlette):
    """An application that gives what `endpoint` can answer to it; other methods and WebSockets go on to the routes."""

    def __init__(self, endpoint: ASGIApp, **named: Any) -> None:
        super().__init__(**named)
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] in METHODS:
            await self._endpoint(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
