"""Credibility: a mean shrunk toward its set's where few submissions stand behind it.

With C the prior (a policy, a number of submissions), m the mean of all the set's marks, n and S the
number and the sum of an organization's marks, its value is (C m + S) / (C + n), which is the same as
Z S/n + (1 - Z) m with Z = n / (n + C). That is the credibility estimate of H. Bühlmann, "Experience
Rating and Credibility", ASTIN Bulletin 4 (1967), pages 199-207, whose C is the variance within
organizations divided by that between them; IMDb's "weighted rating" of its Top 250 is the same.

In integers: with D = 720720, and M and N the sum and the number of the set's marks, the value in
hundredths, rounded half up, is

    floor((P + 200 S + D (C + n)) / (2 D (C + n)))    with    P = floor(200 C M / N)

Flooring the set's part first changes nothing, as everything else there is whole. So each
organization takes bigints only: 200 S is at most 7.3e8 n, and P at most 7.3e8 C. P itself is worked
out once a set, in numeric, whose div is exact: the product C M has no bound that bigint would hold.
"""

from typing import Any

from sqlalchemy import BigInteger, FromClause, Integer, case, cast, func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models.submissions import MARK_UNITS


def prior_of(counted: FromClause, prior: ColumnElement[int]) -> CTE:
    """The one row that all organizations of a set are drawn toward, from the tallies of the set.

    `prior` is C, which is given, `mark_sum` and `submissions` are M and N, `pull` is P; null where there is no mark.
    Withheld tallies are left out: the set's mean must not tell what they are.
    """
    told = select(
        prior.label("prior"),
        func.sum(counted.c.mark_sum).label("mark_sum"),
        func.sum(counted.c.submissions).label("submissions"),
    ).where(~counted.c.withheld)
    sums = told.subquery()
    pull = func.div(200 * sums.c.prior * sums.c.mark_sum, func.nullif(sums.c.submissions, 0))
    query = select(*sums.c, cast(pull, BigInteger).label("pull"))
    return query.cte().prefix_with("MATERIALIZED", dialect="postgresql")


def value(tally: FromClause, prior: FromClause) -> ColumnElement[Any]:
    """The value of a tally in hundredths; null without submissions."""
    weight = prior.c.prior + tally.c.submissions
    units = prior.c.pull + 200 * tally.c.mark_sum + MARK_UNITS * weight
    return case((tally.c.submissions > 0, cast(units // (2 * MARK_UNITS * weight), Integer)))
