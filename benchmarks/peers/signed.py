"""The portal, asked by somebody with an access token: an account, and another system."""

from pathlib import Path

import psycopg

from auth.keys import Keyring
from auth.tokens import Tokens
from benchmarks.peers import portal
from benchmarks.peers.peer import Peer

CLIENT = "benchmark"
# Longer than any run.
SECONDS = 24 * 3600
REGISTER = """INSERT INTO client (code, name, scopes, secret_digest) VALUES (%s, 'Benchmark', '{submissions:write}', '')
    ON CONFLICT DO NOTHING"""


def _account(database_url: str, home: Path) -> str:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT code FROM account ORDER BY id LIMIT 1").fetchone()
    assert row is not None
    return _tokens(home).issue(row[0], SECONDS)


def _machine(database_url: str, home: Path) -> str:
    with psycopg.connect(database_url) as connection:
        connection.execute(REGISTER, [CLIENT])
    return _tokens(home).issue(CLIENT, SECONDS, CLIENT, "submissions:write")


def _tokens(home: Path) -> Tokens:
    return Tokens(Keyring(home / "keys"))


PEER = Peer("signed", "the portal, with an account's token", portal.PEER.command, token=_account)
MACHINE = Peer("machine", "the portal, with another system's token", portal.PEER.command, token=_machine)
