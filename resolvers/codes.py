"""Codes: what other systems know things by."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, Text, any_, cast, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings import global_ids
from models.organizations import Organization


def ids_of(table: Any, codes: Any) -> ColumnElement[Any]:
    """The ids of the given codes, once a statement however often they are read; the database refuses an unknown code."""
    kind, name = literal(table.__tablename__), literal(codes.name)
    wanted = codes.map(_as_list, ARRAY(Text()))
    found = select(func.ids_of(kind, wanted, name, type_=ARRAY(BigInteger())).label("ids")).cte()
    return select(found.c.ids).scalar_subquery()


def _as_list(codes: str | list[str]) -> list[str]:
    return [codes] if isinstance(codes, str) else codes


def among(column: ColumnElement[Any], table: Any, codes: Any) -> ColumnElement[bool]:
    """True where a reference is one of the given codes."""
    return one_of(column, ids_of(table, codes))


def one_of(column: ColumnElement[Any], ids: ColumnElement[Any]) -> ColumnElement[bool]:
    """True where a reference is one of some ids."""
    return column == any_(cast(ids, ARRAY(BigInteger())))


def known(table: Any, codes: Any) -> ColumnElement[bool]:
    """True; the database refuses an unknown code."""
    return ids_of(table, codes).is_not(None)


def referred(row: FromClause, reference: Any, typename: str) -> ColumnElement[bool]:
    """True for the organization that a reference by id or by code (exactly one of them) means today."""
    return row.c.id == meant(reference, typename)


def meant(reference: Any, typename: str = "Organization") -> ColumnElement[int]:
    """The id of the organization that a reference means today, null for none: of a merged one, who took it over."""
    named = Organization.__table__.alias()
    if reference.id is not None:
        name = reference.id.name
        key = reference.id.map(lambda id_: global_ids.key_of(id_, typename, name), BigInteger())
        found: ColumnElement[bool] = named.c.id == key
    else:
        found = named.c.code == reference.code
    return select(standing_for(named)).where(found).scalar_subquery()


def organizations_known_as(codes: ColumnElement[Any]) -> ColumnElement[Any]:
    """The ids of the organizations that a list of codes means today, in order, null for an unknown one."""
    return func.organizations_known_as(codes, type_=ARRAY(BigInteger()))


def standing_for(o: FromClause) -> ColumnElement[int]:
    """The id of who stands for an organization today: itself, unless it was merged into another."""
    return func.coalesce(o.c.merged_into_id, o.c.id)
