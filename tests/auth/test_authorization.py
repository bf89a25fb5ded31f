"""The authorization server: who is given a token, for what, and what ends one."""

import base64
import hmac
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import text

from auth import authenticator, memories
from auth.authenticator import Authenticator
from auth.authorization import LIFE
from models.audit import Actor
from models.database import Database
from portal.scratch import ScratchServer
from resolvers.systems import registering
from tests.clients import Client, client_of
from tests.systems import EVERYTHING, System, basic, registered, writing

WHO = {"query": "{ viewer { kind } }"}
KEY = ECKey.generate_key("P-256", auto_kid=True)


@pytest.fixture(scope="module")
async def system(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """A client by its secret, in one country for all tests here; each test registers what it changes."""
    with scratch.temporary(stage_template.replace("stage", f"authorization_{worker_id}"), stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            yield await registered(client, url, "by-secret", EVERYTHING[:2])


@pytest.fixture(scope="module")
async def signer(system: System) -> System:
    """A client by its key."""
    return await registered(system.client, system.url, "by-key", key=KEY)


async def asked(client: Client, token: str) -> httpx.Response:
    return await client.http.post("/graphql", json=WHO, headers={"Authorization": f"Bearer {token}"})


@asynccontextmanager
async def knowing(system: System, clock: Callable[[], float]) -> AsyncIterator[tuple[Authenticator, list[str]]]:
    """An authenticator with a clock of its own, and what it asks the database."""
    asked: list[str] = []

    def listen(statement: str) -> None:
        if "FROM client" in statement:
            asked.append(statement)

    database = Database(system.url, size=1, listen=listen)
    await database.open()
    try:
        yield Authenticator(system.client.tokens, database, clock), asked
    finally:
        await database.close()


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def refused(answer: httpx.Response, error: str = "invalid_client") -> bool:
    """Whether no token was given, and why."""
    return answer.status_code in (400, 401) and answer.json()["error"] == error


async def test_a_secret_gets_a_token_of_its_client(system: System) -> None:
    answer = await system.grant()
    told = answer.json()
    claims = jwt.decode(told["access_token"], system.client.tokens.key).claims
    assert (told["token_type"], told["expires_in"], told["scope"]) == (
        "Bearer",
        LIFE,
        "invitations:write submissions:write",
    )
    assert (claims["sub"], claims["client_id"], claims["scope"]) == ("by-secret", "by-secret", told["scope"])
    assert (claims["iss"], claims["aud"]) == (system.client.tokens.issuer, system.client.tokens.audience)
    assert claims["exp"] - claims["iat"] == LIFE
    assert claims["jti"]
    assert answer.headers["cache-control"] == "no-store"


async def test_a_secret_in_the_form_does_as_well(system: System) -> None:
    form = {"grant_type": "client_credentials", "client_id": "by-secret", "client_secret": system.secret}
    answer = await system.client.http.post("/oauth/token", data=form)
    assert (await asked(system.client, answer.json()["access_token"])).status_code == 200


async def test_a_key_gets_a_token_of_its_client(signer: System) -> None:
    assert (await asked(signer.client, await signer.token())).json() == {"data": {"viewer": None}}


async def test_a_token_is_for_as_little_as_is_asked(system: System) -> None:
    answer = await system.grant(scope="submissions:write")
    assert answer.json()["scope"] == "submissions:write"
    assert refused(await system.grant(scope="submissions:write tokens:introspect"), "invalid_scope")
    assert refused(await system.grant(scope="everything"), "invalid_scope")


@pytest.mark.parametrize(
    ("authorization", "form"),
    [
        pytest.param(basic("by-secret", "wrong"), {}, id="another secret"),
        pytest.param(basic("nobody", "wrong"), {}, id="no such client"),
        pytest.param(basic("by-key", ""), {}, id="no secret"),
        pytest.param("Basic garbage", {}, id="garbage"),
        pytest.param("", {"client_id": "by-secret"}, id="nothing but a name"),
        pytest.param("", {"client_id": "nul\0", "client_secret": "x"}, id="a name with a NUL"),
    ],
)
async def test_who_does_not_prove_itself_gets_none(system: System, authorization: str, form: dict[str, str]) -> None:
    sent = {"grant_type": "client_credentials"} | form
    headers = {"Authorization": authorization} if authorization else {}
    assert refused(await system.client.http.post("/oauth/token", data=sent, headers=headers))


async def test_a_client_with_a_key_has_no_secret_and_the_other_way_round(system: System, signer: System) -> None:
    form = {"grant_type": "client_credentials"}
    wrong = {"Authorization": basic("by-key", system.secret)}
    assert refused(await system.client.http.post("/oauth/token", data=form, headers=wrong))
    assert refused(await replace(system, key=KEY).grant())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"aud": "https://another.example/oauth/token"}, id="another audience"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"iss": "another"}, id="another issuer"),
        pytest.param({"exp": int(time.time()) - 60}, id="expired"),
        pytest.param({"exp": None}, id="without an end"),
        pytest.param({"exp": 10**20}, id="an end that no clock has"),
        pytest.param({"exp": 1e300}, id="an end that no number has"),
        pytest.param({"exp": True}, id="an end that is no number"),
        pytest.param({"nbf": "now"}, id="a beginning that is no number"),
        pytest.param({"sub": ["by-key"]}, id="several clients"),
        pytest.param({"exp": int(time.time()) + 86_400}, id="good for too long"),
        pytest.param({"nbf": int(time.time()) + 86_400}, id="not good yet"),
        pytest.param({"jti": None}, id="without a number"),
        pytest.param({"jti": 7}, id="a number that is no text"),
        pytest.param({"sub": "nobody", "iss": "nobody"}, id="no such client"),
    ],
)
async def test_an_assertion_that_is_not_good(signer: System, changes: dict[str, Any]) -> None:
    assert refused(await signer.grant(client_assertion=signer.assertion(**changes)))


async def test_an_assertion_is_good_for_once(signer: System) -> None:
    used = signer.assertion()
    assert (await signer.grant(client_assertion=used)).status_code == 200
    assert refused(await signer.grant(client_assertion=used))


async def test_an_assertion_by_another_key_proves_nothing(signer: System) -> None:
    other = ECKey.import_key({**ECKey.generate_key("P-256").as_dict(private=True), "kid": str(KEY.kid)})
    assert refused(await signer.grant(client_assertion=replace(signer, key=other).assertion()))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_an_assertion_that_everybody_could_make(signer: System, algorithm: str) -> None:
    """By no key, or by the public one taken for a shared secret."""
    _, claims, _ = signer.assertion().split(".")
    header = encoded(orjson.dumps({"alg": algorithm, "kid": KEY.kid}))
    signature = hmac.digest(KEY.as_pem(private=False), f"{header}.{claims}".encode(), "sha256")
    ending = encoded(signature) if algorithm == "HS256" else ""
    assert refused(await signer.grant(client_assertion=f"{header}.{claims}.{ending}"))


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", ""])
async def test_there_is_one_grant(system: System, grant: str) -> None:
    answer = await system.post("token", grant_type=grant, username="a", password="b")  # noqa: S106 - no secret
    assert refused(answer, "unsupported_grant_type")


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (b'{"grant_type": "client_credentials"}', "application/json"),
        (b"grant_type=client_credentials&grant_type=client_credentials", "application/x-www-form-urlencoded"),
        (b"grant_type=\xff", "application/x-www-form-urlencoded"),
        (b"a=" + b"b" * 70_000, "application/x-www-form-urlencoded"),
    ],
    ids=["json", "twice", "not UTF-8", "too long"],
)
async def test_what_is_no_form(system: System, content: bytes, type_: str) -> None:
    headers = {"Content-Type": type_, "Authorization": basic("by-secret", system.secret)}
    answer = await system.client.http.post("/oauth/token", content=content, headers=headers)
    assert refused(answer, "invalid_request")


async def test_a_good_token_is_told_to_whom_it_is_and_to_who_may_know(system: System, signer: System) -> None:
    token = await system.token(scope="submissions:write")
    for client in (system, signer):
        told = (await client.post("introspect", token=token)).json()
        assert told["active"] is True
        assert (told["client_id"], told["scope"]) == ("by-secret", "submissions:write")
    another = await signer.token()
    assert (await system.post("introspect", token=another)).json() == {"active": False}
    citizens = system.client.token_for("citizen-1")
    assert (await system.post("introspect", token=citizens)).json() == {"active": False}
    assert (await signer.post("introspect", token=citizens)).json()["sub"] == "citizen-1"


async def test_what_is_not_good_is_told_to_be_no_token(signer: System) -> None:
    gone = signer.client.token_for("nobody-there")
    expired = signer.client.tokens.issue("citizen-1", -60)
    for token in (gone, expired, "garbage", "a.b.c"):
        assert (await signer.post("introspect", token=token)).json() == {"active": False}


async def test_who_does_not_prove_itself_learns_nothing(system: System) -> None:
    token = await system.token()
    for path in ("introspect", "revoke"):
        answer = await system.client.http.post(f"/oauth/{path}", data={"token": token})
        assert refused(answer)
    assert (await asked(system.client, token)).status_code == 200


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five seconds have always passed."""
    monkeypatch.setattr(authenticator, "FRESH_SECONDS", 0.0)


@pytest.mark.usefixtures("impatient")
async def test_a_revoked_token_is_good_no_more(system: System) -> None:
    token, other = await system.token(), await system.token()
    assert (await asked(system.client, token)).status_code == 200
    assert (await system.post("revoke", token=token)).status_code == 200
    assert (await asked(system.client, token)).status_code == 401
    assert (await system.post("introspect", token=token)).json() == {"active": False}
    assert (await asked(system.client, other)).status_code == 200
    assert (await system.post("revoke", token=token)).status_code == 200


async def test_nobody_revokes_anothers_token(system: System, signer: System) -> None:
    token = await system.token()
    assert refused(await signer.post("revoke", token=token), "invalid_grant")
    assert (await asked(system.client, token)).status_code == 200
    assert (await signer.post("revoke", token="garbage")).status_code == 200  # noqa: S106 - no secret


@pytest.mark.usefixtures("impatient")
async def test_a_revoked_client_is_nobody(system: System) -> None:
    client = await registered(system.client, system.url, "to-revoke")
    token = await client.token()
    assert (await asked(client.client, token)).status_code == 200
    async with writing(system.url) as connection:
        await registering.revoke(connection, Actor(), "to-revoke")
    answer = await asked(client.client, token)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert refused(await client.grant())


async def test_a_revocation_counts_within_five_seconds(system: System) -> None:
    """What is known of a token is believed for so long, and looked up again then."""
    assert authenticator.FRESH_SECONDS <= 5
    client, now = await registered(system.client, system.url, "to-forget"), [0.0]
    token = f"Bearer {await client.token()}"
    async with knowing(system, lambda: now[0]) as (knows, lookups):
        for moment, looked_up in ((0.0, 1), (4.9, 1), (5.0, 2), (9.9, 2), (10.0, 3)):
            now[0] = moment
            await knows.caller(token)
            assert len(lookups) == looked_up


async def test_a_secret_that_was_rotated_is_good_no_more(system: System) -> None:
    client = await registered(system.client, system.url, "to-renew")
    async with writing(system.url) as connection:
        given = await registering.renew(connection, Actor(), "to-renew")
    assert refused(await client.grant())
    assert (await replace(client, secret=given.secret or "").grant()).status_code == 200


async def test_no_secret_is_kept(system: System) -> None:
    client = await registered(system.client, system.url, "to-read")
    async with writing(system.url) as connection:
        row = (await connection.execute(text("SELECT client::text FROM client WHERE code = 'to-read'"))).scalar_one()
    assert client.secret not in row
    assert client.secret.encode().hex() not in row


async def test_how_many_tokens_are_remembered_is_bounded(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memories, "MOST", 2)
    tokens = [f"Bearer {await system.token()}" for _ in range(3)]
    async with knowing(system, lambda: 0.0) as (knows, lookups):
        for token in (*tokens, tokens[2]):
            await knows.caller(token)
        assert len(lookups) == 3
        await knows.caller(tokens[0])
        assert len(lookups) == 4


async def test_the_server_tells_where_it_is_and_what_it_speaks(system: System) -> None:
    told = (await system.client.http.get("/.well-known/oauth-authorization-server")).json()
    issuer = system.client.tokens.issuer
    assert told["token_endpoint"] == f"{issuer}/oauth/token"
    assert told["grant_types_supported"] == ["client_credentials"]
    assert set(told["token_endpoint_auth_methods_supported"]) == {
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
    }
    assert set(EVERYTHING) == set(told["scopes_supported"])
