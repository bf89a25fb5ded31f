"""The viewer's budget: how much may be asked in a minute."""

import strawberry

from resolvers.accounts import budgets
from schema.fields import Column, Object, field


@strawberry.type(
    description="What operations may cost the viewer. A field that answers with an object costs a point, or what its"
    " `@cost` says; what is below a list costs as often as the list is long at most. docs/limits.md tells more."
)
class RateLimit:
    cost: int = field(Column(budgets.cost), "The points that this operation costs.")
    limit: int | None = field(
        Column(budgets.limit),
        "The points that there are for each minute, by the clock: for an account, another system, or an address"
        " from which strangers ask; null for no limit.",
    )
    remaining: int | None = field(
        Column(budgets.remaining), "How many of them are left, this operation paid; null for no limit."
    )
    seconds: int | None = field(
        Column(budgets.seconds), "In how many seconds there are new ones, 1 to 60; null for no limit."
    )


@strawberry.type
class Budgeted:
    rate_limit: RateLimit = field(
        Object(budgets.of_viewer), "What this operation costs, and how much more the viewer may ask for in this minute."
    )
