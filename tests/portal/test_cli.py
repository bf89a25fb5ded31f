"""The command line `portal`: quick to start, and clear about what it refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from joserfc import jwt

from auth.keys import Keyring

# What a command that has nothing to do with it must not load: each takes a good part of a second.
HEAVY = ["strawberry", "sqlalchemy", "alembic", "uvicorn", "exchange", "schema", "resolvers", "rich.table"]


def portal(url: str, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": url, "PORTAL_HOME": str(home)}
    return subprocess.run(["portal", *words], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("module", HEAVY)
def test_starting_does_not_load_what_only_some_commands_need(module: str) -> None:
    loaded = f"import sys, portal.cli; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0


def test_a_token_is_for_the_account(seeded_url: str, tmp_path: Path) -> None:
    done = portal(seeded_url, "token", "--user", "user-000001", home=tmp_path)
    key = Keyring(tmp_path / "keys").current
    assert jwt.decode(done.stdout.strip(), key, algorithms=["ES256"]).claims["sub"] == "user-000001"


def test_nobody_gets_no_token(seeded_url: str, tmp_path: Path) -> None:
    done = portal(seeded_url, "token", "--user", "nobody-there", home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "portal: there is no account nobody-there.\n"


@pytest.mark.parametrize("words", [("migrate",), ("demo", "--if-empty"), ("token", "--user", "a")])
def test_a_database_that_is_away_is_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    done = portal(f"postgresql:///nowhere?host={tmp_path}", *words, home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("portal: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "DATABASE_URL: Field required"),
        ({"DATABASE_URL": "postgresql:///x", "PORTAL_PORT": "70000"}, "PORTAL_PORT: "),
        ({"DATABASE_URL": "postgresql:///x", "PORTAL_LANGUAGE": "PL"}, "PORTAL_LANGUAGE: "),
    ],
)
def test_serve_names_a_setting_that_is_wrong(environment: dict[str, str], told: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DATABASE_URL"))}
    done = subprocess.run(["portal", "serve"], env=clean | environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert told.lower() in done.stderr.lower()
    assert "Traceback" not in done.stderr
