"""Ratings and summaries."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from resolvers.languages import translated
from resolvers.ratings import breakdowns, histories, ratings, summaries
from schema.catalogue.criteria import Criterion, InLanguage
from schema.enums.ratings import Dimension, Interval
from schema.fields import Column, Decimals, FromPlan, Object, Objects, argument, computed, field
from schema.scalars import Date, Decimal

if TYPE_CHECKING:
    from schema.organizations.organizations import Organization

By = Annotated[
    list[Dimension],
    argument(
        "One to three different dimensions, at most one of them of time. They stand in this order in the keys of a"
        " cell, and the cells are sorted by them in this order."
    ),
]
Cells = Annotated[
    int | None, argument("How many cells at most, 1 to 1,000, from the first on; narrow the slice to see the others.")
]
Every = Annotated[Interval, argument("The length of the intervals.")]


@strawberry.type(description="How many submissions have a mark that rounds to a whole number.")
class MarkCount:
    mark: int = field(Column(ratings.mark), "1 to 5; marks are rounded half up.")
    submissions: int = field(Column(ratings.submissions), "How many.")


@strawberry.type(description="The rating by one criterion.")
class CriterionRating:
    criterion: Criterion = field(Object(ratings.criterion), "The criterion.")
    value: Decimal | None = field(Decimals(ratings.value, 2), "The mean of its scores, 1.00 to 5.00, rounded half up.")
    submissions: int = field(Column(ratings.submissions), "How many submissions scored it.")


@strawberry.type(
    description="A rating over a slice: the mean of the marks of all counted submissions in it. A"
    " submission's mark is the mean of the scores of all criteria in it. Sums are exact; the value"
    " is rounded once: floor((200 S + N D) / (2 N D)) / 100 with D = 720720, S the sum of marks in"
    " 1/D, N their number."
)
class Rating:
    value: Decimal | None = field(
        Decimals(ratings.value, 2),
        "1.00 to 5.00, rounded half up to two decimals; null without submissions.",
    )
    submissions: int = field(Column(ratings.submissions), "How many submissions are counted.")
    raters: int = field(Column(ratings.raters), "How many distinct raters they come from; 0 where it is withheld.")
    satisfaction: Decimal | None = field(
        Decimals(ratings.satisfaction, 4),
        "Share of submissions with a mark of 4 or more (a policy with dates: each submission is held"
        " to what it was when it was made), 0.0000 to 1.0000, rounded half up; null without submissions.",
    )
    withheld: bool = field(
        Column(ratings.withheld),
        "True where a slice by service, channel or kind of rater, or by days that are not whole months,"
        " would tell of fewer raters than a policy (5) asks for: those behind it, those of the rest of the"
        " same period or of the months that it cuts, or those of another value of its conditions that"
        " could be told from it by subtraction. Then value and satisfaction are null, raters 0 and the"
        " lists empty: only `submissions` is told. Never true of all time, of whole months, or of nothing.",
    )
    by_criterion: list[CriterionRating] = field(
        Objects(ratings.by_criterion),
        "One for each criterion that was scored, in their order; in a slice by service, channel or kind"
        " of rater, for each that at least 5 submissions (a policy) scored.",
    )
    marks: list[MarkCount] = field(Objects(ratings.marks), "Marks from 1 to 5; their numbers add up to `submissions`.")


HISTORY = (
    "Its rating by intervals of the portal's calendar, in order: from the slice's first date, or else from the first"
    " submission that counts, to its last date, or else to today. Empty intervals are there, too; the first and the last"
    " one end with the slice. At most 400 points. Periods are computed on today's trees."
)


@strawberry.type(description="The rating in one interval of a history.")
class RatingPoint:
    from_: Date = field(Column(histories.begins), "The interval's first day in the slice.", name="from")
    to: Date = field(Column(histories.ends), "Its last day in the slice, inclusive.")
    rating: Rating = field(
        Object(histories.rating),
        "The rating over the interval. A day or a week is withheld like any other period that is not made of whole"
        " months; so that it cannot be told from its month less the others, the next smallest of the month is"
        " withheld with it where too few raters stand behind those that are withheld there.",
    )


@strawberry.type(description="What one cell of a breakdown stands for in one dimension.")
class CellKey:
    dimension: Dimension = field(Column(breakdowns.dimension), "The dimension.")
    code: str = field(
        Column(breakdowns.code),
        "The code of the organization, sphere, criterion and so on, the name of the enumeration's value,"
        " or the interval's first day as `2026-10-01`; `-` for what was not told.",
    )
    organization: Annotated["Organization", strawberry.lazy("schema.organizations.organizations")] | None = field(
        Object(breakdowns.organization), "The organization, in the dimension SUBORDINATE; null in others."
    )

    @computed(Column(translated("name")), "Its name, or the interval's: `Q4 2026`, `2026-W47`.")
    def label(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.type(
    description="One cell of a breakdown: a key for each dimension, in order. It has submissions: what nobody rated is"
    " not there. By service, category, channel, kind of rater, day or week, or over a slice by these or of parts of"
    " months, a cell is withheld that has fewer raters than a policy (5) asks for, or whose slice would be. So that it"
    " cannot be told from the whole less the other cells, another one is withheld with it, the next smallest that"
    " differs in one key only. Which cells are withheld does not depend on `first`, on the order of the dimensions, or"
    " on which channels, services, kinds of raters or days a slice picks of those that the cells are by."
)
class Cell:
    keys: list[CellKey] = field(Objects(breakdowns.keys), "What the cell stands for, in the order of `by`.")
    rating: Rating = field(Object(breakdowns.rating), "The rating of the cell.")


@strawberry.type(description="A set of organizations as one.")
class Summary:
    organizations: int = field(Column(summaries.organizations), "How many the set has.")
    rated: int = field(Column(summaries.rated), "How many of them have been rated.")
    rating: Rating = field(Object(summaries.rating), "All their own submissions, pooled.")

    @computed(Objects(histories.of_summary), HISTORY)
    def history(self, interval: Every) -> list[RatingPoint]:
        raise FromPlan

    @computed(
        Objects(breakdowns.of_summary),
        "The rating by dimensions: a cell for each combination of keys that has submissions.",
    )
    def breakdown(self, by: By, first: Cells = 100) -> list[Cell]:
        raise FromPlan
