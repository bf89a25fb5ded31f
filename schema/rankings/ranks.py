"""Ranks and rankings."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import fractions
from resolvers.rankings import explanations, movements, rankings, ranks
from resolvers.ratings import editions, ratings
from schema.catalogue.criteria import Criterion
from schema.connections import PageInfo
from schema.enums.rankings import NotRankedReason, RankingMethod, RankingOrder
from schema.fields import Column, Decimals, Object, argument, field
from schema.ratings.editions import EditionOrganization
from schema.ratings.ratings import Rating
from schema.scalars import Date, Decimal

if TYPE_CHECKING:
    from schema.organizations.organizations import Organization

Method = Annotated[RankingMethod | None, argument("By what organizations are ranked.")]
MinRaters = Annotated[
    int | None,
    argument("The least number of raters within the slice, 0 to 1,000,000; it can only raise the policy's number."),
]
ComparedTo = Annotated[
    Date | None,
    argument(
        "An earlier date to compare positions with: the same set, as it would have been ranked by the submissions up"
        " to and including that date. Statuses of submissions, trees and policies are those of now. Not before"
        " `slice.from`, nor after `slice.to`. Best the last day of a month: on another day, those are not ranked who had"
        " too few raters in the days of that month before or after it (see `Rating.withheld`)."
    ),
]
RankedBy = Annotated[RankingOrder | None, argument("In which order; by change needs `comparedTo`.")]


@strawberry.type(description="An exact fraction in lowest terms.")
class Fraction:
    numerator: Decimal = field(Column(fractions.numerator), "A whole number.")
    denominator: Decimal = field(Column(fractions.denominator), "A whole number above 0.")
    decimal: Decimal = field(
        Decimals(fractions.millionths, fractions.DECIMALS), "The same to six places, rounded half up, to be read."
    )


@strawberry.type(
    description="How a rank's value comes about: `exact` = `weight` x `mean` + (1 - `weight`) x `setMean`, where"
    " `mean` = `sum` / `submissions` and `weight` = `submissions` / (`submissions` + `prior`). `value` is `exact`"
    " rounded half up to two decimals: floor(100 x `exact` + 1/2) / 100."
)
class RankExplanation:
    method: RankingMethod = field(Column(explanations.method), "By what the set is ranked.")
    submissions: int = field(Column(explanations.submissions), "n: how many submissions of it are counted.")
    sum: Fraction = field(Object(explanations.mark_sum), "S: the sum of their marks.")
    mean: Fraction = field(Object(explanations.mean), "S/n: the mean of their marks.")
    prior: int = field(
        Column(explanations.prior),
        "C: how many submissions with the set's mean are thought of beside its own, a policy; 0 for `MEAN`.",
    )
    set_submissions: int | None = field(
        Column(explanations.set_submissions),
        "How many submissions the set's mean is made of; null for `MEAN`. In the scope `SUBTREE` a submission counts"
        " for each organization of the set that it belongs to. Withheld organizations are left out.",
    )
    set_mean: Fraction | None = field(
        Object(explanations.set_mean), "m: the mean of the marks of all these; null for `MEAN`."
    )
    weight: Fraction = field(Object(explanations.weight), "Z = n / (n + C): the weight of its own mean, 0 to 1.")
    exact: Fraction = field(Object(explanations.exact), "The value before it is rounded.")
    value: Decimal = field(Decimals(explanations.value, 2), "The published value.")


@strawberry.type(description="A place in a competition ranking (1, 2, 2, 4) by the published value.")
class Rank:
    position: int | None = field(Column(ranks.position), "From 1; null where it is not ranked.")
    not_ranked: NotRankedReason | None = field(Column(ranks.not_ranked), "Why it is not ranked; null where it is.")
    raters_missing: int | None = field(
        Column(ranks.raters_missing),
        "How many more distinct raters it takes to be ranked; null where it is ranked, closed or not in the set,"
        " and where the slice is withheld, whose number of raters is not told.",
    )
    out_of: int = field(Column(ranks.out_of), "How many organizations of the set are ranked.")
    tied: int = field(Column(ranks.tied), "How many share the position, itself included; 0 where not ranked.")
    value: Decimal | None = field(
        Decimals(ranks.value, 2),
        "The value that it is ranked by, or would be with more raters; null where it does not belong to the set,"
        " without submissions, and where the slice is withheld.",
    )
    previous: int | None = field(
        Column(ranks.previous),
        "The position at `comparedTo`; null without that date, and where it was not ranked then.",
    )
    change: int | None = field(
        Column(ranks.change),
        "Positions gained (positive) or lost (negative) since `comparedTo`; null where one of the two is missing.",
    )
    explain: RankExplanation | None = field(
        Object(explanations.of_rank), "The numbers that add up to `value`; null where there is none."
    )


@strawberry.type(description="How far the mean of one criterion moved between two dates.")
class CriterionMovement:
    criterion: Criterion = field(Object(ratings.criterion), "The criterion.")
    previous: Decimal = field(Decimals(movements.previous, 2), "The mean of its scores then, rounded half up.")
    value: Decimal = field(Decimals(movements.value, 2), "The mean of its scores now, rounded half up.")
    change: Decimal = field(
        Decimals(movements.change, 2),
        "The exact difference, rounded once (halves away from zero): it can differ by 0.01 from that of the two.",
    )


@strawberry.type(description="An organization in a ranking.")
class RankingEntry:
    organization: Annotated["Organization", strawberry.lazy("schema.organizations.organizations")] = field(
        Object(rankings.organization), "The organization."
    )
    rank: Rank = field(Object(ranks.of_entry), "Its rank.")
    rating: Rating = field(Object(rankings.rating), "Its rating over the ranking's slice and scope.")
    as_published: EditionOrganization | None = field(
        Object(editions.of_entry), "How it stood on the register in the edition that is asked; null without one."
    )
    moved_most: CriterionMovement | None = field(
        Object(movements.moved_most),
        "Why it rose or fell: the criterion whose mean changed most since `comparedTo`, of those scored both then and"
        " now; null without that date, where none changed, and where one of the two is withheld.",
    )


@strawberry.type(description="A row of a ranking.")
class RankingEdge:
    cursor: str = strawberry.field(description="Where the row stands: for `after` and `before`.")
    node: RankingEntry = strawberry.field(description="The entry.")


@strawberry.type(
    description="A ranking in pages; those that are not ranked come last. A page is of one moment, and each position as of"
    " then. An organization whose value changes before the next page is asked can be met again there, or missed: in an"
    " edition (`slice: {edition:}`) nothing changes any more."
)
class RankingConnection:
    edges: list[RankingEdge] = strawberry.field(description="The rows with their cursors.")
    nodes: list[RankingEntry] = strawberry.field(description="The entries alone.")
    page_info: PageInfo = strawberry.field(description="What the page tells of the list.")
    total_count: int = strawberry.field(description="How many there are on all pages, the unranked included.")
