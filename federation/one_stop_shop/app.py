"""The one-stop shop as a service: `uvicorn federation.one_stop_shop.app:app`."""

from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL

from federation.one_stop_shop.schema import schema

app = Starlette(routes=[Route("/graphql", GraphQL(schema, graphql_ide=None, allow_queries_via_get=False))])
