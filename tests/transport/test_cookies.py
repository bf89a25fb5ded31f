"""A cookie is taken from the portal's own pages only, whatever another site's page has a browser send."""

from collections.abc import AsyncIterator, Iterator, Mapping

import httpx
import psycopg
import pytest

from auth.cookies import NAME
from portal.scratch import ScratchServer
from tests.browsers import CHEAP, ELSEWHERE, ORIGIN, SIGN_OUT, WHO, Browser, browser_of, with_password
from tests.clients import Client, client_of

FRONT = "https://front.example"
OWN = [
    {"Origin": ORIGIN},
    {"Origin": FRONT},
    {"Origin": FRONT, "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]
OTHERS = [
    ELSEWHERE,
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://portal"},
    {"Origin": "https://portal:8443"},
    {"Origin": "https://portal.elsewhere.example"},
    {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {},
]


@pytest.fixture(scope="module")
def url(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """One country for all of them: each signs in anew, and changes nothing else."""
    with scratch.temporary(stage_template.replace("stage", f"cookies_{worker_id}"), stage_template) as url:
        with_password(url, "citizen-1")
        yield url


@pytest.fixture(scope="module")
async def portal(url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    async with client_of(url, tmp_path_factory.mktemp("home"), public_url=FRONT, **CHEAP) as client:
        yield client


@pytest.fixture
async def browser(portal: Client) -> AsyncIterator[Browser]:
    """A browser in which somebody is signed in."""
    async with browser_of(portal) as browser:
        await browser.sign_in("citizen-1@example.org")
        yield browser


@pytest.mark.parametrize("headers", OWN)
async def test_the_portals_own_pages(browser: Browser, headers: Mapping[str, str]) -> None:
    assert (await browser.ask(WHO, headers)).data == {"viewer": {"account": {"code": "citizen-1"}}}


@pytest.mark.parametrize("headers", OTHERS)
async def test_pages_of_other_sites(browser: Browser, url: str, headers: Mapping[str, str]) -> None:
    answer = await browser.ask(SIGN_OUT, headers)
    assert (answer.response.status_code, answer.data) == (403, None)
    assert answer.refusal == ("FORBIDDEN", None)
    read = await browser.http.get("/graphql", params={"query": WHO}, headers=headers)
    assert (read.status_code, "data" in read.json()) == (403, False)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT DISTINCT ended_at FROM session").fetchall() == [(None,)]
    assert browser.secret


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_form_can_send_nothing(browser: Browser, kind: str) -> None:
    """These are the types that a page may send to another site without asking it before."""
    content = b'{"query": "mutation { signOut { endedSessions } }"}'
    response = await browser.http.post("/graphql", content=content, headers={**OWN[0], "Content-Type": kind})
    assert response.status_code == 415


async def test_no_other_site_is_told_that_it_may_ask(browser: Browser) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    response = await browser.http.options("/graphql", headers=asked)
    assert not response.is_success
    assert not any(name.startswith("access-control") for name in response.headers)


async def test_a_token_needs_no_page(browser: Browser) -> None:
    signed_in = await browser.sign_in("citizen-1@example.org", client="APP")
    headers = {"Authorization": f"Bearer {signed_in['accessToken']}", **ELSEWHERE}
    assert (await browser.ask(WHO, headers)).data == {"viewer": {"account": {"code": "citizen-1"}}}


@pytest.mark.parametrize("value", ["", "x", "й", '"', "a=b", "x" * 5000])
async def test_a_cookie_that_is_none_is_nobodys(browser: Browser, value: str) -> None:
    browser.http.cookies.clear()
    headers = httpx.Headers({"Origin": ORIGIN, "Cookie": f"{NAME}={value}"}, encoding="utf-8")
    answer = await browser.ask(WHO, headers)
    assert answer.data == {"viewer": None}
