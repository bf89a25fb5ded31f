"""ID tokens: what an OpenID provider signs about who came (OpenID Connect Core, 3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from auth.providers.configuration import Provider
from auth.providers.metadata import invalid
from auth.tokens import CLOCK_SKEW


class UnknownKey(Exception):
    """The token names a key that is not among those known."""


@dataclass(frozen=True)
class Expected:
    """What an ID token must fit: who asked whom, in which flow, and what came with it."""

    provider: Provider
    nonce: str
    access_token: str | None


def verified(text: Any, keys: KeySet, expected: Expected) -> Mapping[str, Any]:
    """The claims of a good ID token; raises UnknownKey, or SignInRefused for any other fault."""
    if not isinstance(text, str):
        raise invalid("there is no ID token")
    registry = JWSRegistry(algorithms=list(expected.provider.id_token_algorithms), strict_check_header=False)
    try:
        decoded = jwt.decode(text, keys, registry=registry)
        claims = CodeIDToken(decoded.claims, decoded.header, _options(expected.provider), _parameters(expected))
        claims.validate(leeway=CLOCK_SKEW)
    except InvalidKeyIdError:
        raise UnknownKey from None
    except (JoseError, ValueError, TypeError, KeyError) as error:
        reason = getattr(error, "description", None) or str(error) or type(error).__name__
        raise invalid(f"the ID token is bad: {reason}") from None
    return claims  # type: ignore[no-any-return]


def _options(provider: Provider) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
    }


def _parameters(expected: Expected) -> dict[str, Any]:
    """What Authlib's claims are held against: the nonce, the authorized party, the access token's hash."""
    return {
        "nonce": expected.nonce,
        "client_id": expected.provider.client_id,
        "access_token": expected.access_token,
    }
