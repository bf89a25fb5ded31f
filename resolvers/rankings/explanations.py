"""Explanations: the numbers that a rank's value is made of, which add up to it.

`k` is the row of a rank. With C the prior, which is 0 for a mean, M and N the sum and the number of
the set's marks, and S and n those of the organization, the value is (C M/N + S) / (C + n), or
(C M + S N) / (N D (C + n)) with sums in units of 1/D.
"""

from sqlalchemy import FromClause, Numeric, cast, func

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models.submissions import MARK_UNITS
from resolvers.columns import own
from resolvers.fractions import fraction


def of_rank(k: FromClause, a: Arguments) -> Rows:
    """The explanation of a rank; none where there is no value."""
    return Rows(k, present=k.c.value)


method = own("method")
submissions = own("submissions")
prior = own("prior")
set_submissions = own("set_submissions")
value = own("value")


def mark_sum(k: FromClause, a: Arguments) -> Rows:
    return fraction(k, k.c.mark_sum, cast(MARK_UNITS, Numeric))


def mean(k: FromClause, a: Arguments) -> Rows:
    return fraction(k, k.c.mark_sum, MARK_UNITS * k.c.submissions)


def set_mean(k: FromClause, a: Arguments) -> Rows:
    return fraction(k, k.c.set_mark_sum, MARK_UNITS * k.c.set_submissions)


def weight(k: FromClause, a: Arguments) -> Rows:
    """How much of the value is the organization's own mean, 0 to 1; the rest is the set's."""
    return fraction(k, k.c.submissions, k.c.submissions + k.c.prior)


def exact(k: FromClause, a: Arguments) -> Rows:
    """The value before it is rounded."""
    others, marks = cast(func.coalesce(k.c.set_submissions, 1), Numeric), func.coalesce(k.c.set_mark_sum, 0)
    whole = others * MARK_UNITS * (k.c.prior + k.c.submissions)
    return fraction(k, k.c.prior * marks + k.c.mark_sum * others, whole)
