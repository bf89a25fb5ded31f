"""Signing in through a provider: `/sign-in/{provider}` sends a browser there, `.../callback` takes it back.

People see these addresses, so each answer is a redirect to a page of the portal: to the path `next`,
with `?error=CODE` added where the sign-in ended without one (docs/sign-in.md tells the codes). Or it
calls back the app that began the sign-in, with a code for its tokens, or with the same errors.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from auth import agents, attempts, identities, sessions
from auth.addresses import network_of
from auth.attempts import Attempts
from auth.cookies import ATTRIBUTES, Cookies, secret_in
from auth.providers import app_codes, apps, flows
from auth.providers.apps import App, Redirects
from auth.providers.client import ProviderClient
from auth.providers.flows import Flow
from auth.providers.people import Person
from auth.providers.refusals import SignInError, SignInRefused
from auth.secrets import digest, new_secret
from auth.viewers import Viewer, viewer_with_cookie
from models.database import Database
from models.errors import PortalError
from models.sessions import Session, SessionKind
from resolvers.accounts import linking
from resolvers.languages import Language
from transport import languages
from transport.request_ids import new_request_id

# What a browser is known by while it is away at a provider.
BROWSER_COOKIE = "__Host-portal-flow"
BROWSER_SECONDS = 15 * 60
SECRET = re.compile(r"[\w-]{43}", re.ASCII)
# A path of the portal's pages: what comes behind the portal's own origin can lead nowhere else.
PATH = re.compile(r"/[\x21-\x5b\x5d-\x7e]{0,1999}")
START_PAGE = "/"
# Codes and states stand in addresses, which neither a cache nor the next page may learn.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

log = structlog.get_logger()


@dataclass(frozen=True)
class ProviderSignIn:
    """Signs browsers and apps in through providers, and links identities to accounts."""

    clients: Mapping[str, ProviderClient]
    redirects: Redirects
    database: Database
    attempts: Attempts
    public_url: str
    origin: str
    default_language: Language

    async def start(self, request: Request) -> Response:
        """Send a browser to a provider: to sign in, or with `link=1` to link one more identity.

        With a `redirect_uri` it is an app's.
        """
        asked = request.query_params
        page = _path(asked.get("next"))
        back = f"{self.public_url}{page}"
        try:
            if "redirect_uri" in asked:
                back = self._to_app(asked)
            return await self._started(request, page)
        except Exception as cause:  # noqa: BLE001 - whatever it is, a person is waiting for a page
            return self._refused(request, back, cause)

    async def callback(self, request: Request) -> Response:
        """Take a browser back from a provider, and sign in it, or the app that waits."""
        back = f"{self.public_url}{START_PAGE}"
        try:
            client, returned = self._client(request), _single(request)
            browser = request.cookies.get(BROWSER_COOKIE)
            async with self.database.transaction() as connection:
                flow = await flows.take(connection, client.provider.code, browser, returned.get("state"))
            back = self._end(flow)
            return await self._returned(request, client, flow, returned)
        except Exception as cause:  # noqa: BLE001 - whatever it is, a person is waiting for a page
            return self._refused(request, back, cause)

    async def _started(self, request: Request, page: str) -> Response:
        client, asked = self._client(request), request.query_params
        app = apps.asked(asked) if "redirect_uri" in asked else None
        viewer = await self._linking(request) if asked.get("link") == "1" else None
        kept = request.cookies.get(BROWSER_COOKIE, "")
        # The same for all tabs of a browser, so that each finds its own way back.
        browser = kept if SECRET.fullmatch(kept) else new_secret()
        flow = flows.new(client.provider.code, page, None if viewer is None else viewer.account_id, app)
        response = RedirectResponse(await client.authorization_url(flow), 303, HEADERS)
        async with self.database.transaction() as connection:
            await self._count(connection, request)
            await flows.begin(connection, flow, browser)
        cookie = f"{BROWSER_COOKIE}={browser}; Max-Age={BROWSER_SECONDS}; {ATTRIBUTES}"
        response.headers.append("Set-Cookie", cookie)
        return response

    async def _returned(
        self, request: Request, client: ProviderClient, flow: Flow, returned: Mapping[str, str]
    ) -> Response:
        if flow.account_id is not None:
            await self._must_still_be(request, flow.account_id)
        person = await client.person(flow, returned)
        if flow.app is not None:
            code = await self._code(request, client, person, flow.app)
            return RedirectResponse(_with(self._end(flow), {"code": code}), 303, HEADERS)
        response = RedirectResponse(self._end(flow), 303, HEADERS)
        if flow.account_id is not None:
            await self._link(request, flow.account_id, person)
            return response
        cookies = Cookies(lambda: True)
        cookies.keep(await self._session(request, client, person))
        for name, value in cookies.headers:
            response.headers.append(name, value)
        return response

    async def _link(self, request: Request, account_id: int, person: Person) -> None:
        async with self.database.transaction() as connection:
            await linking.link(connection, account_id, person, self._language(request), self.public_url)
            await self._forgive(connection, request)

    async def _session(self, request: Request, client: ProviderClient, person: Person) -> str:
        """The secret of a session for a person, in place of the one that this browser had."""
        before = secret_in(request.headers.get("cookie"))
        agent = agents.family(request.headers.get("user-agent"))
        async with self.database.transaction() as connection:
            account_id = await _account(connection, client, person)
            if before is not None:
                await sessions.end(connection, Session.secret_digest == digest(before))
            language = self._language(request).value
            opened = await sessions.open_session(connection, account_id, SessionKind.BROWSER, agent, language)
            await self._forgive(connection, request)
        return opened.secret

    async def _code(self, request: Request, client: ProviderClient, person: Person, app: App) -> str:
        """A code for the tokens of a person; who is signed in in the browser stays so."""
        async with self.database.transaction() as connection:
            account_id = await _account(connection, client, person)
            await self._forgive(connection, request)
            return await app_codes.issue(connection, account_id, app.challenge)

    async def _count(self, connection: AsyncConnection, request: Request) -> None:
        """Count an attempt of a network address: each one leaves a row, and takes the provider's time."""
        too_early = await self.attempts.count(connection, attempts.SIGN_INS_FROM_ADDRESS, _address(request))
        if too_early is not None:
            raise SignInRefused(SignInError.TOO_MANY_ATTEMPTS, "too many sign-ins from an address")

    def _language(self, request: Request) -> Language:
        return languages.preferred(request.headers.get("accept-language"), self.default_language)

    async def _forgive(self, connection: AsyncConnection, request: Request) -> None:
        await self.attempts.forgive(connection, attempts.SIGN_INS_FROM_ADDRESS, _address(request))

    async def _linking(self, request: Request) -> Viewer:
        """Whom to link to. Only a page of the portal's own may begin that.

        Another site's could have the account opened by an identity of its choice; browsers say whose page asks.
        """
        origin = request.headers.get("origin")
        own = request.headers.get("sec-fetch-site") == "same-origin" if origin is None else origin == self.origin
        if not own:
            raise SignInRefused(SignInError.STARTED_ELSEWHERE, "linking was begun by no page of the portal")
        return await self._viewer(request)

    async def _must_still_be(self, request: Request, account_id: int) -> None:
        if (await self._viewer(request)).account_id != account_id:
            raise SignInRefused(SignInError.NOT_SIGNED_IN, "somebody else is signed in by now")

    async def _viewer(self, request: Request) -> Viewer:
        """Who is signed in at this very moment."""
        secret = secret_in(request.headers.get("cookie"))
        viewer = None if secret is None else await viewer_with_cookie(self.database, secret)
        if viewer is None:
            raise SignInRefused(SignInError.NOT_SIGNED_IN, "nobody is signed in")
        return viewer

    def _to_app(self, asked: Mapping[str, str]) -> str:
        """Where the app that asks is called back; refuses what is no app's, so that errors go nowhere else either."""
        if not self.redirects.allow(asked["redirect_uri"]):
            raise SignInRefused(SignInError.REDIRECT_NOT_ALLOWED, "no app is called back there")
        state = apps.state_in(asked)
        return _with(asked["redirect_uri"], {} if state is None else {"state": state})

    def _end(self, flow: Flow) -> str:
        """Where a flow ends: on a page, or in an app."""
        if flow.app is None:
            return f"{self.public_url}{flow.page}"
        return _with(flow.app.redirect_uri, {"state": flow.app.state})

    def _client(self, request: Request) -> ProviderClient:
        client = self.clients.get(request.path_params["provider"])
        if client is None:
            raise SignInRefused(SignInError.PROVIDER_UNKNOWN, "there is no such provider")
        return client

    def _refused(self, request: Request, back: str, cause: Exception) -> Response:
        """The way back to a page or an app, which is told what was wrong; the log is told why."""
        request_id = new_request_id()
        known = cause if isinstance(cause, SignInRefused) else None
        if known is not None:
            log.warning("sign-in refused", request_id=request_id, error=known.error.value, reason=known.reason)
        elif not isinstance(cause, PortalError):
            log.error("fault", request_id=request_id, path=request.url.path, exc_info=cause)
        told = {"error": (known.error if known else _meant(cause)).value, "requestId": request_id}
        return RedirectResponse(_with(back, told), 303, HEADERS)


async def _account(connection: AsyncConnection, client: ProviderClient, person: Person) -> int:
    return await identities.sign_in(connection, person, email_required=client.provider.email_required)


def _meant(cause: Exception) -> SignInError:
    return SignInError.UNAVAILABLE if isinstance(cause, PortalError) else SignInError.FAULT


def _with(address: str, parameters: Mapping[str, str]) -> str:
    """An address with parameters added to its query."""
    parts = urlsplit(address)
    query = "&".join(each for each in (parts.query, urlencode(parameters)) if each)
    return urlunsplit(parts._replace(query=query))


def _path(given: str | None) -> str:
    """The page to go back to: a path of the portal's own, whatever was given."""
    return given if given is not None and PATH.fullmatch(given) and not given.startswith("//") else START_PAGE


def _single(request: Request) -> Mapping[str, str]:
    """What a provider hands back, each parameter once (RFC 6749, 3.1)."""
    given = request.query_params.multi_items()
    found = dict(given)
    if len(found) < len(given):
        raise SignInRefused(SignInError.ANSWER_INVALID, "a parameter comes twice")
    return found


def _address(request: Request) -> str:
    return network_of(request.client and request.client.host)
