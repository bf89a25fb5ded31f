"""Visitors: who asks, by an access token or by a session's cookie, and from where."""

from dataclasses import dataclass

from starlette.requests import Request

from auth import origins
from auth.addresses import network_of
from auth.authenticator import Authenticator
from auth.browsers import Browsers
from auth.cookies import Cookies, secret_in
from auth.machines import Machine
from auth.viewers import Viewer
from auth.visits import Visit


@dataclass(frozen=True)
class Visitors:
    """Finds out who asks. `origin` is that of the portal's public pages."""

    authenticator: Authenticator
    browsers: Browsers
    origin: str

    def visit(self, request: Request) -> Visit:
        """What is known of a request beside who makes it."""
        host = f"{request.scope['scheme']}://{request.headers.get('host', '')}".lower()
        own = origins.is_own(request.headers, frozenset({self.origin, host}))
        address = network_of(request.client and request.client.host)
        return Visit(address, request.headers.get("user-agent"), Cookies(own))

    async def caller(self, request: Request, visit: Visit) -> Viewer | Machine | None:
        """Who asks, or None for nobody; raises Unauthenticated for a bad token, Forbidden for another site's page.

        A token goes before a cookie, as a page of another site cannot send one. The cookie of a
        session that is over is nobody's, and taken away: its browser cannot do that by itself.
        """
        authorization = request.headers.get("authorization")
        if authorization is not None:
            return await self.authenticator.caller(authorization)
        secret = secret_in(request.headers.get("cookie"))
        if secret is None:
            return None
        visit.cookies.must_be_own()
        viewer = await self.browsers.viewer(secret)
        if viewer is None:
            visit.cookies.drop()
        return viewer
