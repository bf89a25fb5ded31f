"""Applications, as those who applied and those who decide see them."""

from typing import Any

from sqlalchemy import BigInteger, FromClause, any_, false
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.applications import Application
from models.organizations import Organization
from models.services import Service, Sphere
from resolvers.columns import own
from resolvers.languages import in_language, translated
from resolvers.organizations import organizations

name = translated("name")
address = translated("address")
comment = own("comment")
status = own("status")
applied_at = own("applied_at")
decided_at = own("decided_at")
reason = own("reason")

# What it asks for is called as on the register.
kind = organizations.kind
area = organizations.area
location = organizations.location


def is_own(application: FromClause, a: Arguments) -> ColumnElement[bool]:
    """Whether the viewer is who applied."""
    if not a.shape.signed_in:
        return false()
    applied: ColumnElement[bool] = application.c.account_id == a.shared("account_id", BigInteger())
    return applied.is_(True)


def spheres(application: FromClause, a: Arguments) -> Rows:
    row = Sphere.__table__.alias()
    order = (Order(row.c.ordinal), Order(row.c.id))
    return Rows(row, where=(row.c.id == any_(application.c.sphere_ids),), order=order)


def services(application: FromClause, a: Arguments) -> Rows:
    row = Service.__table__.alias()
    order = (Order(in_language(row, "name", a.shape.language)), Order(row.c.id))
    return Rows(row, where=(row.c.id == any_(application.c.service_ids),), order=order)


def subordinate_to(application: FromClause, a: Arguments) -> Rows:
    return _organization(application.c.subordinate_to_id)


def supervised_by(application: FromClause, a: Arguments) -> Rows:
    return _organization(application.c.supervised_by_id)


def organization(application: FromClause, a: Arguments) -> Rows:
    return _organization(application.c.organization_id)


def _organization(key: Any) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == key,))


def listed(_: None, a: Arguments) -> Rows:
    """The latest first, of one status where one is asked for."""
    row = Application.__table__.alias()
    where = () if a.status is None else (row.c.status == a.status,)
    return Rows(row, where=where, order=(Order(row.c.id, descending=True),))
