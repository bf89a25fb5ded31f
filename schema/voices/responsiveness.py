"""How an organization answers what is said of it."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.voices import figures
from schema.enums.organizations import Hierarchy
from schema.enums.ratings import Scope
from schema.fields import Column, Decimals, FromPlan, Object, argument, computed, field
from schema.scalars import Date, Decimal
from schema.voices.loops import ComplaintCounts


@strawberry.type(
    description="How an organization, or all of its subtree, answers reviews: public, as its rating is. Reviews are counted"
    " for the day on which they came, those of submissions that count and that no moderator has hidden, whether they are"
    " published or only for the organization."
)
class Responsiveness:
    reviews: int = field(Column(figures.reviews), "How many reviews there are.")
    seen: int = field(Column(figures.seen), "How many of them a head has marked as seen.")
    answered: int = field(Column(figures.answered), "How many were answered.")
    answered_in_time: int = field(
        Column(figures.in_time), "How many were answered within the days of the policy `REPLY_DAYS`."
    )
    overdue: int = field(
        Column(figures.overdue),
        "How many were not answered though these days have passed, of organizations that are open.",
    )
    rate: Decimal | None = field(
        Decimals(figures.share, 4),
        "The response rate: `answered` / (`answered` + `overdue`), 0.0000 to 1.0000, rounded half up. Those whose time has"
        " not passed do not lower it. Null where there is none of both.",
    )
    median_days: int | None = field(
        Column(figures.median_days),
        "Within how many days half of the answered ones were answered (the lower median): whole days from the date of"
        " the review to that of the first reply. Null where none was answered.",
    )
    acted_on: int = field(Column(figures.acted_on), "Because of how many of them something was done.")
    settled: int = field(Column(figures.settled), "How many authors say that the matter is settled.")
    unsettled: int = field(Column(figures.unsettled), "How many say that it is not.")


@strawberry.type
class Answering:
    @computed(
        Object(figures.of_organization),
        "How it answers what is said of it: its response rate, its time to answer, what came of it.",
    )
    def responsiveness(
        self,
        from_: Annotated[Date | None, argument("The first date of reviews.", name="from")] = UNSET,
        to: Annotated[Date | None, argument("The last date of reviews, inclusive.")] = UNSET,
        scope: Annotated[Scope | None, argument("Whose reviews are counted.")] = Scope.OWN,
        hierarchy: Annotated[Hierarchy | None, argument("Which tree is meant.")] = Hierarchy.SUBORDINATION,
    ) -> Responsiveness:
        raise FromPlan

    @computed(
        Object(figures.complaints_of_organization),
        "Complaints about its reviews and its replies to them, by the days on which the reviews came.",
    )
    def complaints(
        self,
        from_: Annotated[Date | None, argument("The first date of reviews.", name="from")] = UNSET,
        to: Annotated[Date | None, argument("The last date of reviews, inclusive.")] = UNSET,
        scope: Annotated[Scope | None, argument("Whose reviews are counted.")] = Scope.OWN,
        hierarchy: Annotated[Hierarchy | None, argument("Which tree is meant.")] = Hierarchy.SUBORDINATION,
    ) -> ComplaintCounts:
        raise FromPlan
