"""The public audit of GraphQL over HTTP, by those who wrote the specification: all that a server must and should do."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.npm import installed, program
from tests.servers import serving

AUDIT = Path(__file__).parent / "audit"


def test_every_check_of_the_audit_passes(seeded_url: str, tmp_path: Path) -> None:
    installed(AUDIT)
    with serving(seeded_url, tmp_path) as server:
        command = [*program("node"), "audit.js", f"{server.address}/graphql"]
        told = subprocess.run(command, cwd=AUDIT, stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
    checks = [json.loads(line) for line in told.splitlines()]
    assert len(checks) > 60
    assert {each["name"].split()[0] for each in checks} >= {"MUST", "SHOULD"}
    failed = [f"{each['id']} {each['name']}: {each['reason']}" for each in checks if each["status"] != "ok"]
    if failed:
        pytest.fail("\n".join(failed))
