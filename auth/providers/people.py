"""Who came: what the portal takes from a provider's claims, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auth import emails
from auth.providers.configuration import ClaimPath, Provider
from auth.providers.metadata import invalid
from models.raters import RaterKind

MAXIMUM_SUBJECT = 255


@dataclass(frozen=True)
class Person:
    """Somebody a provider vouches for. `email` is there only if the provider has verified it.

    `kind` is None where the provider does not tell for whom somebody speaks.
    """

    provider: str
    subject: str
    email: str | None
    kind: RaterKind | None


def person(provider: Provider, claims: Mapping[str, Any]) -> Person:
    """The person that a provider's claims are about; refuses claims without a subject."""
    kind, path = _kind(provider, claims), provider.claims.subject
    if kind is RaterKind.BUSINESS and provider.business and provider.business.subject:
        path = provider.business.subject
    return Person(provider.code, _subject(found(claims, path)), _verified_email(provider, claims), kind)


def found(claims: Mapping[str, Any], path: ClaimPath) -> Any:
    """The claim at a dotted path; None where there is none."""
    value: Any = claims
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def lacks_something(provider: Provider, claims: Mapping[str, Any]) -> bool:
    """Whether the claims leave open what the configuration wants to know, so that userinfo may tell."""
    wanted = [provider.claims.subject, provider.claims.email]
    if provider.business:
        wanted.append(provider.business.claim)
    return any(found(claims, path) is None for path in wanted)


def _subject(value: Any) -> str:
    """A subject is a text, or a number with some providers; two different ones never become one."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not 0 < len(value) <= MAXIMUM_SUBJECT or not value.isprintable():
        raise invalid("the claims name no subject")
    return value


def _verified_email(provider: Provider, claims: Mapping[str, Any]) -> str | None:
    """The address, if the provider says that it has verified it, and it is one that can be written to."""
    verified = provider.claims.email_verified
    if isinstance(verified, str):
        said = found(claims, verified)
        verified = said is True or said == "true"
    email = found(claims, provider.claims.email)
    return emails.normal(email) if verified and isinstance(email, str) else None


def _kind(provider: Provider, claims: Mapping[str, Any]) -> RaterKind | None:
    if provider.business is None:
        return None
    value = found(claims, provider.business.claim)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return RaterKind.BUSINESS if text in provider.business.values else RaterKind.PERSON
