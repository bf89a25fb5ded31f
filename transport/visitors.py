"""Visitors: who asks, by an access token or by a session's cookie, and from where."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import HTTPConnection

from auth import origins
from auth.addresses import network_of
from auth.authenticator import Authenticator
from auth.browsers import Browsers
from auth.cookies import Cookies, secret_in
from auth.machines import Machine
from auth.viewers import Viewer
from auth.visits import Visit

# A WebSocket is opened by pages of the same origins as other requests.
SCHEMES = {"ws": "http", "wss": "https"}


@dataclass(frozen=True)
class Visitors:
    """Finds out who asks. `origin` is that of the portal's public pages."""

    authenticator: Authenticator
    browsers: Browsers
    origin: str

    def visit(self, request: HTTPConnection) -> Visit:
        """What is known of a request beside who makes it."""
        client = request.scope.get("client")
        address = network_of(client and client[0])
        return Visit(address, request.headers.get("user-agent"), Cookies(partial(self._is_own, request)))

    def _is_own(self, request: HTTPConnection) -> bool:
        """Whether one of the portal's own pages makes a request."""
        scheme = SCHEMES.get(request.scope["scheme"], request.scope["scheme"])
        host = f"{scheme}://{request.headers.get('host', '')}".lower()
        return origins.is_own(request.headers, frozenset({self.origin, host}))

    async def caller(self, request: HTTPConnection, visit: Visit) -> Viewer | Machine | None:
        """Who asks by a request's headers, as `named` finds out."""
        return await self.named(request.headers.get("authorization"), request.headers.get("cookie"), visit)

    async def named(self, authorization: str | None, cookie: str | None, visit: Visit) -> Viewer | Machine | None:
        """Who asks, or None for nobody; raises Unauthenticated for a bad token, Forbidden for another site's page.

        A token goes before a cookie, as a page of another site cannot send one. The cookie of a
        session that is over is nobody's, and taken away: its browser cannot do that by itself.
        """
        if authorization is not None:
            return await self.authenticator.caller(authorization)
        secret = secret_in(cookie)
        if secret is None:
            return None
        visit.cookies.must_be_own()
        viewer = await self.browsers.viewer(secret)
        if viewer is None:
            visit.cookies.drop()
        return viewer
