"""Policies: what is in force, what was, and what is to come."""

from typing import Any

from sqlalchemy import (
    DateTime,
    Enum,
    FromClause,
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.policies import RULES, Policy, PolicyName
from resolvers.columns import own

name = own("name")
valid_from = own("valid_from")
valid_to = own("valid_to")


def in_force(_: None, a: Arguments) -> Rows:
    """The row of each policy that is in force now."""
    row, later = Policy.__table__.alias(), Policy.__table__.alias()
    follows = and_(later.c.name == row.c.name, later.c.valid_from > row.c.valid_from, later.c.valid_from <= func.now())
    replaced = select(later.c.name).where(follows).correlate(row).exists()
    return Rows(row, where=(row.c.valid_from <= func.now(), ~replaced), order=(Order(row.c.name),))


def history(p: FromClause, a: Arguments) -> Rows:
    """All values of a policy, those to come first, each until the one that follows it."""
    row = Policy.__table__.alias()
    until = func.lead(row.c.valid_from, type_=DateTime(timezone=True)).over(order_by=row.c.valid_from)
    order = (Order(row.c.valid_from, descending=True),)
    return Rows(row, where=(row.c.name == p.c.name,), order=order, extras={"valid_to": until})


def value(p: FromClause, a: Arguments) -> ColumnElement[str]:
    """The value as text: the empty path takes it out of its JSON."""
    found: ColumnElement[str] = p.c.value.op("#>>", return_type=Text())(literal_column("'{}'"))
    return found


def description(p: FromClause, a: Arguments) -> ColumnElement[str]:
    return _by_name(p, {each: literal(rule.decides) for each, rule in RULES.items()})


def unit(p: FromClause, a: Arguments) -> ColumnElement[str]:
    return _by_name(p, {each: literal(rule.unit) for each, rule in RULES.items()})


def least(p: FromClause, a: Arguments) -> ColumnElement[int]:
    return _by_name(p, {each: _number(rule.least) for each, rule in RULES.items()})


def most(p: FromClause, a: Arguments) -> ColumnElement[int]:
    return _by_name(p, {each: _number(rule.most) for each, rule in RULES.items()})


def _by_name(p: FromClause, values: dict[PolicyName, ColumnElement[Any]]) -> ColumnElement[Any]:
    names = Enum(PolicyName, name="policy_name")
    return case(*((p.c.name == literal(each, names), found) for each, found in values.items()))


def _number(value: int | None) -> ColumnElement[Any]:
    return cast(null(), Integer()) if value is None else literal(value)
