"""Clients, as operators read them: other systems, and what each may do."""

from sqlalchemy import FromClause, case, literal
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.clients import Client
from models.organizations import Organization
from models.services import Sphere
from resolvers.columns import own

id_ = own("id")
code = own("code")
name = own("name")
scopes = own("scopes")
hierarchy = own("hierarchy")
registered_at = own("registered_at")
revoked_at = own("revoked_at")


def listed(_: None, a: Arguments) -> Rows:
    """All that the viewer may see, the latest first, the revoked ones as well."""
    row = Client.__table__.alias()
    return Rows(row, order=(Order(row.c.id, descending=True),))


def organization(c: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == c.c.organization_id,))


def sphere(c: FromClause, a: Arguments) -> Rows:
    row = Sphere.__table__.alias()
    return Rows(row, where=(row.c.id == c.c.sphere_id,))


def has_secret(c: FromClause, a: Arguments) -> ColumnElement[bool]:
    """A client without one has keys."""
    return case((c.c.secret_digest.is_not(None), literal(True)), else_=literal(False))
