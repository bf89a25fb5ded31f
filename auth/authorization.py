"""The authorization server for machines: OAuth 2.0 on Authlib's core, which knows no web framework.

Clients prove themselves by a secret or by an assertion that they sign (RFC 7523), and are given access tokens
(RFC 9068) of their own: `client_credentials` is the only grant. Tokens can be looked at (RFC 7662) and revoked
(RFC 7009). Authlib's core is synchronous: it runs in a thread of its own and asks the database in the event loop.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from anyio import from_thread, to_thread
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer, InvalidScopeError, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from auth.clients import ASSERTION_ALGORITHMS, KEY_METHOD, SECRET_METHODS, Registered, Registry
from auth.machines import machine_of
from auth.tokens import CLOCK_SKEW, Claims, Tokens
from auth.viewers import viewer_of
from models.clients import ClientScope
from models.errors import Unauthenticated

METHODS = [*SECRET_METHODS, KEY_METHOD]
# A token's life in seconds: whoever verifies by the keys alone learns of a revocation no sooner than it ends.
LIFE = 900
# How far ahead an assertion may expire, in seconds: so long its number is kept.
LONGEST_ASSERTION = 3600
MAXIMUM_JTI = 200

TOKEN, INTROSPECTION, REVOCATION = "/oauth/token", "/oauth/introspect", "/oauth/revoke"


@dataclass(frozen=True)
class Reply:
    """What is answered over HTTP; `body` becomes JSON."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class _Request(OAuth2Request):  # type: ignore[misc]
    """A request as Authlib's core sees it: whatever the framework, its form and its headers."""

    def __init__(self, uri: str, form: Mapping[str, str], headers: Mapping[str, str]) -> None:
        super().__init__("POST", uri, headers=headers)
        self._form = dict(form)
        self.payload = BasicOAuth2Payload(self._form)

    @property
    def form(self) -> dict[str, str]:
        return self._form


@dataclass(frozen=True)
class Authorization:
    """Answers the endpoints of OAuth 2.0, under the address of the issuer."""

    tokens: Tokens
    registry: Registry

    @property
    def metadata(self) -> dict[str, Any]:
        """What is told of it beside its keys (RFC 8414)."""
        issuer = self.tokens.issuer
        told: dict[str, Any] = {
            "token_endpoint": issuer + TOKEN,
            "introspection_endpoint": issuer + INTROSPECTION,
            "revocation_endpoint": issuer + REVOCATION,
            "scopes_supported": [scope.value for scope in ClientScope],
            "response_types_supported": [],
            "grant_types_supported": [ClientCredentialsGrant.GRANT_TYPE],
        }
        for endpoint in ("token", "introspection", "revocation"):
            told[f"{endpoint}_endpoint_auth_methods_supported"] = METHODS
            told[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] = ASSERTION_ALGORITHMS
        return told

    async def reply(self, endpoint: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """What one of the endpoints answers to a form."""
        return await to_thread.run_sync(self._reply, endpoint, form, headers)

    def _reply(self, endpoint: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        server = _Server(self.tokens, self.registry)
        try:
            request = _Request(self.tokens.issuer + endpoint, form, headers)
        except OAuth2Error as error:
            return server.handle_response(*error())
        if endpoint == TOKEN:
            found: Reply = server.create_token_response(request)
        else:
            found = server.create_endpoint_response(NAMES[endpoint], request)
        return found


class _Server(AuthorizationServer):  # type: ignore[misc]
    """Authlib's server over the portal's clients and tokens."""

    def __init__(self, tokens: Tokens, registry: Registry) -> None:
        super().__init__()
        self.tokens = tokens
        self.registry = registry
        self.register_token_generator("default", self._token)
        self.register_client_auth_method(KEY_METHOD, _Assertion(tokens.issuer, registry))
        self.register_grant(_Credentials)
        self.register_endpoint(_Introspection)
        self.register_endpoint(_Revocation)

    def query_client(self, client_id: str) -> Registered | None:
        return from_thread.run(self.registry.client, client_id)

    def save_token(self, token: Mapping[str, Any], request: OAuth2Request) -> None:
        """Nothing is kept: a token is verified by its signature."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: _Request) -> _Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Reply:
        return Reply(status, body, dict(headers))

    def _token(self, client: Registered, scope: str | None, **_: Any) -> dict[str, Any]:
        allowed = client.get_allowed_scope(scope)
        token = self.tokens.issue(client.code, LIFE, client.code, allowed)
        return {"token_type": "Bearer", "access_token": token, "expires_in": LIFE, "scope": allowed}


class _Credentials(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_requested_scope(self) -> None:
        """A client that asks for more than it was registered for is told so, and not given less."""
        wanted = frozenset((self.request.payload.scope or "").split())
        if not wanted <= self.request.client.scopes:
            raise InvalidScopeError


class _Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """A client's proof by a key: a JWT that it has signed for this server, good for once."""

    CLIENT_AUTH_METHOD = KEY_METHOD

    def __init__(self, issuer: str, registry: Registry) -> None:
        super().__init__(leeway=CLOCK_SKEW)
        self._issuer = issuer
        self._registry = registry

    def get_audiences(self) -> list[str]:
        """The issuer, as new systems say it, or the endpoint, as older ones do."""
        return [self._issuer, self._issuer + TOKEN]

    def resolve_client_public_key(self, client: Registered) -> KeySet:
        if client.jwks is None:
            raise InvalidClientError(description="The client has no key.")
        return KeySet.import_key_set(cast("Any", client.jwks))

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> Any:
        """As Authlib's, but for the algorithms, which are ours to choose."""
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=ASSERTION_ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise InvalidClientError(description="The assertion is not signed by a key of the client.") from error
        self.verify_claims(token.claims)
        return token.claims

    def validate_jti(self, claims: Mapping[str, Any], jti: Any) -> bool:
        if not isinstance(jti, str) or not 1 <= len(jti) <= MAXIMUM_JTI or "\0" in jti:
            raise InvalidClientError(description="Invalid claim: 'jti'")
        if claims["exp"] + CLOCK_SKEW - time.time() > LONGEST_ASSERTION:
            raise InvalidClientError(description="The assertion is good for more than an hour.")
        expires = datetime.fromtimestamp(claims["exp"] + CLOCK_SKEW, UTC)
        client = from_thread.run(self._registry.client, claims["sub"])
        return client is not None and from_thread.run(self._registry.is_first_use, client, jti, expires)


@dataclass(frozen=True)
class _Token:
    """A token of the portal's that is good but for what may have ended it before its time."""

    claims: Claims
    is_ended: bool

    def check_client(self, client: Registered) -> bool:
        return self.claims.client == client.code

    def is_expired(self) -> bool:
        return self.claims.has_expired

    def is_revoked(self) -> bool:
        return self.is_ended


class _Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Token | None:
        try:
            claims = self.server.tokens.verified(token_string)
        except Unauthenticated:
            return None
        return _Token(claims, from_thread.run(_has_ended, self.server.registry, claims))

    def check_permission(self, token: _Token, client: Registered, request: OAuth2Request) -> bool:
        """Of others' tokens only those learn who may: what is not told them looks as if it were no token."""
        return token.check_client(client) or ClientScope.TOKENS_INTROSPECT.value in client.scopes

    def introspect_token(self, token: _Token) -> dict[str, Any]:
        return {"active": True, "token_type": "Bearer", **token.claims.told}


class _Revocation(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Token | None:
        """What is no token any more needs no revoking (RFC 7009, section 2.2)."""
        try:
            return _Token(self.server.tokens.verified(token_string), is_ended=False)
        except Unauthenticated:
            return None

    def revoke_token(self, token: _Token, request: OAuth2Request) -> None:
        expires = datetime.fromtimestamp(token.claims.expires + CLOCK_SKEW, UTC)
        from_thread.run(self.server.registry.revoke, token.claims.jti, expires)


NAMES = {INTROSPECTION: _Introspection.ENDPOINT_NAME, REVOCATION: _Revocation.ENDPOINT_NAME}


async def _has_ended(registry: Registry, claims: Claims) -> bool:
    """Whether whom a token is for would be refused with it now."""
    try:
        await (machine_of if claims.is_machine else viewer_of)(registry.database, claims)
    except Unauthenticated:
        return True
    return False
