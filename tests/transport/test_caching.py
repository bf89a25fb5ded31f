"""GET of persisted documents: what caches may keep, and 304 without executing while nothing has changed."""

from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest

from engine.documents.documents import Documents
from engine.documents.freshness import Hint
from schema.freshness import HINTS
from schema.schema import executable
from tests.clients import Client, client_of
from transport.caching import SNAPSHOT, Caching
from transport.persisted import digest_of

RATING = '{ organization(by: {code: "BY-GOV"}) { code rating(scope: SUBTREE) { submissions } } }'
SPHERES = "{ spheres { code name } }"
SCHEMA = executable()
DOCUMENTS = Documents(SCHEMA, hints=HINTS)


async def asked(client: Client, text: str, **headers: str) -> httpx.Response:
    """The answer to a GET of a document that is registered before."""
    named = {"version": 1, "sha256Hash": digest_of(text)}
    await client.http.post("/graphql", json={"query": text, "extensions": {"persistedQuery": named}})
    client.statements.clear()
    return await client.http.get("/graphql", params={"documentId": digest_of(text)}, headers=headers)


async def test_what_is_still_the_same_is_not_executed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_the_clock(monkeypatch)
    # A snapshot is that of the whole server, on which others may just have committed: then it is asked again.
    for _ in range(500):
        first = await asked(client, RATING)
        assert (first.status_code, first.headers["cache-control"]) == (200, "public, max-age=0, must-revalidate")
        again = await asked(client, RATING, **{"If-None-Match": first.headers["etag"]})
        if again.status_code == 304:
            break
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == first.headers["vary"]
    assert client.statements == [SNAPSHOT]


@pytest.mark.parametrize("given", ['"of another"', "", '"a", "b"'])
async def test_another_answer_is_sent(client: Client, given: str) -> None:
    assert (await asked(client, RATING, **{"If-None-Match": given})).status_code == 200


async def test_a_change_ends_it(clone_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_the_clock(monkeypatch)
    async with client_of(clone_url, tmp_path) as client:
        first = await asked(client, SPHERES)
        with psycopg.connect(clone_url) as connection:
            connection.execute("UPDATE sphere SET name_ru = name_ru || '!'")
        again = await asked(client, SPHERES, **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200
    assert all(each["name"].endswith("!") for each in again.json()["data"]["spheres"])


async def test_the_clock_ends_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_the_clock(monkeypatch, 1000.0)
    first = await asked(client, SPHERES)
    hold_the_clock(monkeypatch, 1010.0)
    assert (await asked(client, SPHERES, **{"If-None-Match": first.headers["etag"]})).status_code == 200


async def test_each_has_an_answer_of_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_the_clock(monkeypatch)
    one, other = (f"Bearer {client.token_for(code)}" for code in ("user-000100", "user-000101"))
    seen = [
        await asked(client, SPHERES, **headers)
        for headers in ({}, {"Accept-Language": "be"}, {"Authorization": one}, {"Authorization": other})
    ]
    assert len({each.headers["etag"] for each in seen}) == 4
    controls = [each.headers.get_list("cache-control") for each in seen]
    assert controls == [["public, max-age=300"]] * 2 + [["private, max-age=300"]] * 2


async def test_what_has_errors_is_kept_by_nobody(client: Client) -> None:
    answer = await asked(client, "{ organizations(first: 1000) { nodes { code } } }")
    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", False)


async def test_a_budget_is_kept_by_nobody(client: Client) -> None:
    answer = await asked(client, "{ rateLimit { cost } }")
    assert (answer.status_code, answer.headers["cache-control"], "etag" in answer.headers) == (200, "no-store", False)


async def test_a_document_that_is_sent_has_no_name(client: Client) -> None:
    answer = await client.http.get("/graphql", params={"query": SPHERES})
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{ spheres { code } }", Hint(300)),
        ("{ spheres { code } criteria { code } }", Hint(300)),
        ("{ spheres { code } ranking { totalCount } }", Hint(0)),
        ("{ ...S } fragment S on Query { spheres { code } summary { organizations } }", Hint(0)),
        ("{ ... @include(if: true) { spheres { code } } __typename }", Hint(300)),
        ("{ viewer { kind } spheres { code } }", Hint(0, private=True)),
        ('{ organization(by: {code: "A"}) { eligibility { allowed } } }', Hint(0, private=True)),
        (
            '{ organization(by: {code: "A"}) { ...E } } fragment E on Organization { eligibility { allowed } }',
            Hint(0, private=True),
        ),
        ("{ spheres { code } rateLimit { cost } }", Hint(0, private=True, fleeting=True)),
        ("{ __schema { types { name } } spheres { code } }", Hint(0)),
        ("{ __typename }", Hint()),
    ],
)
def test_the_strictest_field_decides(text: str, hint: Hint) -> None:
    document = DOCUMENTS.read(text)
    operation = document.operation(None)
    assert operation
    assert document.hint(operation) == hint


def test_what_is_hinted_is_in_the_schema() -> None:
    for name in HINTS:
        parent, _, field = name.partition(".")
        assert field in SCHEMA.type_map[parent].fields, name  # type: ignore[attr-defined]


def hold_the_clock(monkeypatch: pytest.MonkeyPatch, now: float = 1000.0) -> None:
    """Names are good for ten seconds at most: let these not end in the middle of a test."""
    monkeypatch.setattr(Caching, "tag", _at(now))


TAG = Caching.tag


def _at(now: float) -> object:
    return lambda self, *decides: TAG(replace(self, clock=lambda: now), *decides)
