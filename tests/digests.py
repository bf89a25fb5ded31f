"""Digests of all tables, by which a test of a refusal shows that nothing has changed, or in which table something did."""

from decimal import Decimal

import psycopg
from psycopg.sql import SQL, Identifier, Literal

# PostGIS has one of its own among them, of some megabytes, which nobody writes to.
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"
# That something was read on the way is left out.
ROWS = "SELECT {}, sum(hashtextextended(t::text, 0)) FROM {} AS t WHERE t::text NOT LIKE '%,DATA_READ,%'"


def digests(url: str) -> dict[str, Decimal | None]:
    """A number for each table, which changes whenever any row of it does; None for one without rows."""
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute(TABLES).fetchall()]
        each = (SQL(ROWS).format(Literal(name), Identifier(name)) for name in names)
        return dict(connection.execute(SQL(" UNION ALL ").join(each)).fetchall())
