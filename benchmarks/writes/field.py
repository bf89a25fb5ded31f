"""The field of writers: the portal and the limits over one database, and what they left in it."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import psycopg

from auth.keys import Keyring
from auth.tokens import Tokens
from benchmarks import pgbench, usage, writers
from benchmarks.contestants import Contestant
from benchmarks.peers import portal
from benchmarks.peers.peer import body, environment
from benchmarks.peers.strawberry import UVICORN
from benchmarks.queries import document
from benchmarks.server import ROOT, WITH_US, Server, free_port, serving
from benchmarks.usage import Tree
from benchmarks.writers import Requests
from benchmarks.writes import crowd, forms, scripts, statements
from benchmarks.writes.crowd import HOT, ORGANIZATIONS, SPREAD, Account, Crowd
from benchmarks.writes.forms import Form
from benchmarks.wrk import Load
from portal.settings import Settings

OURS, BARE, PGBENCH = "ours", "bare", "pgbench"
NAMES = (OURS, BARE, PGBENCH)
LOADS = (HOT, SPREAD)
SEED = "portal"

# More submissions a second than anything here could acknowledge: so many requests are prepared.
FASTEST = {OURS: 1_500, BARE: 3_000, PGBENCH: 3_000}
TOKEN_SECONDS = 24 * 3600

# What one contestant's request is, for an account and a form.
Line = Callable[[Account, Form], bytes]


@dataclass
class Field:
    """What is being set up: `stack` ends it all. `acknowledged` counts the submissions of each contestant."""

    database_url: str
    directory: Path
    stack: ExitStack
    say: Callable[[str], None]
    contestants: list[Contestant] = field(default_factory=list)
    acknowledged: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._database = usage.postgres(self.database_url)
        self._run = time.time_ns()
        home = self.directory / "home"
        self._environment = environment(self.database_url, 0, home)
        self._tokens = Tokens(Keyring(Settings(database_url=self.database_url, home=home).keys_folder))

    def enter(self, names: Sequence[str]) -> None:
        """Start who takes part; the portal runs in any case, as it tells which forms there are."""
        ours = self._serve(OURS, portal.PEER.command)
        hot, spread = crowd.drawn(self.database_url, SEED)
        known = forms.read(ours, [*hot, *spread])
        chosen = [[known[code] for code in codes if code in known][:ORGANIZATIONS] for codes in (hot, spread)]
        self._crowd = Crowd(self.database_url, *chosen)
        if OURS in names:
            self._enter_server(OURS, "the portal", ours, self._ours, "SubmitQuestionnairePayload")
        if BARE in names:
            bare = self._serve(BARE, lambda port: (*UVICORN, "--port", str(port), "benchmarks.peers.bare_writer:app"))
            self._enter_server(BARE, "the statements in a bare handler", bare, self._bare, '"submitted"')
        if PGBENCH in names:
            loads = {load: self._loading_scripts(load) for load in LOADS}
            self.contestants.append(Contestant(PGBENCH, "the statements alone", self._database, loads=loads))

    def _serve(self, name: str, command: Callable[[int], Sequence[str]]) -> Server:
        port = free_port()
        variables = self._environment | {"PORT": str(port)}
        return self.stack.enter_context(serving(command(port), port, variables, self.directory / f"{name}.log"))

    def _enter_server(self, name: str, title: str, server: Server, line: Line, mark: str) -> None:
        loads = {load: self._loading_server(name, load, server, line, mark) for load in LOADS}
        self.contestants.append(Contestant(name, title, self._database, Tree(server.process.pid), loads))

    def _loading_server(
        self, name: str, load: str, server: Server, line: Line, mark: str
    ) -> Callable[[float, int], Load]:
        def drive(seconds: float, clients: int) -> Load:
            accounts = self._crowd.accounts(round(seconds * FASTEST[name]))
            filled = self._crowd.forms(load)
            path = self.directory / f"{name}-{load}"
            lines = (line(account, filled[at % len(filled)]) for at, account in enumerate(accounts))
            path.write_bytes(b"\n".join(lines) + b"\n")
            done = writers.load(server.address, Requests(path, mark), seconds, clients)
            # One request more was made, to see whether it is well formed.
            self._crowd.back(accounts[done.requests + 1])
            return self._counted(name, done)

        return drive

    def _loading_scripts(self, load: str) -> Callable[[float, int], Load]:
        def drive(seconds: float, clients: int) -> Load:
            directory = self.directory / f"{PGBENCH}-{load}"
            directory.mkdir(exist_ok=True)
            share = round(seconds * FASTEST[PGBENCH] / clients)
            first = self._crowd.range(clients * share)
            arguments = scripts.write(directory, self._crowd.forms(load))
            arguments += [f"--define=first={first - 1}", f"--define=share={share}"]
            arguments += [f"--define=key={self._key(PGBENCH)}-{first}"]
            return self._counted(PGBENCH, pgbench.load(self._environment, arguments, seconds, clients))

        return drive

    def _counted(self, name: str, load: Load) -> Load:
        self.acknowledged[name] = self.acknowledged.get(name, 0) + load.requests
        return load

    def _key(self, name: str) -> str:
        return f"{name}-{self._run}"

    def _ours(self, account: Account, form: Form) -> bytes:
        token = self._tokens.issue(account.code, TOKEN_SECONDS)
        asked = body(
            document("submit"), {"input": form.input(f"{self._key(OURS)}-{account.rater}-{form.organization}")}
        )
        return f"Bearer {token}\t".encode() + asked

    def _bare(self, account: Account, form: Form) -> bytes:
        who = {"rater": account.rater, "rater_id": account.rater, "account": account.account}
        values = statements.values(form, f"{self._key(BARE)}-{account.rater}-{form.organization}")
        return b"\t" + orjson.dumps(who | values | {"rater_kind": account.kind})

    def verify(self) -> None:
        """Hold what is stored to what was acknowledged, and all totals to the scores; raises where they differ."""
        with psycopg.connect(self.database_url) as connection:
            for name, acknowledged in self.acknowledged.items():
                query = "SELECT count(*) FROM submission WHERE idempotency_key LIKE %s AND status = 'COUNTED'"
                ((stored,),) = connection.execute(query, [f"{self._key(name)}-%"]).fetchall()
                if stored != acknowledged:
                    raise Differs(f"{name}: {acknowledged} submissions were acknowledged, {stored} are stored.")
        command = [*WITH_US, "portal", "verify", "--database", self.database_url]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Differs(f"portal verify finds: {done.stdout}{done.stderr}")
        self.say(f"Acknowledged and stored: {self.acknowledged}. {done.stdout.strip()}")


class Differs(Exception):
    """What is stored is not what was acknowledged, or a total is not what the scores give."""


@contextmanager
def entered(database_url: str, names: Sequence[str], directory: Path, say: Callable[[str], None]) -> Iterator[Field]:
    """All the named contestants, for the length of a block."""
    directory.mkdir(parents=True)
    with ExitStack() as stack:
        field = Field(database_url, directory, stack, say)
        field.enter(names)
        yield field
