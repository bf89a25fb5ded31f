"""Summaries: a set of organizations as one."""

from sqlalchemy import FromClause

from engine.arguments import Arguments
from engine.fields import Rows
from resolvers import filters
from resolvers.columns import own
from resolvers.ratings import pooled
from resolvers.slices import all_time


def summary(_: None, a: Arguments) -> Rows:
    """The set's organizations and their own submissions, pooled."""
    all_time(a.slice)
    return Rows(pooled(lambda o: filters.conditions(o, a.among)))


organizations = own("organizations")
rated = own("rated")


def rating(s: FromClause, a: Arguments) -> Rows:
    return Rows(s)
