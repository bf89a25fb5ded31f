"""Until when a review is to be seen and answered: whole days after the date on which it came, by policies of that date."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    and_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from models import policies
from models.clock import today
from models.organizations import Organization
from models.policies import RULES, PolicyName
from models.reviews import ReviewState
from models.submissions import SubmissionStatus
from resolvers.sets import filters


def due_on(r: FromClause, name: PolicyName) -> ColumnElement[date]:
    """The last day, by the policy of the day on which it came."""
    return cast(r.c.submitted_on + policies.whole_on(name, r.c.submitted_on), Date())


def has_passed(r: FromClause, name: PolicyName) -> ColumnElement[bool]:
    """Whether the last day is over."""
    passed: ColumnElement[bool] = r.c.submitted_on.bool_op("<@")(_dates_over(name))
    return passed


def is_overdue(r: FromClause) -> ColumnElement[bool]:
    """Whether the day for a reply has passed and nobody has answered, though somebody had to."""
    return and_(r.c.answered_on.is_(None), has_passed(r, PolicyName.REPLY_DAYS), is_to_be_handled(r))


def is_seen_late(r: FromClause) -> ColumnElement[bool]:
    """Whether a head saw it after the last day for that, or that day has passed unseen, though somebody had to see it."""
    late = and_(r.c.seen_on.is_not(None), r.c.seen_on > due_on(r, PolicyName.SEEN_DAYS))
    return or_(late, and_(r.c.seen_on.is_(None), has_passed(r, PolicyName.SEEN_DAYS), is_to_be_handled(r)))


def is_to_be_handled(r: FromClause) -> ColumnElement[bool]:
    """Whether it counts, nobody has hidden it, and there is an organization that could answer.

    The closed ones are few: they are listed once, and not looked up for each review.
    """
    o = Organization.__table__.alias()
    closed = select(o.c.id).where(~filters.is_open(o))
    return and_(
        r.c.status == SubmissionStatus.COUNTED, r.c.state != ReviewState.HIDDEN, r.c.organization_id.not_in(closed)
    )


def _dates_over(name: PolicyName) -> ColumnElement[Any]:
    """The dates whose last day is over, worked out once in a statement: to hold a date against them is cheap.

    Those that came longer ago than a policy can allow are over anyway.
    """
    most = RULES[name].most
    moment = (
        func.generate_series(
            cast(today() - most, DateTime()), cast(today() - 1, DateTime()), literal_column("interval '1 day'")
        )
        .table_valued("at")
        .render_derived()
    )
    day = cast(moment.c.at, Date())
    recent = select(func.daterange(day, day + 1).label("span")).where(day + policies.whole_on(name, day) < today())
    every = union_all(select(func.daterange(null(), today() - most).label("span")), recent).subquery()
    return select(func.range_agg(every.c.span)).scalar_subquery()
