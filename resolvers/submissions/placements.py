"""Placements: how many came by which QR code, for who puts them up.

A tag could be made for one person, who would then be known by it. So a tag is told of only from as
many raters on as a policy says, to its own head as well, and by whole months only.
"""

from typing import Any

from sqlalchemy import BigInteger, FromClause, Integer, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.submissions import Submission, SubmissionStatus
from resolvers.columns import own
from resolvers.ratings import members, periods, protection
from resolvers.ratings.ratings import pool_of

placement = own("placement")
submissions = own("submissions")
raters = own("raters")


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """A row for each tag, those that brought most submissions first."""
    s = Submission.__table__.alias()
    body, count = members.of_organization(o, pool_of(a)), func.count(type_=BigInteger())
    raters = func.count(s.c.rater_id.distinct(), type_=BigInteger())
    mark_sum = cast(func.sum(s.c.mark), BigInteger).label("mark_sum")
    query: Any = select(s.c.placement, count.label("submissions"), raters.label("raters"), mark_sum)
    query = query.where(
        body.said(s.c.organization_id),
        s.c.placement.is_not(None),
        s.c.status == SubmissionStatus.COUNTED,
        *periods.whole_months(s.c.submitted_on, a),
    )
    row = body.look(query.group_by(s.c.placement).having(raters >= protection.least())).lateral()
    order = (Order(row.c.submissions, descending=True), Order(row.c.placement))
    return Rows(row, where=visibility.placements(o.c.id, a), order=order)


def value(p: FromClause, a: Arguments) -> ColumnElement[int]:
    """The published value in hundredths."""
    return func.rating_value(p.c.mark_sum, p.c.submissions, type_=Integer())
