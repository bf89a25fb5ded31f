"""Providers, as a file of the operator's configures them: docs/sign-in.md has one for each kind.

The file is TOML: a table for each provider, named by its code, which stands in addresses and in the
database for good. With an `issuer` it is an OpenID provider, whose endpoints are discovered unless
they are given; without one it is a plain OAuth 2 one, and a userinfo endpoint tells who came.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

CODE = re.compile(r"[a-z][a-z0-9-]{0,31}")
# What a provider says about a person can be signed by these; none and HMAC are never among them.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519", "RS384", "RS512", "PS384", "PS512", "ES384", "ES512")


class InvalidProviders(ValueError):
    """A file of providers that cannot be used; the message tells each place and what is wrong there."""


def is_safe_address(address: str) -> bool:
    """Whether secrets may be sent to an address: by TLS, or to this very machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.fragment or parts.username or not host or not address.isprintable() or " " in address:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _address(address: str) -> str:
    if not is_safe_address(address):
        raise ValueError("must be an https:// address, without a fragment (http:// is for this very machine)")
    return address


def _scope(scope: str) -> str:
    if not re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]+", scope):
        raise ValueError("must be one scope, without blanks")
    return scope


Address = Annotated[str, AfterValidator(_address)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
# The name of a claim; dots lead into objects, as in `user.email`.
ClaimPath = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Names(_Table):
    """What a provider is called, in one language at least."""

    be: Text | None = None
    ru: Text | None = None
    en: Text | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if not (self.be or self.ru or self.en):
            raise ValueError("a name in one language at least must be there: be, ru or en")
        return self


class Claims(_Table):
    """Where a provider's answer tells who came. Only an address that is verified is ever looked at.

    `email_verified` is the claim that says so; or true for a provider that tells none but addresses
    that it has verified itself, or false for one whose addresses are nobody's word.
    """

    subject: ClaimPath = "sub"
    email: ClaimPath = "email"
    email_verified: bool | ClaimPath = "email_verified"


class Business(_Table):
    """Who speaks for a business: `claim` has one of `values` then.

    Such a person may have another `subject`, so that one who also comes for themselves has two accounts.
    """

    claim: ClaimPath
    values: Sequence[str] = Field(min_length=1)
    subject: ClaimPath | None = None


class Userinfo(_Table):
    """How the userinfo endpoint is asked: with the token in a header of a scheme, or in a form's body."""

    via: Literal["header", "form"] = "header"
    scheme: Literal["Bearer", "OAuth"] = "Bearer"


class Provider(_Table):
    """One provider of sign-in."""

    code: str
    names: Names
    client_id: Text
    client_secret: SecretStr | None = None
    client_authentication: Literal["client_secret_basic", "client_secret_post", "none"] = "client_secret_basic"
    scopes: Sequence[Annotated[str, AfterValidator(_scope)]] = Field(min_length=1)
    issuer: Address | None = None
    authorization_endpoint: Address | None = None
    token_endpoint: Address | None = None
    userinfo_endpoint: Address | None = None
    jwks_uri: Address | None = None
    id_token_algorithms: Sequence[Literal[ALGORITHMS]] = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")  # type: ignore[valid-type]
    # Added to the address that a person is sent to, such as `prompt`.
    authorization_parameters: Mapping[str, str] = Field(default_factory=dict)
    # Of those that come back, which ones the token endpoint wants to see again, such as VK's `device_id`.
    returned_parameters: Sequence[str] = ()
    userinfo: Userinfo = Userinfo()
    claims: Claims = Claims()
    business: Business | None = None
    # Whether the first sign-in must bring a verified address; later ones never need it.
    email_required: bool = True

    @property
    def speaks_openid(self) -> bool:
        """Whether it signs who came; otherwise its userinfo endpoint tells."""
        return self.issuer is not None

    @model_validator(mode="before")
    @classmethod
    def _with_secret(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "client_secret_file" not in given:
            return given
        rest = {name: value for name, value in given.items() if name != "client_secret_file"}
        if "client_secret" in rest:
            raise ValueError("client_secret and client_secret_file are both there: one is enough")
        try:
            return rest | {"client_secret": Path(str(given["client_secret_file"])).read_text().strip()}
        except OSError as error:
            raise ValueError(f"client_secret_file cannot be read: {error.strerror}") from None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        has_secret = self.client_secret is not None and self.client_secret.get_secret_value() != ""
        if has_secret == (self.client_authentication == "none"):
            raise ValueError(
                "a client_secret (or client_secret_file) must be there, unless client_authentication is none"
            )
        if self.issuer is None:
            self._must_have("userinfo_endpoint", "is needed without an issuer")
            self._must_have("authorization_endpoint", "is needed without an issuer")
            self._must_have("token_endpoint", "is needed without an issuer")
            if self.jwks_uri is not None:
                raise ValueError("jwks_uri means nothing without an issuer: nothing is signed")
        elif "openid" not in self.scopes:
            raise ValueError("scopes must have openid where there is an issuer")
        return self

    def _must_have(self, name: str, why: str) -> None:
        if getattr(self, name) is None:
            raise ValueError(f"{name} {why}")


def read(path: Path) -> Mapping[str, Provider]:
    """The providers of a file by their codes, in its order; raises InvalidProviders telling all that is wrong."""
    try:
        tables = tomllib.loads(path.read_text())
    except OSError as error:
        raise InvalidProviders(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidProviders(f"{path} is not TOML: {error}") from None
    found, wrong = {}, []
    for code, table in tables.items():
        try:
            found[code] = _provider(code, table)
        except ValidationError as error:
            wrong += [_told(code, each) for each in error.errors()]
        except InvalidProviders as error:
            wrong.append(str(error))
    if wrong:
        raise InvalidProviders("; ".join(wrong))
    return found


def _provider(code: str, table: Any) -> Provider:
    if not CODE.fullmatch(code):
        raise InvalidProviders(f"{code}: the code of a provider has a to z, 0 to 9 and -, 32 characters at most")
    if not isinstance(table, dict):
        raise InvalidProviders(f"{code}: must be a table, as in [{code}]")
    return Provider.model_validate({**table, "code": code})


def _told(code: str, wrong: Any) -> str:
    """A mistake in a sentence: where it is and what it is, never the value, which may be a secret."""
    place = ".".join([code, *(str(step) for step in wrong["loc"])])
    return f"{place}: {wrong['msg'].removeprefix('Value error, ')}"
