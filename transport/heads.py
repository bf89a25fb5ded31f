"""Requests whose headers are looked up at once: Starlette looks through all of them for each."""

from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send


class Head(Headers):
    """Headers by name; of several of one name the first counts, as with Starlette's."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        self._first = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(self.raw)}

    def __getitem__(self, key: str) -> str:
        return self._first[key.lower()]

    def __contains__(self, key: Any) -> bool:
        return key.lower() in self._first

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or what there is instead."""
        return self._first.get(key.lower(), default)


class GraphQLRequest(Request):
    """A request to the endpoint."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope, receive, send)
        self._head = Head(scope)

    @property
    def headers(self) -> Head:
        """The request's headers."""
        return self._head
