"""What a field can mean. A schema attaches one of these to each of its fields.

The functions in them are pure: from a row (a SQLAlchemy FROM element whose columns are `row.c`)
and the field's shaped arguments to SQL. They run when an operation is planned, once a shape.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLField
from sqlalchemy import ColumnElement, FromClause

from engine.meanings.arguments import Argument, Arguments

METADATA_KEY = "meaning"

# A key that no row has.
NO_KEY = 0


@dataclass(frozen=True)
class Order:
    """One key of an ordering. It is never null, or rows would get lost between pages.

    In the order of a connection it is of a type that JSON has, such as a text or a whole number: cursors hold it.
    """

    key: ColumnElement[Any]
    descending: bool = False


@dataclass(frozen=True)
class Rows:
    """Which rows a field stands for, and in which order.

    `row` is what the fields of the objects are read from; `joins` and `where` pick the rows.
    The last key of `order` is unique, so that the order is total. `extras` are columns that the
    objects' fields read beside those of the row. `present` is null where an object that is part
    of the same row is absent. `missing` is raised where an object that must be there is not.
    `known` is the outer row, where it has what some of the object's fields are read from: whoever
    selects no others needs no row of their own.
    """

    row: FromClause
    where: tuple[ColumnElement[bool], ...] = ()
    joins: tuple[tuple[FromClause, ColumnElement[bool]], ...] = ()
    order: tuple[Order, ...] = ()
    limit: Argument | int | None = None
    extras: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    present: ColumnElement[Any] | None = None
    missing: Exception | None = None
    known: "Known | None" = None


@dataclass(frozen=True)
class Known:
    """The row that some fields of an object, which is always there, can be read from as well."""

    row: FromClause
    fields: frozenset[str]


@dataclass(frozen=True)
class Members:
    """Which rows of a small table a row lists: they come once a statement, with their order.

    `rows` are the table's, whoever lists them. A row's own are those whose keys stand in the array
    `keys`; without it, those that have an element in each of the arrays `columns`, which are
    subscripted by key. The members' fields read these elements, as they are, beside the table's columns.
    """

    rows: Rows
    keys: ColumnElement[Any] | None = None
    columns: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """The objects of a list of which every row has as many: each is read from one row beside it, in order."""

    rows: Sequence[FromClause]


@dataclass(frozen=True)
class Keys:
    """Which objects of a type are wanted, one for each value of a list, in its order.

    `meant` makes the list of the column's values in SQL, where those of the list mean others.
    """

    type: str
    column: str
    values: Argument
    meant: Callable[[ColumnElement[Any]], ColumnElement[Any]] | None = None

    @property
    def sql(self) -> ColumnElement[Any]:
        """The values of the column, in order."""
        return self.meant(self.values.sql) if self.meant else self.values.sql


@dataclass(frozen=True)
class Column:
    """A scalar: one SQL expression."""

    expression: Callable[[Any, Arguments], ColumnElement[Any]]


@dataclass(frozen=True)
class Decimals:
    """An exact decimal number, as text: SQL gives the whole number of its last place's units.

    PostgreSQL takes ten times as long to write such a text as to compute the number.
    """

    units: Callable[[Any, Arguments], ColumnElement[int]]
    places: int


@dataclass(frozen=True)
class GlobalId:
    """The opaque global id of a row, from its key."""

    key: Callable[[Any, Arguments], ColumnElement[int]]


@dataclass(frozen=True)
class Object:
    """At most one object: of the same row, of a joined one, or the first of an order."""

    rows: Callable[[Any, Arguments], Rows]


@dataclass(frozen=True)
class Objects:
    """A list of objects, all of them: only where their number is small by nature."""

    rows: Callable[[Any, Arguments], Rows | Members | Parts]


@dataclass(frozen=True)
class Connection:
    """A Relay connection, paged by keyset; `first` and `last` are at most `maximum`."""

    rows: Callable[[Any, Arguments], Rows]
    maximum: int = 100
    default: int = 20


@dataclass(frozen=True)
class Entities:
    """A list with one entry per key, null where there is none; `argument` is that with the keys."""

    argument: str
    keys: Callable[[Arguments], Keys]


@dataclass(frozen=True)
class Nodes:
    """The object or objects with global ids, at most `maximum`: the fields `node` and `nodes`."""

    argument: str
    maximum: int = 100


@dataclass(frozen=True)
class Reference:
    """A field of a Python object (a mutation's payload) that holds the key of an entity."""

    type: str


@dataclass(frozen=True)
class Representations:
    """Objects of any type that has keys, as other graphs represent them, at most `maximum`: the field `_entities`."""

    argument: str
    maximum: int = 1_000


Meaning = Column | Decimals | GlobalId | Object | Objects | Connection | Entities | Nodes | Representations | Reference


@dataclass(frozen=True)
class ById:
    """Objects are represented by their global id."""


@dataclass(frozen=True)
class ByText:
    """Objects are represented by a text of a column; `meant` makes the ids of objects from a list of such texts."""

    column: str
    meant: Callable[[ColumnElement[Any]], ColumnElement[Any]] | None = None


@dataclass(frozen=True)
class Entity:
    """A type whose objects are rows of a table, whose key is the column `id`, seen by whom `visible` says.

    `keys` are the fields by which other graphs represent them, the first one that is there counts.
    """

    table: FromClause
    visible: Callable[[Any, Arguments], Sequence[ColumnElement[bool]]]
    keys: Mapping[str, ById | ByText] = field(default_factory=dict)


def meaning_of(field: GraphQLField) -> Meaning | None:
    """The meaning that a Strawberry field carries in its metadata, if any."""
    definition = field.extensions.get("strawberry-definition")
    metadata = getattr(definition, "metadata", None) or {}
    meaning: Meaning | None = metadata.get(METADATA_KEY)
    return meaning
