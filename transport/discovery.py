"""What others need to verify the portal's tokens by themselves: its keys, and where everything is (RFC 8414)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from auth.tokens import ALGORITHM, Tokens

JWKS, METADATA = "/.well-known/jwks.json", "/.well-known/oauth-authorization-server"

# A verifier that keeps the keys for so long knows the next one before it signs: `portal keys rotate` twice in less
# time than this would take that away.
CACHE_SECONDS = 300


@dataclass(frozen=True)
class Discovery:
    """Answers at the well-known addresses; `more` is what is told of a server beside its keys."""

    tokens: Tokens
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def routes(self) -> list[Route]:
        """An issuer with a path has the path behind the well-known one (RFC 8414, section 3.1)."""
        path = urlsplit(self.tokens.issuer).path
        found = [Route(JWKS, self.keys), Route(METADATA, self.metadata)]
        return [*found, Route(METADATA + path, self.metadata)] if path else found

    async def keys(self, request: Request) -> Response:
        """The JSON Web Key Set."""
        return _cached(request, self.tokens.keys.published, "application/jwk-set+json")

    async def metadata(self, request: Request) -> Response:
        """Where everything is, and what is spoken there."""
        issuer = self.tokens.issuer
        told = {"issuer": issuer, "jwks_uri": issuer + JWKS, "access_token_signing_alg_values_supported": [ALGORITHM]}
        return _cached(request, {**told, **self.more}, "application/json")


def _cached(request: Request, told: Mapping[str, Any], media: str) -> Response:
    """An answer that may be kept for some minutes, and asked for again by its tag."""
    answer = JSONResponse(dict(told), media_type=media)
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}", "ETag": tag, "Access-Control-Allow-Origin": "*"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    answer.headers.update(headers)
    return answer
