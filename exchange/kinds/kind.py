"""What a kind of files is: its columns, and how they meet the tables."""

from collections.abc import Callable
from dataclasses import dataclass

from psycopg import Connection

from exchange.columns import Column
from exchange.load import Load


@dataclass(frozen=True)
class Check:
    """Rows for which the SQL condition `wrong` holds are rejected; it sees the table `incoming`."""

    field: str
    wrong: str
    reason: str


def unknown(field: str, table: str) -> Check:
    """Rejects a code that no row of a table has."""
    return Check(
        field,
        f"{field} IS NOT NULL AND NOT EXISTS (SELECT FROM {table} WHERE {table}.code = incoming.{field})",
        f"no {table.replace('_', ' ')} has this code",
    )


NAMELESS = Check("name_be", "num_nonnulls(name_be, name_ru, name_en) = 0", "has no name in any language")


def _nothing_more(load: Load) -> None:
    """Most kinds need no other checks than those of single rows."""


@dataclass(frozen=True)
class Kind:
    """One kind of files, for import and export alike.

    `current` selects what is stored in the columns of the file, so that one definition says both
    what an export holds and whether an import changes anything. `extras` and `joins` add to the
    rows of `incoming` what the codes in them refer to. `settle` makes checks that need several
    statements. `save` writes what is new or changed, and tells whether totals have to be recounted.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    current: str
    order: str
    save: Callable[[Connection], bool]
    optional: tuple[Column, ...] = ()
    extras: str = ""
    joins: str = ""
    checks: tuple[Check, ...] = ()
    settle: Callable[[Load], None] = _nothing_more
    unchangeable: bool = False
    geometry: tuple[str, ...] = ()
