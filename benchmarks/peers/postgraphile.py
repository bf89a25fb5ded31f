"""PostGraphile over views and functions of a schema of its own."""

from typing import Any

import psycopg

from benchmarks.peers import node
from benchmarks.peers.peer import Peer

SCHEMA = "peer_postgraphile"
MAP_LIMIT = 500


def _prepare(database_url: str) -> None:
    """Make its schema anew."""
    with psycopg.connect(database_url) as connection:
        connection.execute(f"drop schema if exists {SCHEMA} cascade".encode())
        connection.execute((node.HERE / "postgraphile" / "api.sql").read_bytes())


# Views are flat where the portal's types nest.


def _by_criterion(organization: dict[str, Any]) -> dict[str, Any]:
    for each in organization["rating"]["byCriterion"]:
        each["criterion"] = _taken(each, "code", "name")
    return organization


def _taken(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row.pop(name) for name in names if name in row}


def _one(data: Any) -> Any:
    _by_criterion(data["organization"])
    return data


def _page(data: Any) -> Any:
    for each in data["organizations"]["nodes"]:
        _by_criterion(each)
    return data


def _map(data: Any) -> Any:
    rows = data["organizationsOnMap"]["nodes"]
    for each in rows:
        organization = each["organization"]
        organization["location"] = _taken(organization, "latitude", "longitude")
    found = rows[0]["found"] if rows else 0
    organizations = [each["organization"] for each in rows]
    return {"organizationsOnMap": {"organizations": organizations, "leftOut": max(found - MAP_LIMIT, 0)}}


def _ranking(data: Any) -> Any:
    for each in data["ranking"]["nodes"]:
        each["rank"] = _taken(each, "position", "tied", "outOf", "notRanked")
        each["rating"] = each["organization"].pop("rating")
    return data


PEER = Peer(
    "postgraphile",
    "PostGraphile 5",
    lambda port: node.command("postgraphile"),
    dialect="postgraphile",
    normalisers={"Q1": _one, "Q2": _page, "Q4": _map, "Q5": _ranking},
    prepare=_prepare,
)
