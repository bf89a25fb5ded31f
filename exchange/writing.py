"""Writing rows of `incoming` into a table that is known by codes."""

from collections.abc import Mapping

from psycopg import Connection

from exchange.load import CHANGED, NEW


def same(*columns: str) -> dict[str, str]:
    """Columns that are called the same in the file and in the table."""
    return {column: f"incoming.{column}" for column in columns}


def id_of(table: str, field: str) -> str:
    """The id of what a column of the file refers to by code."""
    return f"(SELECT id FROM {table} WHERE {table}.code = incoming.{field})"


NAMES = same("name_be", "name_ru", "name_en")


def by_code(connection: Connection, table: str, values: Mapping[str, str], among: str = "true") -> None:
    """Insert the new rows, in the order of the file, and update the changed ones."""
    connection.execute(f"""
        INSERT INTO {table} (code, {", ".join(values)}) SELECT code, {", ".join(values.values())}
        FROM incoming WHERE {NEW} AND {among} ORDER BY number""")
    connection.execute(f"""
        UPDATE {table} AS stored SET {", ".join(f"{column} = {value}" for column, value in values.items())}
        FROM incoming WHERE incoming.code = stored.code AND {CHANGED} AND {among}""")
