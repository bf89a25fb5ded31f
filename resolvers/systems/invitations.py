"""Links to rate a rendered service: as their holders see them, and how many were answered."""

from typing import Any

from sqlalchemy import BigInteger, FromClause, LargeBinary, and_, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from auth import secrets
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models.invitations import Invitation
from models.organizations import Organization
from models.services import Service
from resolvers.columns import own
from resolvers.ratings import members, periods, protection
from resolvers.ratings.ratings import pool_of

visited_on = own("visited_on")
expires_at = own("expires_at")
rater_kind = own("rater_kind")
sent = own("sent")
answered = own("answered")
withheld = own("withheld")


def of_token(_: None, a: Arguments) -> Rows:
    """The link whose secret is told: whoever has it may see it."""
    row = Invitation.__table__.alias()
    return Rows(row, where=(row.c.token_digest == a.token.map(secrets.digest, LargeBinary()),))


def is_open(i: FromClause, a: Arguments) -> ColumnElement[bool]:
    """Whether it can be used."""
    return and_(i.c.answered_on.is_(None), i.c.expires_at > func.now())


def organization(i: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == i.c.organization_id,))


def service(i: FromClause, a: Arguments) -> Rows:
    row = Service.__table__.alias()
    return Rows(row, where=(row.c.id == i.c.service_id,))


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """How many links of whole months were sent and answered; the latter not where few were sent."""
    i, body = Invitation.__table__.alias(), members.of_organization(o, pool_of(a))
    where = (body.said(i.c.organization_id), *periods.whole_months(i.c.sent_on, a))
    counts: Any = select(func.count().label("sent"), func.count(i.c.answered_on).label("answered")).where(*where)
    count = body.look(counts).lateral()
    few = protection.is_few(count.c.sent)
    told = case((few, None), else_=count.c.answered)
    row = select(count.c.sent, told.label("answered"), few.label("withheld"))
    return Rows(row.lateral())


def rate(r: FromClause, a: Arguments) -> ColumnElement[int]:
    """The share of answered links in ten-thousandths, rounded half up, in integers; null of none."""
    return (20_000 * r.c.answered + r.c.sent) // func.nullif(2 * r.c.sent, 0, type_=BigInteger())
