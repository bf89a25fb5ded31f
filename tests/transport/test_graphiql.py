"""The page to write queries in: whole, closed to other hosts, and clear about what it lacks."""

import re
from pathlib import Path

import httpx
import pytest
from graphql import parse
from starlette.applications import Starlette
from starlette.routing import Route

from transport import graphiql

ASSETS_FETCHED = (graphiql.FOLDER / "node_modules").is_dir()
needs_assets = pytest.mark.skipif(not ASSETS_FETCHED, reason="npm was not there to fetch GraphiQL.")


@pytest.fixture
def client() -> httpx.AsyncClient:
    application = Starlette(routes=[Route("/graphql", graphiql.graphiql_page), graphiql.graphiql_assets])
    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://portal")


def addresses(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="([^"]*)"', page)


@needs_assets
async def test_every_file_of_the_page_is_served_by_us(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    local = [address for address in addresses(page.text) if address != "data:,"]
    assert len(local) == len(graphiql.ASSETS)
    for address in local:
        assert address.startswith("/graphiql/")
        answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))


@needs_assets
async def test_the_page_names_no_other_host(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql")
    assert "//" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@needs_assets
async def test_an_example_cannot_leave_its_script_element(client: httpx.AsyncClient) -> None:
    assert "</script" not in graphiql._embedded(["</script><script>alert(1)</script>"])
    assert (await client.get("/graphql")).text.count("</script>") == 5


@pytest.mark.parametrize("name", ["package.json", "page.html", "..%2fpackage.json", "examples", ""])
async def test_nothing_else_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/graphiql/{name}")).status_code == 404


async def test_without_the_files_it_says_how_to_get_them(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "missing.html").write_text((graphiql.FOLDER / "missing.html").read_text())
    monkeypatch.setattr(graphiql, "FOLDER", tmp_path)
    page = await client.get("/graphql")
    assert page.status_code == 503
    assert "npm ci" in page.text
    assert (await client.get("/graphiql/graphiql.js")).status_code == 404


def test_the_examples_are_documents() -> None:
    examples = graphiql._examples()
    assert len(examples) == 4
    for text in examples:
        parse(text)


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (graphiql.FOLDER / "package-lock.json").read_text()
