"""What others verify tokens by, as they ask for it."""

import subprocess
import sys
from pathlib import Path

import httpx

from auth.keys import Keyring
from auth.tokens import Tokens
from tests.clients import Client, client_of
from tests.servers import serving

JWKS = "/.well-known/jwks.json"
METADATA = "/.well-known/oauth-authorization-server"

# Another system, which knows nothing of the portal but the address of its keys, and has a library of its own.
STRANGER = """
import sys, httpx
from joserfc import jwt
from joserfc.jwk import KeySet
keys = KeySet.import_key_set(httpx.get(sys.argv[1] + "/.well-known/jwks.json").json())
told = jwt.decode(sys.argv[2], keys, algorithms=["ES256"]).claims
jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": sys.argv[3]}, aud={"essential": True, "value": "rating-portal"}
).validate(told)
print(told["sub"])
"""


async def test_the_keys_are_told_to_be_kept_for_some_minutes(client: Client) -> None:
    answer = await client.http.get(JWKS)
    assert answer.json() == client.tokens.keys.published
    assert answer.headers["content-type"] == "application/jwk-set+json"
    assert answer.headers["cache-control"] == "public, max-age=300"
    again = await client.http.get(JWKS, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_tag_of_the_keys_changes_with_them(seeded_url: str, tmp_path: Path) -> None:
    async with client_of(seeded_url, tmp_path) as client:
        tag = (await client.http.get(JWKS)).headers["etag"]
        client.tokens.keys.rotate()
        client.tokens.keys.rotate()
        # The server's own keyring looks again after a second, or at once for a token of a key that it does not know.
        answer = await client.query("{ viewer { kind } }", token=client.token_for("user-000001"))
        assert not answer.errors
        later = await client.http.get(JWKS, headers={"If-None-Match": tag})
    assert later.status_code == 200
    assert str(client.tokens.key.kid) in [key["kid"] for key in later.json()["keys"]]


async def test_the_issuer_tells_where_everything_is(seeded_url: str, tmp_path: Path) -> None:
    issuer = "https://ratings.example/portal"
    async with client_of(seeded_url, tmp_path, issuer=issuer) as client:
        for path in (METADATA, METADATA + "/portal"):
            told = (await client.http.get(path)).json()
            assert told["issuer"] == issuer
            assert told["jwks_uri"] == issuer + JWKS


def test_another_process_verifies_by_the_keys_alone(seeded_url: str, tmp_path: Path) -> None:
    """Over HTTP, and also a token of a key that another server has just rotated."""
    tokens = Tokens(Keyring(tmp_path / "keys"))
    with serving(seeded_url, tmp_path) as server:
        tokens.keys.rotate()
        token = tokens.issue("user-000001", 60)
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.post(f"{server.address}/graphql", json={"query": "{ viewer { kind } }"}, headers=headers)
        assert answer.json()["data"]["viewer"] is not None
        command = [sys.executable, "-c", STRANGER, server.address, token, tokens.issuer]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "user-000001\n"
