"""How an organization answers what is said of it: public figures, of its own reviews or of its subtree's.

Everything is counted over the days on which reviews came. Whatever counts and is not hidden is to be
answered, whether it is public or not.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Integer, and_, cast, func, select

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models.complaints import Complaint
from models.policies import PolicyName
from models.reviews import Review, ReviewState
from models.submissions import SubmissionStatus
from resolvers.columns import own
from resolvers.ratings import members
from resolvers.ratings.members import Members
from resolvers.ratings.ratings import pool_of
from resolvers.voices import complaints, deadlines

reviews = own("reviews")
seen = own("seen")
answered = own("answered")
in_time = own("in_time")
overdue = own("overdue")
median_days = own("median_days")
acted_on = own("acted_on")
settled = own("settled")
unsettled = own("unsettled")


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The counts over an organization's reviews, in one pass."""
    body, r = members.of_organization(o, pool_of(a)), Review.__table__.alias()
    days = r.c.answered_on - r.c.submitted_on
    in_time = and_(r.c.answered_on.is_not(None), r.c.answered_on <= deadlines.due_on(r, PolicyName.REPLY_DAYS))
    counts = {
        "reviews": func.count(),
        "seen": func.count(r.c.seen_on),
        "answered": func.count(r.c.answered_on),
        "in_time": func.count().filter(in_time),
        "overdue": func.count().filter(deadlines.is_overdue(r)),
        "median_days": cast(func.percentile_disc(0.5).within_group(days).filter(days.is_not(None)), Integer),
        "acted_on": func.count().filter(r.c.has_measures),
        "settled": func.count().filter(r.c.settled),
        "unsettled": func.count().filter(~r.c.settled),
    }
    query: Any = select(*(count.label(name) for name, count in counts.items())).select_from(r)
    query = query.where(r.c.status == SubmissionStatus.COUNTED, r.c.state != ReviewState.HIDDEN, *_said(r, body, a))
    return Rows(body.look(query).lateral())


def complaints_of_organization(o: FromClause, a: Arguments) -> Rows:
    """How many complaints there were about reviews that came in these days, and about replies to them."""
    body, r, c = members.of_organization(o, pool_of(a)), Review.__table__.alias(), Complaint.__table__.alias()
    rows = select().select_from(r).join(c, c.c.submission_id == r.c.submission_id).where(*_said(r, body, a))
    return Rows(body.look(complaints.counted(c, rows)).lateral())


def share(r: FromClause, a: Arguments) -> ColumnElement[int]:
    """Of those that were answered or should have been, the share that was, in ten-thousandths, rounded half up."""
    due = r.c.answered + r.c.overdue
    return (20_000 * r.c.answered + due) // func.nullif(2 * due, 0, type_=BigInteger())


def _said(r: FromClause, body: Members, a: Arguments) -> list[ColumnElement[bool]]:
    where = [body.said(r.c.organization_id)]
    if a.from_ is not None:
        where.append(r.c.submitted_on >= a.from_.sql)
    if a.to is not None:
        where.append(r.c.submitted_on <= a.to.sql)
    return where
