"""Spheres, categories and services."""

from typing import Any

from sqlalchemy import FromClause, func
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.services import Category, Service, Sphere
from resolvers import codes
from resolvers.columns import own
from resolvers.languages import in_language
from resolvers.sets import search

code = own("code")


def spheres(_: None, a: Arguments) -> Rows:
    row = Sphere.__table__.alias()
    return Rows(row, order=(Order(row.c.ordinal), Order(row.c.id)))


def categories(sphere: FromClause, a: Arguments) -> Rows:
    row = Category.__table__.alias()
    return Rows(
        row,
        where=(row.c.sphere_id == sphere.c.id,),
        order=(Order(row.c.ordinal), Order(row.c.id)),
    )


def sphere(category: FromClause, a: Arguments) -> Rows:
    row = Sphere.__table__.alias()
    return Rows(row, where=(row.c.id == category.c.sphere_id,))


def category(service: FromClause, a: Arguments) -> Rows:
    row = Category.__table__.alias()
    return Rows(row, where=(row.c.id == service.c.category_id,))


def listed(_: None, a: Arguments) -> Rows:
    """Services by name, all or those that match a text or belong to a category."""
    row = Service.__table__.alias()
    where = []
    if a.text is not None:
        where.append(search.matches(_searchable(row), a.text))
    if a.category is not None:
        where.append(codes.among(row.c.category_id, Category, a.category))
    order = (Order(in_language(row, "name", a.shape.language)), Order(row.c.id))
    return Rows(row, where=tuple(where), order=order)


def _searchable(row: Any) -> ColumnElement[str]:
    """Services are some hundred: their names are normalised on the way, without an index."""
    return func.search_normal(func.concat_ws(" ", row.c.code, row.c.name_be, row.c.name_ru, row.c.name_en))
