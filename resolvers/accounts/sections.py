"""Sections of somebody's data: rows as JSON objects, put together by the database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

# What a section tells of each of its rows, by name.
Told = Mapping[str, ColumnElement[Any]]


def listed(told: Told, order: ColumnElement[Any], rows: Select[Any], within: Any = None) -> ColumnElement[Any]:
    """The rows of a section as an array of objects; `within` is the row that they are a part of."""
    every = func.jsonb_agg(aggregate_order_by(as_object(told), order))
    query = rows.with_only_columns(func.coalesce(every, cast(literal("[]"), JSONB())), maintain_column_froms=True)
    return (query if within is None else query.correlate(within)).scalar_subquery()


def as_object(told: Told) -> ColumnElement[Any]:
    """What is told of one row, as an object."""
    pairs = (part for name, value in told.items() for part in (cast(literal(name), Text()), value))
    return func.jsonb_build_object(*pairs, type_=JSONB())


def camel(name: str) -> str:
    """The name of a column, as it is told."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
