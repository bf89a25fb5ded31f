"""QR codes: the address that opens an organization's rating form, and where its picture is."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, func, select

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models.errors import InputError
from models.organizations import Organization, OrganizationService
from models.services import Service
from resolvers import codes
from resolvers.columns import own
from resolvers.submissions.tags import PLACEMENT, is_placement

# The name by which every request shares where people see the portal.
PUBLIC_URL = "public_url"
# The page of the portal that is a rating form, and what makes pictures of codes.
FORM, PICTURES = "/rate", "/qr-codes"

link = own("link")
svg = own("svg")
png = own("png")


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The code of whom an organization stands for today, unless that is closed or does not render the service."""
    row = Organization.__table__.alias()
    asked = _asked(row, a)
    columns = {
        "link": func.concat(a.shared(PUBLIC_URL, Text()), FORM, asked, type_=Text()),
        **{form: func.concat(f"{PICTURES}/{form}", asked, type_=Text()) for form in ("svg", "png")},
    }
    query: Any = select(*(value.label(name) for name, value in columns.items()))
    query = query.where(row.c.id == codes.standing_for(o), row.c.closed_on.is_(None), *_rendered(row, a)).correlate(o)
    return Rows(query.lateral(), missing=_missing(a))


def _asked(row: FromClause, a: Arguments) -> ColumnElement[str]:
    """The query of the address: what the form is opened for."""
    parts: list[Any] = ["?organization=", func.percent_encoded(row.c.code)]
    if a.service is not None:
        parts += ["&service=", func.percent_encoded(a.service, type_=Text())]
    if a.placement is not None:
        parts += ["&placement=", a.placement.map(_checked, Text())]
    return func.concat(*parts, type_=Text())


def _rendered(row: FromClause, a: Arguments) -> tuple[ColumnElement[bool], ...]:
    if a.service is None:
        return ()
    renders = OrganizationService.__table__.alias()
    query = select(renders.c.service_id).where(
        renders.c.organization_id == row.c.id, codes.among(renders.c.service_id, Service, a.service)
    )
    return (query.exists(),)


def _missing(a: Arguments) -> InputError:
    if a.service is None:
        return InputError("organization", "is closed: nobody can rate it")
    return InputError("service", "is not rendered by the organization, or this is closed: nobody can rate it there")


def _checked(placement: str) -> str:
    if not is_placement(placement):
        raise InputError("placement", f"is not {PLACEMENT}")
    return placement
