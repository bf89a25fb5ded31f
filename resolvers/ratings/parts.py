"""Parts: what was said, divided by the values of the one column that a slice asks about, each with its raters.

It may ask for a service, a channel, a kind of rater or the visit. One pass over its parts tells whether few people would be told
by such a slice. `resolvers.ratings.protection` says that of several conditions, too, by comparing more.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    FromClause,
    Select,
    any_,
    case,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.elements import ColumnElement

from models import policies
from models.policies import PolicyName

Columns = Mapping[str, ColumnElement[Any]]


def by_rater(s: FromClause, query: Select[Any], name: str, sums: Columns) -> FromClause:
    """The parts of a query of submissions by the values of a column: the number of `raters`, their `ids`, and sums.

    `least` is how many raters it takes (k). Sums are those of each rater added up.
    """
    of_rater = [each.label(key) for key, each in sums.items()]
    pair = query.with_only_columns(s.c[name], s.c.rater_id, *of_rater).group_by(s.c[name], s.c.rater_id).lateral()
    k = select(policies.whole(PolicyName.SMALL_GROUP_RATERS)).scalar_subquery()
    part = select(
        pair.c[name],
        func.count().label("raters"),
        func.array_agg(pair.c.rater_id, type_=ARRAY(BigInteger())).label("ids"),
        cast(k, BigInteger).label("least"),
        *(cast(func.sum(pair.c[key]), BigInteger).label(key) for key in sums),
    )
    return part.group_by(pair.c[name]).lateral()


def seen_through(part: FromClause, name: str, fits: ColumnElement[bool]) -> Select[Any]:
    """All parts in one row: of those with few raters, and of the others from the fewest raters on, whether each fits.

    `few` and `enough` are these lists, null where there is none; `ids` are the raters of those with few, as often as
    they are in one of them; `least` is k.
    """
    flags, is_few = ARRAY(Boolean()), part.c.raters < part.c.least
    in_order = aggregate_order_by(fits, part.c.raters, part.c[name])
    columns: Columns = {
        "few": func.array_agg(fits, type_=flags).filter(is_few),
        "enough": func.array_agg(in_order, type_=flags).filter(not_(is_few)),
        "ids": func.ids_together(part.c.ids, type_=ARRAY(BigInteger())).filter(is_few),
        "least": func.min(part.c.least),
    }
    return select(*(each.label(key) for key, each in columns.items()))


def is_told(seen: FromClause) -> ColumnElement[bool]:
    """Whether a slice would tell few raters, by what is `seen_through` of its parts.

    Hidden are the parts of few raters, and where these are few together the next one. A slice would tell them if it
    takes in some but not all of what is hidden; or if what it takes in, or leaves, is nothing else.
    """
    fits = seen.c.few[1]
    one = func.unnest(seen.c.ids).table_valued("id").render_derived()
    raters = select(func.count(one.c.id.distinct())).select_from(one).scalar_subquery()
    return case(
        (seen.c.few.is_(None), false()),
        # Some of them fit, and some do not.
        (fits != any_(seen.c.few), true()),
        # The next one is on their side, and has enough raters.
        (seen.c.enough[1].is_not_distinct_from(fits), false()),
        else_=or_(func.cardinality(seen.c.ids) < seen.c.least, raters < seen.c.least),
    )
