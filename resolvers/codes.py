"""Codes: what other systems know things by."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, Text, any_, cast, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from engine import global_ids


def ids_of(table: Any, codes: Any) -> ColumnElement[Any]:
    """The ids of the given codes, once a statement; the database refuses an unknown code."""
    kind, name = literal(table.__tablename__), literal(codes.name)
    wanted = codes.map(_as_list, ARRAY(Text()))
    return select(func.ids_of(kind, wanted, name, type_=ARRAY(BigInteger()))).scalar_subquery()


def _as_list(codes: str | list[str]) -> list[str]:
    return [codes] if isinstance(codes, str) else codes


def among(column: ColumnElement[Any], table: Any, codes: Any) -> ColumnElement[bool]:
    """True where a reference is one of the given codes."""
    return column == any_(cast(ids_of(table, codes), ARRAY(BigInteger())))


def known(table: Any, codes: Any) -> ColumnElement[bool]:
    """True; the database refuses an unknown code."""
    return ids_of(table, codes).is_not(None)


def referred(row: FromClause, reference: Any, typename: str) -> ColumnElement[bool]:
    """True for the row that a reference by id or by code (exactly one of them) points at."""
    if reference.id is not None:
        name = reference.id.name
        key = reference.id.map(lambda id_: global_ids.key_of(id_, typename, name), BigInteger())
        found: ColumnElement[bool] = row.c.id == key
    else:
        found = row.c.code == reference.code
    return found
