"""The field: all contestants over one database, started, and found to answer the same."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from benchmarks import pgbench, usage
from benchmarks.answers import difference, fields
from benchmarks.contestants import Contestant, of_statements, over_http
from benchmarks.peers import PEERS
from benchmarks.peers.peer import Peer, environment
from benchmarks.peers.strawberry import UVICORN
from benchmarks.queries import Query, Variables
from benchmarks.server import Server, free_port, serving
from benchmarks.statements import Statement, statements_of
from benchmarks.usage import Tree

BARE, PGBENCH = "bare", "pgbench"
NAMES = (*(peer.name for peer in PEERS), BARE, PGBENCH)

# How many different variables each query is asked with, and with how many answers are compared.
POOL, COMPARED = 200, 20
SEED = "portal"

# Under load a mean answer is at least this part of those that were compared, or else something is wrong.
LEAST = 0.7


@dataclass
class Field:
    """What is being set up: `stack` ends it all, `say` tells how far it is.

    `refusals` tells, by contestant and query, why one does not take part; `sizes` the fields of an answer.
    """

    database_url: str
    queries: Sequence[Query]
    directory: Path
    stack: ExitStack
    say: Callable[[str], None]
    contestants: list[Contestant] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._database = usage.postgres(self.database_url)
        self._drawn = {each.name: each.draw(self.database_url, POOL, SEED) for each in self.queries}
        self._expected: dict[str, list[Any]] = {}
        self._requests: dict[str, list[Variables]] = {}

    def enter(self, peer: Peer, *, measured: bool) -> None:
        """Start a peer and let it take part in what it answers as the portal does, which comes first."""
        self.say(f"Starting {peer.title}.")
        peer.prepare(self.database_url)
        server = self._serve(peer.name, peer.command)
        server = replace(server, token=peer.token(self.database_url, self._home))
        contestant = Contestant(peer.name, peer.title, self._database, Tree(server.process.pid))
        for query in self.queries:
            try:
                bodies = peer.bodies(query, self._drawn[query.name], server)
                bytes_each = self._compare(query, peer, bodies, server)
            except ValueError as refusal:
                self.refusals[f"{peer.name} {query.name}"] = str(refusal)
                self.say(f"{peer.title} does not take part in {query.name}: {refusal}")
            else:
                path = self._written(f"{peer.name}-{query.name}", bodies)
                contestant.loads[query.name] = over_http(server, path, LEAST * bytes_each)
        if measured:
            self.contestants.append(contestant)

    def _compare(self, query: Query, peer: Peer, bodies: Sequence[bytes], server: Server) -> float:
        """Hold a peer's answers to the first peer's; the bytes of one."""
        received = [server.post(each) for each in bodies[:COMPARED]]
        answers = [peer.read(query, each) for each in received]
        if query.name not in self._expected:
            self._expected[query.name] = answers
            self._requests[query.name] = [orjson.loads(each)["variables"] for each in bodies]
            self.sizes[query.name] = round(sum(map(fields, answers)) / len(answers))
        for asked, expected, found in zip(bodies, self._expected[query.name], answers, strict=False):
            if place := difference(expected, found):
                raise ValueError(f"it answers something else: {place} ({orjson.loads(asked)['variables']})")
        return sum(map(len, received)) / len(received)

    def enter_limits(self, names: Sequence[str]) -> None:
        """The same statements without GraphQL: from a bare handler, and from pgbench."""
        queries = [query for query in self.queries if not query.distinct]
        statements = {query.name: self._statements(query) for query in queries}
        if BARE in names:
            self.contestants.append(self._bare(statements))
        if PGBENCH in names:
            self.contestants.append(self._pgbench(statements))

    def _statements(self, query: Query) -> list[list[Statement]]:
        return asyncio.run(statements_of(self.database_url, query.document(), self._requests[query.name]))

    def _bare(self, statements: Mapping[str, list[list[Statement]]]) -> Contestant:
        self.say("Starting the bare handler.")
        texts = {query: [text for text, _ in requests[0]] for query, requests in statements.items()}
        path = self._written("statements", [orjson.dumps(texts)])
        server = self._serve(BARE, _bare_command, STATEMENTS=str(path))
        contestant = Contestant(BARE, "the statement in a bare handler", self._database, Tree(server.process.pid))
        for query, requests in statements.items():
            bodies = [
                orjson.dumps({"query": query, "parameters": [values for _, values in each]}, default=str)
                for each in requests
            ]
            contestant.loads[query] = over_http(server, self._written(f"{BARE}-{query}", bodies), 0)
        return contestant

    def _pgbench(self, statements: Mapping[str, list[list[Statement]]]) -> Contestant:
        contestant = Contestant(PGBENCH, "the statement alone", self._database)
        variables = environment(self.database_url, 0, self.directory)
        for query, requests in statements.items():
            scripts = self.directory / f"{PGBENCH}-{query}"
            scripts.mkdir()
            contestant.loads[query] = of_statements(variables, pgbench.write_scripts(scripts, requests))
        return contestant

    def _serve(self, name: str, command: Callable[[int], Sequence[str]], **more: str) -> Server:
        port = free_port()
        variables = environment(self.database_url, port, self._home) | more
        return self.stack.enter_context(serving(command(port), port, variables, self.directory / f"{name}.log"))

    @property
    def _home(self) -> Path:
        return self.directory / "home"

    def _written(self, name: str, lines: Sequence[bytes]) -> Path:
        path = self.directory / name
        path.write_bytes(b"\n".join(lines) + b"\n")
        return path


def _bare_command(port: int) -> Sequence[str]:
    return (*UVICORN, "--port", str(port), "benchmarks.peers.bare:app")


@contextmanager
def entered(
    database_url: str, queries: Sequence[Query], names: Sequence[str], directory: Path, say: Callable[[str], None]
) -> Iterator[Field]:
    """All the named contestants, for the length of a block. The portal runs in any case: it is the measure."""
    directory.mkdir(parents=True)
    with ExitStack() as stack:
        field = Field(database_url, queries, directory, stack, say)
        for peer in PEERS:
            if peer.name in names or peer is PEERS[0]:
                field.enter(peer, measured=peer.name in names)
        field.enter_limits(names)
        yield field
