"""Who asks the one-stop shop, by an access token of the portal's."""

import asyncio
from dataclasses import dataclass, field

from graphql import GraphQLError

from federation.one_stop_shop.tokens import Refused, Verifier


@dataclass
class Caller:
    """The sender of a request; a token is verified once a request, and only where a field needs it."""

    verifier: Verifier
    authorization: str | None
    _scopes: "asyncio.Task[frozenset[str]] | None" = field(default=None, init=False)

    async def demand(self, scope: str) -> None:
        """Raise a GraphQL error unless the caller has a scope."""
        if self._scopes is None:
            self._scopes = asyncio.ensure_future(self.verifier.scopes(self.authorization))
        try:
            scopes = await self._scopes
        except Refused as refused:
            raise GraphQLError(str(refused), extensions={"code": "UNAUTHENTICATED"}) from None
        if scope not in scopes:
            raise GraphQLError(f"This takes the scope {scope}.", extensions={"code": "FORBIDDEN"})
