"""The operations whose points are held against their statements, and what they are asked about."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from graphql import OperationDefinitionNode, parse, print_ast

FILE = Path(__file__).parent / "operations.graphql"

# A busy organization, and what is above and around it: what costs most is what a point has to cover.
ABOUT: LiteralString = """
    WITH busy AS (SELECT organization.id, organization.code FROM total JOIN organization ON id = organization_id
        WHERE pool = 'SUBORDINATION' AND submissions > 0 ORDER BY total.submissions DESC OFFSET %(skipped)s LIMIT 1)
    SELECT busy.code, (SELECT code FROM sphere ORDER BY code OFFSET %(skipped)s %% 7 LIMIT 1) AS sphere,
        (SELECT code FROM area WHERE nlevel(path) = 2 ORDER BY code OFFSET %(skipped)s %% 6 LIMIT 1) AS region FROM busy"""
# From the busiest to one of many.
SKIPPED = (1, 40, 3_000)


def operations() -> Mapping[str, str]:
    """The texts of all operations, by name."""
    found = (each for each in parse(FILE.read_text()).definitions if isinstance(each, OperationDefinitionNode))
    return {each.name.value: print_ast(each) for each in found if each.name}


def about(database_url: str) -> list[dict[str, Any]]:
    """Variables: each operation takes those that it has."""
    with psycopg.connect(database_url, row_factory=psycopg.rows.dict_row) as connection:
        return [dict(row) for skipped in SKIPPED for row in connection.execute(ABOUT, {"skipped": skipped}).fetchall()]
