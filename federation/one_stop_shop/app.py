"""The one-stop shop as a service: `uvicorn federation.one_stop_shop.app:app`.

PORTAL_ISSUER       who issues the tokens that it believes: the portal's address
PORTAL_AUDIENCE     for whom they are issued
KEYS_PAUSE_SECONDS  for how long it does not look again for a key that is not published
"""

import os
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from strawberry.asgi import GraphQL

from federation.one_stop_shop.callers import Caller
from federation.one_stop_shop.schema import schema
from federation.one_stop_shop.tokens import PublishedKeys, Verifier


class Graph(GraphQL[Caller, None]):
    """The graph, for whoever asks."""

    def __init__(self, verifier: Verifier) -> None:
        super().__init__(schema, graphql_ide=None, allow_queries_via_get=False)
        self.verifier = verifier

    async def get_context(self, request: Any, response: Any) -> Caller:
        """Who asks; it is found out where a field needs to know."""
        assert isinstance(request, Request)
        return Caller(self.verifier, request.headers.get("authorization"))


def create_app(issuer: str, audience: str, pause_seconds: float) -> Starlette:
    """The service, believing what an issuer's published keys have signed."""
    keys = PublishedKeys(f"{issuer}/.well-known/jwks.json", pause_seconds=pause_seconds)
    return Starlette(routes=[Route("/graphql", Graph(Verifier(keys, issuer, audience)))])


app = create_app(
    os.environ.get("PORTAL_ISSUER", "http://localhost:8000"),
    os.environ.get("PORTAL_AUDIENCE", "rating-portal"),
    float(os.environ.get("KEYS_PAUSE_SECONDS", "10")),
)
