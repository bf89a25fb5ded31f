"""Writers, while the server and PostgreSQL are killed: what was answered is true, and nothing else has happened."""

import asyncio
import logging
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
import pytest

import migrations
from auth.keys import Keyring
from auth.tokens import Tokens
from portal.cluster import Cluster
from portal.settings import Settings
from tests import stage
from tests.citizens import Citizen
from tests.clients import Client
from tests.deeds import Ledger, RemoteClient
from tests.exactness import hold_totals
from tests.officials import Official, appointed
from tests.registrars import Registrar, registrar_of
from tests.servers import Server, serving

WRITERS, KILLS = 16, 10
# How much is answered in a round before somebody is killed, and how long that may take.
BEFORE_KILL, PATIENCE = 300, 300
# Half of all writers meet in the hospital; the others go round the ministry's other bodies.
BODIES = ("CLINIC", "REGION", "MINISTRY", "SCHOOL")
PEOPLE: LiteralString = """
CREATE TEMPORARY TABLE writer AS
SELECT 'writer-' || number AS code FROM generate_series(1, 50000) AS number UNION ALL VALUES ('stranger');
INSERT INTO rater (pseudonym, kind) SELECT md5(code)::uuid, 'PERSON' FROM writer;
INSERT INTO account (code, rater_id) SELECT code, rater.id FROM writer JOIN rater ON pseudonym = md5(code)::uuid"""
# Whoever of the server's connections is in the middle of something, before those that are not.
BUSY: LiteralString = """SELECT pid FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY state <> 'active', pid LIMIT 1"""


@dataclass
class Site:
    """A database that keeps what it has acknowledged, unlike those that tests throw away, and a server over it."""

    directory: Path
    stack: ExitStack = field(default_factory=ExitStack)
    server: Server | None = None

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.directory)

    def build(self) -> None:
        url = self.cluster.start()
        migrations.upgrade(url)
        stage.build(url)
        with psycopg.connect(url) as connection:
            connection.execute(PEOPLE)
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                assert connection.execute(f"SHOW {setting}".encode()).fetchone() == ("on",)

    def serve(self) -> None:
        """Start a server, whose log nobody reads, so that no pipe fills up."""
        more = {"PORTAL_POOL_SIZE": str(WRITERS + 2)}
        self.server = self.stack.enter_context(serving(self.cluster.url, self.directory, subprocess.DEVNULL, **more))

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        assert self.server is not None
        settings = Settings(database_url=self.cluster.url, home=self.directory)
        async with httpx.AsyncClient(base_url=self.server.address, timeout=60) as http:
            yield RemoteClient(http, Tokens(Keyring(settings.keys_folder)), [])

    def kill_server(self) -> None:
        assert self.server is not None
        self.server.process.kill()

    def kill_postgres(self) -> None:
        os.kill(self.postmaster, signal.SIGKILL)

    def kill_connection(self) -> None:
        """End one process of PostgreSQL so that it ends all the others, and recovers by itself."""
        with psycopg.connect(self.cluster.url) as connection:
            ((process,),) = connection.execute(BUSY).fetchall()
        os.kill(process, signal.SIGKILL)

    @property
    def postmaster(self) -> int:
        return int((self.directory / "server" / "data" / "postmaster.pid").read_text().split()[0])

    def mend(self) -> None:
        """Start again what does not run, and wait until all of it does."""
        assert self.server is not None
        self.cluster.start()
        if self.server.process.poll() is not None:
            self.stack.close()
            self.serve()
        deadline = time.monotonic() + PATIENCE
        while not httpx.get(f"{self.server.address}/ready", timeout=PATIENCE).is_success:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.fixture
def site() -> Iterator[Site]:
    """A short path, for its socket has one, that the database's account can pass through."""
    site = Site(Path(tempfile.mkdtemp(prefix="portal-kills-")))
    site.directory.chmod(0o711)
    try:
        site.build()
        site.serve()
        yield site
    finally:
        site.stack.close()
        site.cluster.remove()


class World:
    """A country at work: writers, a moderator and an operator."""

    def __init__(self, url: str, client: Client) -> None:
        nobody = Citizen(client, url, None)
        self.url, self.ledger = url, Ledger(url)
        self.drafts = {body: nobody.draft(body) for body in ("HOSPITAL", *BODIES)}
        # Wherever the hospital stands.
        for top in ("MINISTRY", "SCHOOL"):
            self.moderator = appointed(nobody, "citizen-20", "MODERATOR", top).account
        self.operator = registrar_of(nobody, "citizen-24", "OPERATOR", "LONER").account
        self.numbers = count(1)
        self.wrong: set[str] = set()
        self.is_over = asyncio.Event()

    async def work(self, client: Client, merged: str) -> None:
        """Everybody at once, until it is over for each of them."""
        self.is_over.clear()
        self.drafts[merged] = self.drafts["HOSPITAL"] | {"organization": {"code": merged}}
        writers = [self.write(client, [merged, *BODIES][place % 5]) for place in range(WRITERS)]
        await asyncio.gather(self.move_about(client, merged), *writers)

    async def write(self, client: Client, body: str) -> None:
        """Rate the hospital and a body in turns, and do with some ratings what can be done with them."""
        for number in self.numbers:
            if not await self.rate(client, number, "HOSPITAL" if number % 2 else body) or self.is_over.is_set():
                return

    async def rate(self, client: Client, number: int, body: str) -> bool:
        """Submit, and then either try a wrong one, or withdraw, or reject, and perhaps restore; whether all is known."""
        account, draft, ledger = f"writer-{number}", self.drafts[body], self.ledger
        key = await ledger.submit(client, account, draft, 1 + number % 5)
        if key not in ledger.counted:
            return False
        match number % 8:
            case 0 | 1:
                # Twice on a day is once too often, and six is no score: that is told to those alone who may rate,
                # as somebody may who never succeeds.
                twice = number % 8 == 0
                wrong = await ledger.submit(client, account if twice else "stranger", draft, 3 if twice else 6)
                self.wrong.add(wrong)
                return wrong in ledger.refused
            case 2 | 3:
                return await self.end(client, key, "WITHDRAWN", Citizen.withdraw, account)
            case 4 | 5:
                return await self.end(client, key, "REJECTED", Official.reject, self.moderator)
            case 6:
                return await self.end(client, key, "REJECTED", Official.reject, self.moderator) and await self.end(
                    client, key, "COUNTED", Official.restore, self.moderator
                )
        return True

    async def end(self, client: Client, key: str, status: str, change: Any, account: str | None) -> bool:
        id_ = self.ledger.counted[key]
        return await self.ledger.end(
            client, key, status, lambda client: change(Official(client, self.url, account), id_)
        )

    async def move_about(self, client: Client, merged: str) -> None:
        """Give bodies other places in both trees, and in the middle merge one into the hospital."""
        merge = partial(Registrar.merge, code=merged, into="HOSPITAL")
        moves = [
            partial(Registrar.move, code="HOSPITAL", below="SCHOOL"),
            partial(Registrar.move, code="HOSPITAL", below=None, hierarchy="SUPERVISION"),
            partial(Registrar.move, code="CLINIC", below="MINISTRY"),
            partial(Registrar.move, code="HOSPITAL", below="REGION"),
            partial(Registrar.move, code="HOSPITAL", below="INSPECTORATE", hierarchy="SUPERVISION"),
            partial(Registrar.move, code="CLINIC", below="HOSPITAL"),
        ]
        for change in [*moves, merge, *(move for _, move in zip(range(10_000), cycle(moves), strict=False))]:
            if not await self.change(client, change) or self.is_over.is_set():
                return
            await asyncio.sleep(0)

    async def change(self, client: Client, change: Any) -> bool:
        def note(found: Any) -> None:
            assert found["__typename"].endswith("Payload"), found

        return await self.ledger.do(client, lambda client: change(Registrar(client, self.url, self.operator)), note)


async def round_of(site: Site, world: World, number: int) -> int:
    """Let everybody work, kill somebody in the middle of it, and ask again for what was lost; how much that was."""
    merged = f"MERGED-{number}"
    new = {"code": merged, "kind": "BODY", "names": {"en": "New"}, "area": "BY", "spheres": ["HEALTH"]}
    new |= {"subordination": {"below": {"code": "HOSPITAL"}}}
    kill = (site.kill_server, site.kill_postgres, site.kill_connection)[number % 3]
    async with site.client() as client:
        assert await world.change(client, lambda registrar: registrar.change("createOrganization", **new))
        working = asyncio.create_task(world.work(client, merged))
        async with asyncio.timeout(PATIENCE):
            await world.ledger.await_answers(BEFORE_KILL + 7 * number)
        kill()
        world.is_over.set()
        await working
    await asyncio.to_thread(site.mend)
    async with site.client() as client:
        lost = await world.ledger.make_up(client)
        # What was known before stays what it is.
        for key in [*list(world.ledger.counted)[-WRITERS:], *list(world.ledger.refused)[-2:]]:
            assert await world.ledger.send(client, key)
    return lost


def verify(url: str) -> None:
    """As an operator does after an accident."""
    environment = os.environ | {"DATABASE_URL": url}
    done = subprocess.run(["portal", "verify"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_whatever_is_killed_what_was_answered_is_true(site: Site) -> None:
    async with site.client() as client:
        world = World(site.cluster.url, client)
    lost = []
    for number in range(KILLS):
        lost.append(await round_of(site, world, number))
        world.ledger.hold()
        await asyncio.to_thread(verify, world.url)
    logging.getLogger(__name__).info("Without an answer: %s. Answered: %s.", lost, dict(world.ledger.answers))
    # Of what nothing is wrong with, nothing was refused.
    assert world.ledger.refused == world.wrong
    assert {"TOO_SOON", "SCORE_OUT_OF_RANGE"} <= world.ledger.answers.keys()
    assert any(lost)
    hold_totals(world.url)
