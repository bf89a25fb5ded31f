"""What all mutations share: somebody signed in, and an answer that is a payload or a problem."""

from collections.abc import Awaitable
from typing import Any

import strawberry

from models.clients import ClientScope
from models.errors import Forbidden, Unauthenticated
from resolvers import problems
from schema.problems import published

Info = strawberry.Info[Any, Any]


def signed_in(info: Info) -> Any:
    """The context of a request that somebody signed in makes."""
    if info.context.machine is not None:
        raise Forbidden("Only people do this: another system has no account.")
    if info.context.viewer is None:
        raise Unauthenticated("Sign in first: this needs an access token.")
    return info.context


def by_machine(info: Info, scope: ClientScope) -> Any:
    """The context of a request that another system makes, by a token with a scope."""
    if info.context.viewer is not None:
        raise Forbidden("Only another system does this, by a token of its own.")
    if info.context.machine is None:
        raise Unauthenticated("Only another system does this: it needs an access token of its own.")
    if scope.value not in info.context.machine.scopes:
        raise Forbidden(f"Only a client with the scope {scope.value} may do this.")
    return info.context


async def answer(payload: Any, change: Awaitable[Any]) -> Any:
    """What a change is answered with: the payload with what it changed, or the problem that forbade it.

    A change tells what it did in an object whose attributes are the payload's fields.
    """
    try:
        done = await change
    except problems.Problem as problem:
        return published(problem)
    return payload(**vars(done))
