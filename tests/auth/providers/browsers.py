"""A person's browser: it keeps cookies, follows redirects to whoever they lead to, and fills in forms."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.applications import Starlette

PORTAL = "https://portal.test"
WELCOME = "/welcome"
PROVIDER = "127.0.0.1"
MOST_REDIRECTS = 20
TRUST = ssl.create_default_context()
# Each browser is in a network of its own, so that none pays for what others try.
NETWORKS = count(1)
VIEWER = "{ viewer { kind account { code email emailConfirmedAt hasPassword } identities { id provider linkedAt } } }"


@dataclass(frozen=True)
class Browser:
    """One browser, with its own cookies, in front of one portal."""

    http: httpx.AsyncClient

    async def sign_in(self, provider: str, login: str) -> httpx.URL:
        """The address where somebody ends who signs in with a login, through the provider's own pages."""
        self.leave_providers()
        page = await self.open(f"{PORTAL}/sign-in/{provider}?next={WELCOME}")
        return (await self.answer(page, login)).url

    async def link(self, provider: str, login: str) -> httpx.URL:
        """The same for a link on a page of the portal's, to link one more identity."""
        self.leave_providers()
        address = f"{PORTAL}/sign-in/{provider}?next={WELCOME}&link=1"
        page = await self.open(address, headers={"Sec-Fetch-Site": "same-origin"})
        return (await self.answer(page, login)).url

    async def callback(self, provider: str, login: str) -> str:
        """The address that the provider sends the browser back to, which it does not open yet."""
        self.leave_providers()
        page = await self.open(f"{PORTAL}/sign-in/{provider}?next={WELCOME}")
        back = await self.answer(page, login, stop_before=f"{PORTAL}/")
        return str(back.headers["location"])

    async def answer(self, page: httpx.Response, login: str, stop_before: str = "") -> httpx.Response:
        """The first page that is not the provider's: its forms are filled in, and all it asks for is allowed."""
        given = {"login": login, "password": "any", "answer": "allow"}
        while page.url.host == PROVIDER and not page.is_redirect:
            action, fields = form_of(page)
            page = await self.open(action, "POST", stop_before, data={**fields, **given})
        return page

    async def open(self, address: str, method: str = "GET", stop_before: str = "", **given: Any) -> httpx.Response:
        """The page at an address, after all redirects; or the redirect that leads to `stop_before`."""
        response = await self.http.request(method, address, **given)
        for _ in range(MOST_REDIRECTS):
            if not response.is_redirect or (stop_before and response.headers["location"].startswith(stop_before)):
                return response
            assert response.next_request
            response = await self.http.get(response.next_request.url)
        raise AssertionError("There are too many redirects.")

    def leave_providers(self) -> None:
        """Forget where the browser is signed in but at the portal: providers ask for a login again."""
        for each in [each for each in self.http.cookies.jar if each.domain == PROVIDER]:
            self.http.cookies.jar.clear(each.domain, each.path, each.name)

    def cookie(self, name: str) -> str | None:
        """The portal's cookie of a name."""
        return next((each.value for each in self.http.cookies.jar if each.name == name), None)

    async def ask(self, query: str, **variables: Any) -> Any:
        """What /graphql answers a page of the portal's own."""
        body = {"query": query, "variables": variables}
        response = await self.http.post(f"{PORTAL}/graphql", json=body, headers={"Origin": PORTAL})
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def viewer(self) -> Any:
        """Who is signed in."""
        return (await self.ask(VIEWER))["viewer"]

    async def providers(self) -> list[str]:
        """The providers whose identities open the account that is signed in."""
        return [each["provider"] for each in (await self.viewer())["identities"]]


@asynccontextmanager
async def browser_of(application: Starlette) -> AsyncIterator[Browser]:
    """A browser without cookies. The portal answers it in this process, everybody else over the network."""
    portal = httpx.ASGITransport(application, client=(f"2001:db8:{next(NETWORKS):x}::1", 50_000))
    async with httpx.AsyncClient(mounts={PORTAL: portal}, trust_env=False, verify=TRUST) as http:
        yield Browser(http)


def error_in(address: httpx.URL | str) -> str | None:
    """The code that a page is told; None for a sign-in that went well."""
    parts = urlsplit(str(address))
    return parse_qs(parts.query).get("error", [None])[0]


class _Form(HTMLParser):
    """The first form of a page: where it goes, and what is filled in already."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = given.get("action")
        if tag == "input" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""


def form_of(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """The address and the fields of a page's form."""
    form = _Form(page.text)
    assert form.action is not None, page.text
    return str(page.url.join(form.action)), form.fields
