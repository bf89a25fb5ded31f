"""The machine and the versions that figures belong to: without them they mean little."""

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import psycopg

from benchmarks.peers import node

PACKAGES = ("strawberry-graphql", "graphql-core", "sqlalchemy", "psycopg", "starlette", "uvicorn")
NODE_PACKAGES = ("mercurius", "fastify", "postgraphile", "grafserv", "graphql", "pg")


def described(database_url: str) -> dict[str, Any]:
    """What a reader of the figures has to know."""
    with psycopg.connect(database_url) as connection:
        server = connection.info.parameter_status("server_version")
        fsync = connection.execute("show fsync").fetchone()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load": load(),
        "commit": _output("git", "rev-parse", "--short", "HEAD"),
        "changed": bool(_output("git", "status", "--porcelain", "--untracked-files=no")),
        "versions": {"python": platform.python_version(), "postgresql": server, **_packages()},
        "fsync": fsync[0] if fsync else None,
    }


def load() -> float:
    """How many processes wanted to run in the last minute; before a careful run it is near 0."""
    return round(os.getloadavg()[0], 2)


def _packages() -> Mapping[str, str]:
    modules = node.HERE / "node_modules"
    found = {name: version(name) for name in PACKAGES}
    if not modules.exists():  # no peer on Node takes part
        return found
    for name in NODE_PACKAGES:
        found[name] = orjson.loads((modules / name / "package.json").read_bytes())["version"]
    return found | {"node": _output(node.program(), "--version")}


def _output(*command: str) -> str:
    return subprocess.run(
        command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    ).stdout.strip()
