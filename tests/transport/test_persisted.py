"""Documents that are named by their digests: trusted ones, and those that clients have registered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from portal.settings import Settings
from tests.clients import Answer, Client, client_of
from tests.redis import serving_redis
from transport.persisted import InMemory, InRedis, digest_of

SPHERES = "{ spheres { code } }"
OTHER = "{ areas { code } }"
CHANGE = "mutation { signOut { __typename } }"


def persisted(text: str, **more: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest_of(text)}}, **more}


async def post(client: Client, body: dict[str, Any], accept: str = "application/json") -> Answer:
    return Answer(await client.http.post("/graphql", json=body, headers={"Accept": accept}))


def manifest(folder: Path, *texts: str) -> str:
    path = folder / "documents.json"
    path.write_text(json.dumps({digest_of(text): text for text in texts}))
    return str(path)


# --- automatic persisted queries ---


async def test_a_text_is_registered_once_and_named_from_then_on(client: Client) -> None:
    text = "{ spheres { code name } } # registered"
    unknown = await post(client, persisted(text))
    assert (unknown.refusal, unknown.errors[0]["message"]) == (
        ("PERSISTED_QUERY_NOT_FOUND", None),
        "PersistedQueryNotFound",
    )
    first = await post(client, persisted(text, query=text))
    again = await post(client, persisted(text))
    named = await post(client, {"documentId": f"sha256:{digest_of(text)}"})
    assert first.data == again.data == named.data != {}


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), ("application/graphql-response+json", 400)])
async def test_an_unknown_digest_is_a_request_that_is_not_executed(client: Client, accept: str, status: int) -> None:
    assert (await post(client, persisted("{ never }"), accept)).response.status_code == status


async def test_a_digest_of_another_text_registers_nothing(client: Client) -> None:
    assert (await post(client, persisted("{ one }", query=SPHERES))).refusal == ("PERSISTED_QUERY_MISMATCH", None)
    assert (await post(client, persisted("{ one }"))).refusal == ("PERSISTED_QUERY_NOT_FOUND", None)


async def test_what_is_not_valid_is_not_registered(client: Client) -> None:
    text = "{ nothingOfTheKind }"
    assert (await post(client, persisted(text, query=text))).refusal == ("GRAPHQL_VALIDATION_FAILED", None)
    assert (await post(client, persisted(text))).refusal == ("PERSISTED_QUERY_NOT_FOUND", None)


@pytest.mark.parametrize(
    "body",
    [
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": digest_of(SPHERES)}}},
        {"extensions": {"persistedQuery": "x"}},
        {"extensions": {"persistedQuery": {"version": 1}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "abc"}}},
        {"documentId": 7},
        {"documentId": f"md5:{digest_of(SPHERES)}"},
        {"documentId": digest_of(SPHERES), "query": 7},
    ],
)
async def test_what_names_no_document(client: Client, body: dict[str, Any]) -> None:
    answer = await post(client, body)
    assert (answer.response.status_code, answer.refusal) == (400, ("BAD_REQUEST", None))


async def test_a_change_is_made_by_no_get_whichever_way_it_is_named(client: Client) -> None:
    await post(client, persisted(CHANGE, query=CHANGE))
    response = await client.http.get("/graphql", params={"documentId": digest_of(CHANGE)})
    assert response.status_code == 405


# --- trusted documents ---


async def test_only_trusted_documents_are_answered(seeded_url: str, tmp_path: Path) -> None:
    documents = manifest(tmp_path, SPHERES)
    async with client_of(seeded_url, tmp_path, documents=documents, documents_only=True) as client:
        for body in ({"query": SPHERES}, persisted(SPHERES), persisted(SPHERES, query=SPHERES)):
            assert (await post(client, body)).data["spheres"]
        client.statements.clear()
        refused = await post(client, {"query": OTHER})
        assert (refused.response.status_code, refused.refusal) == (403, ("DOCUMENT_NOT_TRUSTED", None))
        for body in (persisted(OTHER), persisted(OTHER, query=OTHER), {"documentId": digest_of(OTHER)}):
            assert (await post(client, body)).refusal == ("PERSISTED_QUERY_NOT_SUPPORTED", None)
        assert not client.statements


async def test_trusted_documents_may_stand_beside_all_others(seeded_url: str, tmp_path: Path) -> None:
    async with client_of(seeded_url, tmp_path, documents=manifest(tmp_path, SPHERES)) as client:
        assert (await post(client, {"documentId": digest_of(SPHERES)})).data["spheres"]
        assert (await post(client, {"query": OTHER})).data["areas"]


def test_apollos_manifest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    operation = {"id": digest_of(SPHERES), "name": "Spheres", "type": "query", "body": SPHERES}
    path.write_text(json.dumps({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]}))
    assert Settings(database_url="", documents=str(path)).documents == str(path)


@pytest.mark.parametrize("given", [[], {"abc": SPHERES}, {digest_of(SPHERES): OTHER}, {digest_of(SPHERES): 7}])
def test_a_file_whose_digests_are_not_its_texts_is_refused_at_the_start(tmp_path: Path, given: Any) -> None:
    path = tmp_path / "documents.json"
    path.write_text(json.dumps(given))
    with pytest.raises(ValidationError):
        Settings(database_url="", documents=str(path))


# --- several processes ---


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


async def test_what_is_registered_with_one_process_is_known_to_others(redis_url: str) -> None:
    one, other, alone = InRedis(redis_url), InRedis(redis_url), InMemory()
    try:
        await one.put(digest_of(SPHERES), SPHERES)
        assert await other.get(digest_of(SPHERES)) == SPHERES
        assert await other.get(digest_of(OTHER)) is None
        assert await alone.get(digest_of(SPHERES)) is None
    finally:
        await one.close()
        await other.close()
