"""Sign-in through providers, assembled from the settings."""

import ssl
from pathlib import Path

from starlette.routing import Route

from auth.attempts import Attempts
from auth.origins import origin_of
from auth.providers.apps import Redirects
from auth.providers.client import ProviderClient
from auth.providers.configuration import Provider, read
from models.database import Database
from portal.settings import Settings
from transport.sign_in import ProviderSignIn


def sign_in_routes(settings: Settings, database: Database, attempts: Attempts) -> list[Route]:
    """The addresses that sign-in through a provider begins and ends at."""
    url = settings.public_url
    redirects = Redirects.of(settings.app_redirects)
    sign_in = ProviderSignIn(_clients(settings), redirects, database, attempts, url, origin_of(url), settings.language)
    return [
        Route("/sign-in/{provider}", sign_in.start, methods=["GET", "POST"]),
        Route("/sign-in/{provider}/callback", sign_in.callback, methods=["GET"]),
    ]


def _clients(settings: Settings) -> dict[str, ProviderClient]:
    found = providers(settings)
    if not found:
        return {}
    # One for all: reading the authorities that this machine trusts takes longer than all the rest.
    trust = ssl.create_default_context()
    return {
        each.code: ProviderClient(each, f"{settings.public_url}/sign-in/{each.code}/callback", trust) for each in found
    }


def providers(settings: Settings) -> list[Provider]:
    """Those that are configured, in their order."""
    return list(read(Path(settings.providers)).values()) if settings.providers else []
