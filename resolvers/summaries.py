"""Summaries: a set of organizations as one."""

from sqlalchemy import FromClause, Integer, cast, func, select, true

from engine.arguments import Arguments
from engine.fields import Rows
from models.organizations import Organization
from resolvers import filters, slices, tallies
from resolvers.columns import own


def summary(_: None, a: Arguments) -> Rows:
    """The set's organizations, and the tally of their own submissions together."""
    slice_ = slices.parsed(a.slice)
    o = Organization.__table__.alias()
    tally = tallies.of_set(lambda o: filters.conditions(o, a.among), slice_)
    rated = func.count().filter(tallies.is_rated(o, slice_))
    counted = select(cast(func.count(), Integer).label("organizations"), cast(rated, Integer).label("rated"))
    numbers = counted.where(*filters.conditions(o, a.among)).subquery()
    return Rows(select(tally, numbers).select_from(tally.join(numbers, true())).lateral())


organizations = own("organizations")
rated = own("rated")


def rating(s: FromClause, a: Arguments) -> Rows:
    return Rows(s)
