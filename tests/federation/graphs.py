"""Both graphs as servers that listen, and a gateway before them."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from auth.keys import Keyring
from auth.tokens import Tokens
from federation.gateway import GATEWAYS
from federation.processes import await_answer, end, running
from portal.app import create_app
from portal.settings import Settings
from tests.clients import VIEWER_LOOK_UP
from tests.npm import installed
from tests.servers import START_SECONDS, await_ready, free_port

SHOP = (sys.executable, "-m", "uvicorn", "federation.one_stop_shop.app:app", "--log-level", "warning", "--port")


@dataclass
class Portal:
    """The portal, listening in a thread of this process; `statements` are those that it ran. It can be away for a while."""

    settings: Settings
    tokens: Tokens
    statements: list[str] = field(default_factory=list, repr=False)
    _server: uvicorn.Server | None = field(default=None, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def issuer(self) -> str:
        return self.settings.issuer

    @property
    def url(self) -> str:
        return f"{self.issuer}/graphql"

    @classmethod
    @contextmanager
    def serving(cls, database_url: str, home: Path) -> Iterator["Portal"]:
        """The portal for the length of a block."""
        port = free_port()
        issuer = f"http://localhost:{port}"
        settings = Settings(database_url=database_url, home=home, port=port, issuer=issuer, points=0)
        portal = cls(settings, Tokens(Keyring(settings.keys_folder), issuer))
        portal.start()
        try:
            yield portal
        finally:
            portal.stop()

    def start(self) -> None:
        application = create_app(self.settings, self._listen)
        self._server = uvicorn.Server(uvicorn.Config(application, port=self.settings.port, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        await_ready(self.settings.port, START_SECONDS, self._thread.is_alive)

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    @contextmanager
    def away(self) -> Iterator[None]:
        """For the length of a block nobody listens."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def _listen(self, text: str) -> None:
        if not text.startswith(VIEWER_LOOK_UP):
            self.statements.append(text)


@dataclass
class Shop:
    """The one-stop shop, a process that can be away for a while; it believes tokens of an issuer."""

    issuer: str
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/graphql"

    def start(self) -> None:
        environment = os.environ | believing(self.issuer)
        self.process = subprocess.Popen([*SHOP, str(self.port)], text=True, env=environment)
        await_answer(self.url, self.process)

    def stop(self) -> None:
        if self.process is not None:
            end(self.process)

    @contextmanager
    def away(self) -> Iterator[None]:
        """For the length of a block nobody listens."""
        self.stop()
        try:
            yield
        finally:
            self.start()


@dataclass(frozen=True)
class Supergraph:
    """One graph of both, behind a gateway."""

    name: str
    url: str
    portal: Portal
    shop: Shop

    @classmethod
    @contextmanager
    def behind(cls, name: str, portal: Portal, shop: Shop, **settings: str) -> Iterator["Supergraph"]:
        """A gateway for the length of a block; npm failing is the test failing."""
        gateway, port = GATEWAYS[name], free_port()
        installed(gateway.folder)
        url = f"http://localhost:{port}/graphql"
        believed = believing(portal.issuer)
        environment = gateway.environment(port, portal.url, shop.url, NODE_ENV="production", **believed, **settings)
        with running(gateway.words, os.environ | environment, url, gateway.folder):
            yield cls(name, url, portal, shop)

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, token: str | None = None, **headers: str
    ) -> Any:
        """The whole answer to an operation."""
        self.portal.statements.clear()
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            told["Authorization"] = f"Bearer {token}"
        async with httpx.AsyncClient(timeout=30) as client:
            response = await client.post(self.url, json={"query": query, "variables": variables}, headers=told)
        return response.json()

    async def data(self, query: str, /, **variables: Any) -> Any:
        """What an operation that nothing is wrong with answers."""
        answer = await self.ask(query, variables)
        assert not answer.get("errors"), answer
        return answer["data"]


def believing(issuer: str) -> dict[str, str]:
    """The settings of whoever verifies tokens of an issuer, looking for keys as often as there is a new one."""
    return {"PORTAL_ISSUER": issuer, "KEYS_PAUSE_SECONDS": "0"}


def codes_of(answer: Any) -> list[str]:
    """The codes of an answer's errors."""
    return [each["extensions"]["code"] for each in answer.get("errors", [])]
