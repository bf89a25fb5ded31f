"""A portal with providers to sign in through, once a worker: each test has people of its own."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from starlette.applications import Starlette

from portal.app import create_app
from portal.scratch import ScratchServer
from portal.settings import Settings
from tests.auth.providers.browsers import PORTAL, Browser, browser_of
from tests.auth.providers.counterparts import HERE as PACKAGES
from tests.auth.providers.counterparts import running
from tests.npm import installed

SECRET = "hush" * 10
# What a sign-in may change.
TABLES = "account", "rater", "identity", "session", "mail", "app_code", "sign_in_flow"
# Where apps are called back.
REDIRECTS = (
    "org.example.rating:/signed-in https://app.example.org/signed-in http://127.0.0.1/done http://[::1]/done?a=b"
)


@dataclass(frozen=True)
class Portal:
    """A portal that is being tested."""

    application: Starlette
    url: str

    def rows(self, *tables: str) -> dict[str, list[Any]]:
        """All that a sign-in may have changed; flows are left out unless they are named."""
        with psycopg.connect(self.url) as connection:
            return {
                table: connection.execute(SQL("SELECT * FROM {} ORDER BY 1").format(Identifier(table))).fetchall()
                for table in tables or TABLES[:-1]
            }

    def ask(self, query: str) -> list[Any]:
        """The rows that a query finds."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def execute(self, statement: str, *values: Any) -> None:
        """Change what is there, as something else than a sign-in would."""
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode(), values)


@pytest.fixture(scope="session")
def openid() -> Iterator[str]:
    """The address of an OpenID provider."""
    installed(PACKAGES)
    clients = [
        {"client_id": code, "client_secret": SECRET, "redirect_uris": [f"{PORTAL}/sign-in/{code}/callback"]} | more
        for code, more in {
            "google": {},
            "google-2": {},
            "id-card": {"id_token_signed_response_alg": "ES256", "token_endpoint_auth_method": "client_secret_post"},
        }.items()
    ]
    with running("openid.js", clients) as address:
        yield address


@pytest.fixture(scope="session")
def plain() -> Iterator[str]:
    """The address of a plain OAuth 2 provider."""
    installed(PACKAGES)
    clients = [
        {"client_id": "headed-portal", "client_secret": SECRET, "redirect_uris": [f"{PORTAL}/sign-in/yandex/callback"]},
        {"client_id": "nested-portal", "redirect_uris": [f"{PORTAL}/sign-in/vk/callback"]},
    ]
    with running("plain.js", clients) as address:
        yield address


@pytest.fixture(scope="session")
def configuration(openid: str, plain: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with four providers as docs/sign-in.md has them, and two that nobody answers for."""
    path = tmp_path_factory.mktemp("providers") / "providers.toml"
    path.write_text(
        f"""
        [google]
        names = {{ be = "Гугл", en = "Google" }}
        issuer = "{openid}"
        client_id = "google"
        client_secret = "{SECRET}"
        scopes = ["openid", "email"]

        [google-2]
        names = {{ en = "Google once more" }}
        issuer = "{openid}"
        client_id = "google-2"
        client_secret = "{SECRET}"
        scopes = ["openid", "email"]
        email_required = false

        [id-card]
        names = {{ ru = "ID-карта" }}
        issuer = "{openid}"
        client_id = "id-card"
        client_secret = "{SECRET}"
        client_authentication = "client_secret_post"
        scopes = ["openid"]
        email_required = false
        business = {{ claim = "person_type", values = ["LEGAL"], subject = "organization.registration" }}

        [yandex]
        names = {{ ru = "Яндекс" }}
        authorization_endpoint = "{plain}/authorize"
        token_endpoint = "{plain}/token"
        userinfo_endpoint = "{plain}/info"
        client_id = "headed-portal"
        client_secret = "{SECRET}"
        scopes = ["login:email", "login:info"]
        userinfo = {{ scheme = "OAuth" }}
        claims = {{ subject = "id", email = "default_email", email_verified = true }}

        [vk]
        names = {{ en = "VK" }}
        authorization_endpoint = "{plain}/authorize"
        token_endpoint = "{plain}/token"
        userinfo_endpoint = "{plain}/info"
        client_id = "nested-portal"
        client_authentication = "none"
        scopes = ["email"]
        returned_parameters = ["device_id", "state"]
        userinfo = {{ via = "form" }}
        claims = {{ subject = "user.user_id", email = "user.email", email_verified = false }}
        email_required = false

        [away]
        names = {{ en = "Nobody answers" }}
        issuer = "http://127.0.0.1:1"
        client_id = "away"
        client_secret = "{SECRET}"
        scopes = ["openid"]

        [half-away]
        names = {{ en = "Only its pages answer" }}
        authorization_endpoint = "{plain}/authorize"
        token_endpoint = "http://127.0.0.1:1/token"
        userinfo_endpoint = "{plain}/info"
        client_id = "nested-portal"
        client_authentication = "none"
        scopes = ["email"]
        """
    )
    return path


@pytest.fixture(scope="session")
async def portal(
    scratch: ScratchServer,
    empty_template: str,
    worker_id: str,
    configuration: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Portal]:
    """A portal with an empty country."""
    with scratch.temporary(f"{empty_template}_sign_in_{worker_id}", empty_template) as url:
        home = tmp_path_factory.mktemp("home")
        settings = Settings(
            database_url=url,
            home=home,
            public_url=PORTAL,
            providers=str(configuration),
            app_redirects=REDIRECTS,
            mail_seconds=0,
        )
        application = create_app(settings)
        async with application.router.lifespan_context(application):
            yield Portal(application, url)


@pytest.fixture
async def browser(portal: Portal) -> AsyncIterator[Browser]:
    """Somebody's browser."""
    async with browser_of(portal.application) as browser:
        yield browser


@pytest.fixture
async def other_browser(portal: Portal) -> AsyncIterator[Browser]:
    """Somebody else's browser."""
    async with browser_of(portal.application) as browser:
        yield browser
