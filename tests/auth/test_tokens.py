"""A token is good, or the request is refused: a bad one is never taken for nobody."""

import base64
import hmac
import json
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from auth.keys import Keyring
from auth.tokens import ALGORITHM, TYPE, Tokens
from tests.clients import Client
from tests.servers import serving

VIEWER = {"query": "{ viewer { kind } }"}


@pytest.fixture(scope="module")
def account(seeded_url: str) -> str:
    """The code of some account."""
    with psycopg.connect(seeded_url) as connection:
        (code,) = connection.execute("SELECT code FROM account ORDER BY id LIMIT 1").fetchone() or ()
    return str(code)


async def asked(client: Client, authorization: str) -> httpx.Response:
    return await client.http.post("/graphql", json=VIEWER, headers={"Authorization": authorization})


def signed(tokens: Tokens, account: str, key: Any = None, header: dict[str, str] | None = None, **changes: Any) -> str:
    """A token that differs from a good one in what is given; a claim that is None is left out."""
    now = int(time.time())
    claims = {"iss": tokens.issuer, "aud": tokens.audience, "sub": account, "iat": now, "exp": now + 60} | changes
    key = key or tokens.key
    head = {"alg": ALGORITHM, "typ": TYPE, "kid": tokens.key.kid or ""} | (header or {})
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(head, present, key, algorithms=[head["alg"]])


def by_hand(tokens: Tokens, account: str, algorithm: str) -> str:
    """All of a token but its signature."""
    header = {"alg": algorithm, "typ": TYPE, "kid": tokens.key.kid}
    claims = {"iss": tokens.issuer, "aud": tokens.audience, "sub": account, "exp": int(time.time()) + 60}
    return ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


async def test_no_token_is_nobody(client: Client) -> None:
    response = await client.http.post("/graphql", json=VIEWER)
    assert (response.status_code, response.json()) == (200, {"data": {"viewer": None}})


async def test_a_good_token_is_its_account(client: Client, account: str) -> None:
    response = await asked(client, f"Bearer {signed(client.tokens, account)}")
    assert response.status_code == 200
    assert response.json()["data"]["viewer"] is not None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"key": ECKey.generate_key("P-256")}, id="another key"),
        pytest.param({"header": {"typ": "JWT"}}, id="another type"),
        pytest.param({"header": {"kid": "unknown"}}, id="an unknown key id"),
        pytest.param({"exp": int(time.time()) - 31}, id="expired"),
        pytest.param({"exp": None}, id="without an end"),
        pytest.param({"nbf": int(time.time()) + 86_400}, id="not good yet"),
        pytest.param({"iat": int(time.time()) + 86_400}, id="issued in the future"),
        pytest.param({"aud": "another-portal"}, id="another audience"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"iss": "another-issuer"}, id="another issuer"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"sub": None}, id="nobody's"),
        pytest.param({"sub": "nobody-there"}, id="an unknown account"),
        pytest.param({"sub": "nobody\0there"}, id="an account with a NUL"),
        pytest.param({"sub": ["a", "b"]}, id="several accounts"),
        pytest.param({"client_id": 7}, id="a client that is no text"),
        pytest.param({"scope": ["a"]}, id="scopes that are no text"),
    ],
)
async def test_a_token_that_is_not_good(client: Client, account: str, changes: dict[str, Any]) -> None:
    response = await asked(client, f"Bearer {signed(client.tokens, account, **changes)}")
    assert refused(response)


async def test_a_token_that_says_it_needs_no_signature(client: Client, account: str) -> None:
    assert refused(await asked(client, f"Bearer {by_hand(client.tokens, account, 'none')}."))


async def test_a_token_signed_with_what_everybody_may_know(client: Client, account: str) -> None:
    """The public key, used as if it were a shared secret."""
    token = by_hand(client.tokens, account, "HS256")
    signature = hmac.digest(client.tokens.key.as_pem(private=False), token.encode(), "sha256")
    assert refused(await asked(client, f"Bearer {token}.{encoded(signature)}"))


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer garbage",
        "Bearer a.b.c",
        "Bearer W10.W10.W10",
        "Bearer bnVsbA.bnVsbA.bnVsbA",
        "Bearer ..",
        "Bearer ....",
        "Bearer \xff",
        "Basic dXNlcjpwYXNzd29yZA==",
        "Token abc",
    ],
)
async def test_a_header_that_is_no_token(client: Client, authorization: str) -> None:
    headers = {b"Authorization": authorization.encode("latin-1")}
    assert refused(await client.http.post("/graphql", json=VIEWER, headers=headers))


async def test_a_token_that_somebody_has_changed(client: Client, account: str) -> None:
    header, claims, signature = signed(client.tokens, account).split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"sub": "user-000002"}
    forged = encoded(json.dumps(changed).encode())
    assert refused(await asked(client, f"Bearer {header}.{forged}.{signature}"))


def refused(response: httpx.Response) -> bool:
    """Whether the whole request was, in the way that clients of OAuth 2 understand."""
    body = response.json()
    return (
        response.status_code == 401
        and response.headers["www-authenticate"].startswith("Bearer")
        and [error["extensions"]["code"] for error in body["errors"]] == ["UNAUTHENTICATED"]
        and "data" not in body
    )


@pytest.mark.parametrize("changes", [{"exp": -20}, {"nbf": 20}, {"iat": 20}], ids=str)
async def test_clocks_may_differ_by_half_a_minute(client: Client, account: str, changes: dict[str, int]) -> None:
    moved: dict[str, Any] = {name: int(time.time()) + seconds for name, seconds in changes.items()}
    token = signed(client.tokens, account, **moved)
    assert (await asked(client, f"Bearer {token}")).status_code == 200


async def test_an_expired_token_is_called_so(client: Client, account: str) -> None:
    token = signed(client.tokens, account, exp=int(time.time()) - 60)
    response = await asked(client, f"Bearer {token}")
    assert response.json()["errors"][0]["message"] == "The access token has expired."


def test_another_process_with_the_same_keys_accepts_it(seeded_url: str, account: str, tmp_path: Path) -> None:
    token = Tokens(Keyring(tmp_path / "keys")).issue(account, 60)
    with serving(seeded_url, tmp_path) as server:
        headers = {"Authorization": f"Bearer {token}"}
        response = httpx.post(f"{server.address}/graphql", json=VIEWER, headers=headers)
    assert response.json()["data"]["viewer"] is not None
