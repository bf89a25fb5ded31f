"""A gateway and another graph believe the portal's tokens by its published keys alone; and nothing else."""

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from auth.tokens import TYPE, Tokens
from federation.gateway import GATEWAYS
from federation.one_stop_shop.cases import CASES
from federation.one_stop_shop.tokens import PublishedKeys, Refused, Verifier
from tests.federation.graphs import Portal, Shop, Supergraph, codes_of

SYSTEM, SCOPE = "one-stop-shops", "submissions:write"
VISITORS = "{ cases(first: 3) { number visitor } }"
CASES_ALONE = "{ cases(first: 1) { number } }"
Made = Callable[[Tokens], str]


def good(tokens: Tokens, seconds: int = 600, scope: str = SCOPE) -> str:
    """A system's own token."""
    return tokens.issue(SYSTEM, seconds, SYSTEM, scope)


def tampered(tokens: Tokens) -> str:
    """Somebody else's claims under a good signature."""
    mine, other = good(tokens).split("."), tokens.issue("other", 600, "other", SCOPE).split(".")
    return ".".join((mine[0], other[1], mine[2]))


def signed(tokens: Tokens, key: Any, alg: str, **header: str) -> str:
    """A token with the portal's claims, signed in another way."""
    now = int(time.time())
    claims = {"iss": tokens.issuer, "aud": tokens.audience, "sub": SYSTEM, "exp": now + 600, "scope": SCOPE}
    told = {"alg": alg, "typ": TYPE, "kid": tokens.key.kid, **header}
    return jwt.encode(told, claims, key, algorithms=[alg])


def unsigned(tokens: Tokens) -> str:
    """A good token whose header says that nobody has signed it."""
    header = json.dumps({"alg": "none", "typ": TYPE, "kid": tokens.key.kid}).encode()
    return f"{urlsafe_b64encode(header).rstrip(b'=').decode()}.{good(tokens).split('.')[1]}."


BAD: dict[str, Made] = {
    "none-of-ours": lambda tokens: "none of ours",
    "expired": lambda tokens: good(tokens, -60),
    "tampered": tampered,
    "other-issuer": lambda tokens: good(Tokens(tokens.keys, "https://other.example", tokens.audience)),
    "other-audience": lambda tokens: good(Tokens(tokens.keys, tokens.issuer, "other")),
    "foreign-key": lambda tokens: signed(tokens, ECKey.generate_key("P-256"), "ES256"),
    "unknown-key": lambda tokens: signed(tokens, ECKey.generate_key("P-256"), "ES256", kid="unknown"),
    "other-type": lambda tokens: signed(tokens, tokens.key, "ES256", typ="JWT"),
    "secret": lambda tokens: signed(tokens, OctKey.import_key(json.dumps(tokens.keys.published)), "HS256"),
    "unsigned": unsigned,
}


async def shop_answers(shop: Shop, token: str | None, query: str = VISITORS) -> Any:
    """What the one-stop shop itself answers."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient() as client:
        return (await client.post(shop.url, json={"query": query}, headers=headers)).json()


async def test_who_may_know_visitors_is_told_through_the_gateway(supergraph: Supergraph) -> None:
    answer = await supergraph.ask(VISITORS, token=good(supergraph.portal.tokens))
    assert "errors" not in answer
    assert [each["visitor"] for each in answer["data"]["cases"]] == [each.visitor for each in CASES[:3]]
    assert supergraph.portal.statements == []


@pytest.mark.parametrize("scope", ["", "invitations:write"])
async def test_who_may_not_is_told_the_rest(supergraph: Supergraph, scope: str) -> None:
    answer = await supergraph.ask(VISITORS, token=good(supergraph.portal.tokens, scope=scope))
    assert set(codes_of(answer)) == {"FORBIDDEN"}
    assert answer["data"]["cases"] == [{"number": each.number, "visitor": None} for each in CASES[:3]]


async def test_who_sends_no_token_is_a_stranger(supergraph: Supergraph, shop: Shop) -> None:
    for answer in (await supergraph.ask(VISITORS), await shop_answers(shop, None)):
        assert set(codes_of(answer)) == {"UNAUTHENTICATED"}
        assert answer["data"]["cases"] == [{"number": each.number, "visitor": None} for each in CASES[:3]]


@pytest.mark.parametrize("make", BAD.values(), ids=list(BAD))
async def test_a_bad_token_tells_nothing(portal: Portal, shop: Shop, make: Made) -> None:
    answer = await shop_answers(shop, make(portal.tokens))
    assert set(codes_of(answer)) == {"UNAUTHENTICATED"}
    assert {each["visitor"] for each in answer["data"]["cases"]} == {None}


@pytest.mark.parametrize("make", BAD.values(), ids=list(BAD))
async def test_a_bad_token_is_not_forwarded(supergraph: Supergraph, shop: Shop, make: Made) -> None:
    """The one-stop shop would answer this without looking at the token."""
    if not GATEWAYS[supergraph.name].verifies:
        pytest.skip("It leaves that to the graphs.")
    token = make(supergraph.portal.tokens)
    refused = await supergraph.ask(CASES_ALONE, token=token)
    assert codes_of(refused) == ["UNAUTHENTICATED"]
    assert not refused.get("data")
    assert (await shop_answers(shop, token, CASES_ALONE))["data"]["cases"]


async def shows_its_keys(portal: Portal) -> None:
    """Wait until the portal has looked at the file of its keys, which it does once a second."""
    async with httpx.AsyncClient(base_url=portal.issuer) as client:
        while (await client.get("/.well-known/jwks.json")).json() != portal.tokens.keys.published:  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.05)


async def test_keys_that_came_later_are_believed_and_old_ones_as_well(supergraph: Supergraph, shop: Shop) -> None:
    tokens = supergraph.portal.tokens
    before = good(tokens)
    for _ in range(3):
        tokens.keys.rotate()
        await shows_its_keys(supergraph.portal)
        for token in (good(tokens), before):
            assert "errors" not in await supergraph.ask(VISITORS, token=token)
            assert "errors" not in await shop_answers(shop, token)


class Clock:
    """A clock that goes on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When keys were fetched."""
    moments: list[float] = []
    fetch = PublishedKeys._fetch

    async def counted(self: PublishedKeys) -> None:
        moments.append(self.clock())
        await fetch(self)

    monkeypatch.setattr(PublishedKeys, "_fetch", counted)
    return moments


def verifier(portal: Portal, clock: Clock) -> Verifier:
    keys = PublishedKeys(f"{portal.issuer}/.well-known/jwks.json", clock=clock)
    return Verifier(keys, portal.issuer, "rating-portal")


async def test_keys_are_kept_for_minutes(portal: Portal, clock: Clock, fetched: list[float]) -> None:
    believer, header = verifier(portal, clock), f"Bearer {good(portal.tokens)}"
    for clock.now in (0.0, 299.9, 300.0, 599.9):
        assert await believer.scopes(header) == {SCOPE}
    assert fetched == [0.0, 300.0]


async def test_made_up_keys_cause_few_requests(portal: Portal, clock: Clock, fetched: list[float]) -> None:
    believer, made_up = verifier(portal, clock), f"Bearer {BAD['unknown-key'](portal.tokens)}"
    for clock.now in (0.0, 0.1, 9.9, 10.0, 10.1):
        with pytest.raises(Refused):
            await believer.scopes(made_up)
    assert fetched == [0.0, 10.0]


async def test_keys_stay_good_while_the_portal_is_away(portal: Portal, clock: Clock, fetched: list[float]) -> None:
    believer, header = verifier(portal, clock), f"Bearer {good(portal.tokens)}"
    assert await believer.scopes(header) == {SCOPE}
    believer.keys.address = "http://127.0.0.1:1/"
    clock.now = 300.0
    assert await believer.scopes(header) == {SCOPE}
    assert fetched == [0.0, 300.0]
    stranger = verifier(portal, clock)
    stranger.keys.address = "http://127.0.0.1:1/"
    with pytest.raises(Refused, match="cannot be fetched"):
        await stranger.scopes(header)


async def test_clocks_may_differ_by_30_seconds(portal: Portal, clock: Clock) -> None:
    believer = verifier(portal, clock)
    assert await believer.scopes(f"Bearer {good(portal.tokens, -25)}") == {SCOPE}
    with pytest.raises(Refused):
        await believer.scopes(f"Bearer {good(portal.tokens, -35)}")
