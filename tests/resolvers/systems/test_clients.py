"""Clients: registered, changed and revoked by operators alone, each change with its event."""

import base64
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, LiteralString

import orjson
import psycopg
import pytest
from joserfc.jwk import ECKey, OctKey

from portal.scratch import ScratchServer
from tests.citizens import PROBLEM, Citizen, result
from tests.clients import client_of
from tests.digests import digests
from tests.officials import Official, appointed
from tests.systems import basic

CLIENT = """client { id code name scopes hasSecret organization { code } hierarchy sphere { code }
    registeredAt revokedAt }"""
REGISTER = f"""mutation($input: RegisterClientInput!) {{ registerClient(input: $input) {{
    __typename {PROBLEM} ... on RegisterClientPayload {{ secret {CLIENT} }} }} }}"""
CHANGE = f"""mutation($input: ChangeClientInput!) {{ changeClient(input: $input) {{
    __typename {PROBLEM} ... on ChangeClientPayload {{ {CLIENT} }} }} }}"""
ROTATE = f"""mutation($input: RotateClientSecretInput!) {{ rotateClientSecret(input: $input) {{
    __typename {PROBLEM} ... on RotateClientSecretPayload {{ secret {CLIENT} }} }} }}"""
REVOKE = f"""mutation($input: RevokeClientInput!) {{ revokeClient(input: $input) {{
    __typename {PROBLEM} ... on RevokeClientPayload {{ {CLIENT} }} }} }}"""
CLIENTS = "{ clients { totalCount nodes { code name } } }"
TRAIL: LiteralString = """SELECT account.code, action::text, details FROM audit_event
    LEFT JOIN account ON account.id = account_id WHERE subject = 'CLIENT' AND details ->> 'code' = %s ORDER BY audit_event.id"""
KEY = ECKey.generate_key("P-256", auto_kid=True)
KEYS = orjson.dumps({"keys": [KEY.as_dict(private=False)]}).decode()


@pytest.fixture(scope="module")
async def operator(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Official]:
    """One for all tests, each of which registers clients of its own."""
    with scratch.temporary(stage_template.replace("stage", f"clients_{worker_id}"), stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            yield appointed(Citizen(client, url, "citizen-9"), "citizen-20", "OPERATOR", "MINISTRY")


def terms(code: str, **changes: Any) -> dict[str, Any]:
    return {"code": code, "name": "One-stop shops", "scopes": ["submissions:write"]} | changes


async def registered(operator: Official, code: str, **changes: Any) -> Any:
    return result(await operator.ask(REGISTER, input=terms(code, **changes)))


def trail(operator: Official, code: str) -> list[Any]:
    with psycopg.connect(operator.url) as connection:
        return connection.execute(TRAIL, [code]).fetchall()


async def test_a_client_is_given_a_secret_once(operator: Official) -> None:
    bounds = {"organization": {"code": "REGION"}, "hierarchy": "SUBORDINATION", "sphere": "HEALTH"}
    made = await registered(operator, "first", scopes=["submissions:write", "invitations:write"], **bounds)
    assert len(made["secret"]) == 43
    told = made["client"]
    assert told["scopes"] == ["invitations:write", "submissions:write"]
    assert (told["organization"], told["hierarchy"]) == ({"code": "REGION"}, "SUBORDINATION")
    assert (told["sphere"], told["hasSecret"], told["revokedAt"]) == ({"code": "HEALTH"}, True, None)
    form = {"grant_type": "client_credentials"}
    headers = {"Authorization": basic("first", made["secret"])}
    assert (await operator.client.http.post("/oauth/token", data=form, headers=headers)).status_code == 200
    listed = await operator.ask(CLIENTS)
    assert "first" in [each["code"] for each in listed.data["clients"]["nodes"]]
    details = {"name": "One-stop shops", "scopes": "invitations:write submissions:write", "sphere": "HEALTH"}
    details |= {"code": "first", "organization": "REGION", "hierarchy": "SUBORDINATION"}
    assert trail(operator, "first") == [("citizen-20", "CLIENT_REGISTERED", details)]


async def test_a_client_with_keys_has_no_secret(operator: Official) -> None:
    made = await registered(operator, "keyed", jwks=KEYS)
    assert (made["secret"], made["client"]["hasSecret"]) == (None, False)
    refused = result(await operator.ask(ROTATE, input={"client": "keyed"}))
    assert (refused["__typename"], refused["code"]) == ("ConflictProblem", "CLIENT_HAS_KEYS")


async def test_a_change_says_all_that_a_client_is_from_now_on(operator: Official) -> None:
    await registered(operator, "changed", organization={"code": "REGION"}, sphere="HEALTH")
    wanted = {"client": "changed", "name": "Another", "scopes": ["invitations:write"]}
    told = result(await operator.ask(CHANGE, input=wanted))["client"]
    assert (told["name"], told["scopes"], told["organization"]) == ("Another", ["invitations:write"], None)
    assert (told["hierarchy"], told["sphere"], told["hasSecret"]) == (None, None, True)
    told = result(await operator.ask(CHANGE, input=wanted | {"jwks": KEYS}))["client"]
    assert told["hasSecret"] is False
    assert [action for _, action, _ in trail(operator, "changed")] == ["CLIENT_REGISTERED", *["CLIENT_CHANGED"] * 2]


async def test_a_secret_is_rotated_and_a_client_revoked_for_good(operator: Official) -> None:
    first = await registered(operator, "ended")
    second = result(await operator.ask(ROTATE, input={"client": "ended"}))
    assert first["secret"] != second["secret"]
    ended = result(await operator.ask(REVOKE, input={"client": "ended"}))
    assert ended["client"]["revokedAt"]
    assert result(await operator.ask(REVOKE, input={"client": "ended"})) == ended
    events = ["CLIENT_REGISTERED", "CLIENT_SECRET_ROTATED", "CLIENT_REVOKED"]
    assert [action for _, action, _ in trail(operator, "ended")] == events
    for operation, given in (
        (CHANGE, {"client": "ended", "name": "x", "scopes": ["submissions:write"]}),
        (ROTATE, {"client": "ended"}),
    ):
        refused = result(await operator.ask(operation, input=given))
        assert (refused["__typename"], refused["code"]) == ("ConflictProblem", "CLIENT_REVOKED")
    assert (await registered(operator, "ended"))["code"] == "CODE_TAKEN"


PRIVATE = orjson.dumps({"keys": [KEY.as_dict(private=True)]}).decode()
SHARED = orjson.dumps({"keys": [OctKey.generate_key(256, auto_kid=True).as_dict(private=True)]}).decode()

# 1,024 bits: more than somebody has factored, less than anybody should rely on.
MODULUS = base64.urlsafe_b64encode((2**1023 + 1155).to_bytes(128, "big")).rstrip(b"=").decode()
WEAK = orjson.dumps({"keys": [{"kty": "RSA", "kid": "a", "n": MODULUS, "e": "AQAB"}]}).decode()


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"code": "a:b"}, "CODE_INVALID", ["input", "code"]),
        ({"code": "portal"}, "CODE_INVALID", ["input", "code"]),
        ({"code": "x" * 65}, "TEXT_TOO_LONG", ["input", "code"]),
        ({"name": " "}, "TEXT_BLANK", ["input", "name"]),
        ({"scopes": []}, "SCOPE_MISSING", ["input", "scopes"]),
        ({"scopes": ["submissions:write", "all"]}, "SCOPE_UNKNOWN", ["input", "scopes", "1"]),
        ({"organization": {"code": "NOWHERE"}}, "ORGANIZATION_UNKNOWN", ["input", "organization"]),
        ({"sphere": "NOTHING"}, "SPHERE_UNKNOWN", ["input", "sphere"]),
        ({"jwks": "{"}, "KEYS_INVALID", ["input", "jwks"]),
        ({"jwks": "[]"}, "KEYS_INVALID", ["input", "jwks"]),
        ({"jwks": '{"keys": []}'}, "KEYS_INVALID", ["input", "jwks"]),
        ({"jwks": '{"keys": [{"kty": "EC", "kid": "a"}]}'}, "KEYS_INVALID", ["input", "jwks"]),
        ({"jwks": PRIVATE}, "KEYS_INVALID", ["input", "jwks"]),
        ({"jwks": SHARED}, "KEYS_INVALID", ["input", "jwks"]),
        ({"jwks": WEAK}, "KEYS_INVALID", ["input", "jwks"]),
    ],
)
async def test_what_no_client_can_be(operator: Official, changes: dict[str, Any], code: str, path: list[str]) -> None:
    before = digests(operator.url)
    refused = result(await operator.ask(REGISTER, input=terms("refused") | changes))
    assert (refused["code"], refused["path"]) == (code, path)
    assert digests(operator.url) == before


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        (REGISTER, terms("stolen")),
        (CHANGE, {"client": "anybody", "name": "x", "scopes": ["submissions:write"]}),
        (ROTATE, {"client": "anybody"}),
        (REVOKE, {"client": "anybody"}),
    ],
    ids=["register", "change", "rotate", "revoke"],
)
async def test_only_operators_do(operator: Official, operation: str, given: dict[str, Any]) -> None:
    before = digests(operator.url)
    codes = {"citizen-1": "FORBIDDEN", "head": "FORBIDDEN", None: "UNAUTHENTICATED"}
    for account, code in codes.items():
        answer = await Official(operator.client, operator.url, account).ask(operation, input=given)
        assert answer.refusal[0] == code
    assert digests(operator.url) == before
    unknown = result(await operator.ask(operation, input=given)) if operation is not REGISTER else None
    assert unknown is None or unknown["code"] == "CLIENT_UNKNOWN"


async def test_nobody_else_sees_one(operator: Official) -> None:
    made = await registered(operator, "hidden")
    node = f'{{ node(id: "{made["client"]["id"]}") {{ ... on Client {{ code }} }} }}'
    assert (await operator.ask(node)).data["node"] == {"code": "hidden"}
    for account in ("citizen-1", "head", None):
        stranger = Official(operator.client, operator.url, account)
        assert (await stranger.ask(node)).data["node"] is None
        assert (await stranger.ask(CLIENTS)).data["clients"] == {"totalCount": 0, "nodes": []}


def test_the_command_line_does_the_same(operator: Official, tmp_path: Path) -> None:
    def portal(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DATABASE_URL": operator.url, "PORTAL_HOME": str(tmp_path)}
        command = ["portal", "client", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    done = portal("register", "line", "--name", "By hand", "--scope", "invitations:write", "--organization", "REGION")
    assert (done.returncode, len(done.stdout)) == (0, 44), done.stderr
    (tmp_path / "keys.json").write_text(KEYS)
    done = portal(
        "change", "line", "--name", "By key", "--scope", "submissions:write", "--jwks", f"{tmp_path}/keys.json"
    )
    assert (done.stdout, done.stderr) == ("", "line is changed.\n")
    assert portal("revoke", "line").returncode == 0
    assert [line.split()[0] for line in portal("list").stdout.splitlines() if "revoked" in line][-1] == "line"
    assert [(who, action) for who, action, _ in trail(operator, "line")] == [
        (None, "CLIENT_REGISTERED"),
        (None, "CLIENT_CHANGED"),
        (None, "CLIENT_REVOKED"),
    ]
    assert portal("secret", "line").stderr == "portal: The client was revoked, for good.\n"
