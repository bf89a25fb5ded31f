"""The supergraph is composed of what both graphs are; a contract graph can be cut from it."""

import re
import subprocess

import pytest
from graphql import build_schema

from federation.gateway import FEDERATION, GATEWAYS
from federation.one_stop_shop import schema as one_stop_shop
from schema.sdl import TAKE_A_ROLE
from tests.npm import installed


@pytest.fixture(scope="module")
def composer() -> list[str]:
    """The command that composes."""
    folder = GATEWAYS["apollo"].folder
    installed(folder)
    return ["node", str(folder / "compose.js")]


def printed(command: list[str]) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def test_the_one_stop_shops_schema_is_the_one_that_its_code_makes() -> None:
    committed = FEDERATION / "one_stop_shop" / "schema.graphql"
    assert committed.read_text() == one_stop_shop.schema.as_str() + "\n"


def test_the_supergraph_is_composed_of_both(composer: list[str]) -> None:
    committed = (FEDERATION / "supergraph.graphql").read_text()
    assert printed(composer) == committed, "node federation/gateways/apollo/compose.js > federation/supergraph.graphql"


def test_the_contract_graph_has_what_is_public_and_nothing_that_takes_a_role(composer: list[str]) -> None:
    public = build_schema(printed([*composer, "--public"]), assume_valid_sdl=True)
    fields = {
        f"{type_.name}.{name}" for type_ in public.type_map.values() for name in getattr(type_, "fields", None) or {}
    }
    assert not fields & TAKE_A_ROLE
    assert not {"AuditEvent", "IntegrityFinding", "RejectSubmissionInput"} & public.type_map.keys()
    assert {"Organization.rating", "Query.ranking", "Mutation.submitQuestionnaire", "SubmissionEvent.kind"} <= fields
    assert {"Case.organization", "Organization.waitingMinutes"} <= fields


def test_nothing_tells_where_packages_came_from() -> None:
    for gateway in GATEWAYS.values():
        assert not re.search(r'"resolved"', (gateway.folder / "package-lock.json").read_text())
